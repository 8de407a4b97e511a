#include "nt/private_nt.h"

#include <string.h>
#include <wchar.h>

#include "nt/access_nt.h"

static BOOL
get_user(struct private_access *p)
{
	PSID sid;

	return nt_user(&sid) == 0 &&
	    CopySid(sizeof(p->user), &p->user.sid, sid);
}

/*
 * The owner is named: that of what an administrator makes would be the group
 * of the administrators.
 */
BOOL
private_access_init(struct private_access *p)
{
	p->sa.nLength = sizeof(p->sa);
	p->sa.lpSecurityDescriptor = &p->sd;
	p->sa.bInheritHandle = FALSE;
	return get_user(p) &&
	    InitializeAcl(&p->list.acl, sizeof(p->list), ACL_REVISION) &&
	    AddAccessAllowedAce(&p->list.acl, ACL_REVISION, GENERIC_ALL,
	    &p->user.sid) &&
	    InitializeSecurityDescriptor(&p->sd,
	    SECURITY_DESCRIPTOR_REVISION) &&
	    SetSecurityDescriptorOwner(&p->sd, &p->user.sid, FALSE) &&
	    SetSecurityDescriptorDacl(&p->sd, TRUE, &p->list.acl, FALSE) &&
	    SetSecurityDescriptorControl(&p->sd, SE_DACL_PROTECTED,
	    SE_DACL_PROTECTED);
}

BOOL
private_is_owner(struct private_access *p, HANDLE object)
{
	union {
		SECURITY_DESCRIPTOR sd;
		unsigned char room[sizeof(SECURITY_DESCRIPTOR) +
		    SECURITY_MAX_SID_SIZE];
	} s;
	BOOL defaulted;
	PSID owner;
	DWORD n;

	return GetKernelObjectSecurity(object, OWNER_SECURITY_INFORMATION, &s,
	    sizeof(s), &n) &&
	    GetSecurityDescriptorOwner(&s, &owner, &defaulted) &&
	    owner != NULL && EqualSid(owner, &p->user.sid);
}

void
private_user_text(const struct private_access *p, wchar_t *to, size_t n)
{
	const SID *sid = &p->user.sid;
	size_t used;
	int i;

	(void)swprintf(to, n, L"S-%u-%u", sid->Revision,
	    sid->IdentifierAuthority.Value[5]);
	for (i = 0; i < sid->SubAuthorityCount; i++) {
		used = wcslen(to);
		(void)swprintf(to + used, n - used, L"-%lu",
		    sid->SubAuthority[i]);
	}
}
