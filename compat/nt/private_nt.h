/* Access for the user whose process this is, and for nobody else. */
#ifndef NT_PRIVATE_NT_H
#define NT_PRIVATE_NT_H

#include "nt/nt.h"

struct private_access {
	SECURITY_ATTRIBUTES sa;
	SECURITY_DESCRIPTOR sd;
	union {
		SID sid;
		unsigned char room[SECURITY_MAX_SID_SIZE];
	} user;
	union {
		ACL acl;
		unsigned char room[sizeof(ACL) + sizeof(ACCESS_ALLOWED_ACE) +
		    SECURITY_MAX_SID_SIZE];
	} list;
};

/* The user owns what is made with p->sa, and has all access to it. */
BOOL private_access_init(struct private_access *p);

/* Is it this user who owns the object?  Another may have been faster. */
BOOL private_is_owner(struct private_access *p, HANDLE object);

/* The user as S-1-5-..., at most n units with the NUL. */
void private_user_text(const struct private_access *p, wchar_t *to, size_t n);

#endif
