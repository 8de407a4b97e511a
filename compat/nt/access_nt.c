#include "nt/access_nt.h"

#include <stdint.h>
#include <string.h>

#include "nt/calls_nt.h"
#include "nt/errmap.h"

struct list {
	SECURITY_ATTRIBUTES sa;
	SECURITY_DESCRIPTOR sd;
	union {
		ACL acl;
		unsigned char room[sizeof(ACL) +
		    2 * (sizeof(ACCESS_ALLOWED_ACE) + SECURITY_MAX_SID_SIZE)];
	} a;
};

static struct list lists[3];
static union {
	TOKEN_USER user;
	unsigned char room[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
} me;
static INIT_ONCE once = INIT_ONCE_STATIC_INIT;

static SID local_system = { SID_REVISION, 1, { SECURITY_NT_AUTHORITY },
    { SECURITY_LOCAL_SYSTEM_RID } };

static BOOL
fill(struct list *l, DWORD flags, SID *user)
{
	l->sa.nLength = sizeof(l->sa);
	l->sa.lpSecurityDescriptor = &l->sd;
	return InitializeAcl(&l->a.acl, sizeof(l->a), ACL_REVISION) &&
	    AddAccessAllowedAceEx(&l->a.acl, ACL_REVISION, flags,
	    FILE_ALL_ACCESS, user) &&
	    AddAccessAllowedAceEx(&l->a.acl, ACL_REVISION, flags,
	    FILE_ALL_ACCESS, &local_system) &&
	    InitializeSecurityDescriptor(&l->sd,
	    SECURITY_DESCRIPTOR_REVISION) &&
	    SetSecurityDescriptorDacl(&l->sd, TRUE, &l->a.acl, FALSE) &&
	    SetSecurityDescriptorControl(&l->sd, SE_DACL_PROTECTED,
	    SE_DACL_PROTECTED);
}

static BOOL CALLBACK
make(INIT_ONCE *o, void *arg, void **context)
{
	HANDLE token;
	DWORD n;
	BOOL ok;

	(void)o;
	(void)arg;
	(void)context;
	if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
		return FALSE;
	ok = GetTokenInformation(token, TokenUser, &me, sizeof(me), &n) &&
	    fill(&lists[NT_FILE], 0, me.user.User.Sid) &&
	    fill(&lists[NT_DIRECTORY], OBJECT_INHERIT_ACE |
	    CONTAINER_INHERIT_ACE, me.user.User.Sid) &&
	    fill(&lists[NT_OBJECT], 0, me.user.User.Sid) &&
	    SetSecurityDescriptorOwner(&lists[NT_OBJECT].sd,
	    me.user.User.Sid, FALSE);
	n = GetLastError();
	(void)CloseHandle(token);
	SetLastError(n);
	return ok;
}

int
nt_user(PSID *sid)
{
	if (!InitOnceExecuteOnce(&once, make, NULL, NULL))
		return nt_errno(GetLastError());
	*sid = me.user.User.Sid;
	return 0;
}

int
nt_private(enum nt_private_kind kind, SECURITY_ATTRIBUTES **sa)
{
	PSID user;
	int err;

	if ((err = nt_user(&user)) == 0)
		*sa = &lists[kind].sa;
	return err;
}

/*
 * The owner, this user (an administrator's files belong to the group), SYSTEM
 * or BUILTIN\Administrators.
 */
static int
is_trusted(PSID sid, PSID owner)
{
	static struct {
		SID sid;
		DWORD more;
	} admins = { { SID_REVISION, 2, { SECURITY_NT_AUTHORITY },
	    { SECURITY_BUILTIN_DOMAIN_RID } }, DOMAIN_ALIAS_RID_ADMINS };

	return (owner != NULL && EqualSid(sid, owner)) ||
	    EqualSid(sid, me.user.User.Sid) ||
	    EqualSid(sid, &local_system) || EqualSid(sid, &admins.sid);
}

static int
logon_of(HANDLE process, LUID *logon)
{
	TOKEN_STATISTICS info;
	HANDLE token;
	DWORD n;
	BOOL ok;

	if (!OpenProcessToken(process, TOKEN_QUERY, &token))
		return 0;
	ok = GetTokenInformation(token, TokenStatistics, &info, sizeof(info),
	    &n);
	(void)CloseHandle(token);
	*logon = info.AuthenticationId;
	return ok;
}

int
nt_is_same_logon(HANDLE process)
{
	LUID here, there;

	return logon_of(GetCurrentProcess(), &here) &&
	    logon_of(process, &there) && here.LowPart == there.LowPart &&
	    here.HighPart == there.HighPart;
}

int
nt_owner_is_trusted(HANDLE h)
{
	union {
		SECURITY_DESCRIPTOR sd;
		unsigned char room[sizeof(SECURITY_DESCRIPTOR) +
		    SECURITY_MAX_SID_SIZE];
	} u;
	BOOL defaulted;
	PSID owner, user;
	DWORD n;

	return nt_user(&user) == 0 &&
	    GetKernelObjectSecurity(h, OWNER_SECURITY_INFORMATION, &u.sd,
	    sizeof(u), &n) &&
	    GetSecurityDescriptorOwner(&u.sd, &owner, &defaulted) &&
	    owner != NULL && is_trusted(owner, NULL);
}

static int
lets_others_in(ACL *acl, PSID owner)
{
	ACCESS_ALLOWED_ACE *ace;
	void *p;
	DWORD i;

	for (i = 0; i < acl->AceCount; i++) {
		if (!GetAce(acl, i, &p))
			return 1;
		ace = p;
		if (ace->Header.AceFlags & INHERITED_ACE)
			return 1;
		if (ace->Header.AceType == ACCESS_DENIED_ACE_TYPE)
			continue;
		if (ace->Header.AceType != ACCESS_ALLOWED_ACE_TYPE ||
		    !is_trusted(&ace->SidStart, owner))
			return 1;
	}
	return 0;
}

int
nt_is_private(HANDLE h)
{
	union {
		SECURITY_DESCRIPTOR sd;
		unsigned char room[512];
	} u;
	BOOL present, defaulted;
	PSID owner, user;
	ACL *acl;
	DWORD n;

	/* One that does not fit has more entries than ours ever has. */
	return nt_user(&user) == 0 &&
	    GetKernelObjectSecurity(h, OWNER_SECURITY_INFORMATION |
	    DACL_SECURITY_INFORMATION, &u.sd, sizeof(u), &n) &&
	    GetSecurityDescriptorOwner(&u.sd, &owner, &defaulted) &&
	    GetSecurityDescriptorDacl(&u.sd, &present, &acl, &defaulted) &&
	    present && acl != NULL && !lets_others_in(acl, owner);
}

static int
set_errno(DWORD code)
{
	switch (code) {
	case ERROR_ACCESS_DENIED:
	case ERROR_INVALID_FUNCTION:
	case ERROR_NOT_SUPPORTED:
		return EPERM;
	default:
		return nt_errno(code);
	}
}

/* This call, and only this one, sees to what inherits. */
static DWORD
set_inheriting(HANDLE h, ACL *acl, DWORD protection)
{
	return SetSecurityInfo(h, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION |
	    protection, NULL, NULL, acl, NULL);
}

int
nt_set_private(HANDLE h, int is_directory, int private)
{
	SECURITY_ATTRIBUTES *sa = NULL;
	ACL none;
	DWORD code = 0;
	int err;

	if ((err = nt_private(is_directory ? NT_DIRECTORY : NT_FILE, &sa)) != 0)
		return err;
	if (!private) {
		(void)InitializeAcl(&none, sizeof(none), ACL_REVISION);
		return set_errno(set_inheriting(h, &none,
		    UNPROTECTED_DACL_SECURITY_INFORMATION));
	}
	/* Wine inherits whatever is said, so the list itself comes last. */
	if (is_directory)
		code = set_inheriting(h, &lists[NT_DIRECTORY].a.acl,
		    PROTECTED_DACL_SECURITY_INFORMATION);
	if (code == 0 && !SetKernelObjectSecurity(h, DACL_SECURITY_INFORMATION |
	    PROTECTED_DACL_SECURITY_INFORMATION, sa->lpSecurityDescriptor))
		code = GetLastError();
	return set_errno(code);
}
