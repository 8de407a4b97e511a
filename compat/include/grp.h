/* <grp.h>: the one user's group. */
#ifndef COMPAT_GRP_H
#define COMPAT_GRP_H

#include <bits/crt.h>
#include <bits/sym.h>
#include <sys/types.h>

struct group {
	char *gr_name;		/* as the user is called */
	char *gr_passwd;	/* "x" */
	gid_t gr_gid;		/* 0 */
	char **gr_mem;		/* nobody else: only the NULL */
};

COMPAT_BEGIN_DECLS
/**
 * getgrgid(gid), getgrnam(name), getgrgid_r(), getgrnam_r():
 * The group that the user is alone in; else as <pwd.h> says of users, with
 * sysconf(_SC_GETGR_R_SIZE_MAX).
 *
 * Source:	POSIX.1-2024.
 * Limits:	LIM-PROC-10.
 */
struct group *getgrgid(gid_t) COMPAT_SYM(getgrgid);
struct group *getgrnam(const char *) COMPAT_SYM(getgrnam);
int getgrgid_r(gid_t, struct group *, char *, size_t, struct group **)
    COMPAT_SYM(getgrgid_r);
int getgrnam_r(const char *, struct group *, char *, size_t, struct group **)
    COMPAT_SYM(getgrnam_r);

/**
 * setgroups(n, list), initgroups(user, gid):
 * Succeed when that is what the process is in already: no group, or group 0.
 * Return 0, or -1 with errno set to EPERM, or EINVAL (n is above NGROUPS_MAX).
 *
 * Source:	setgroups(2) and initgroups(3) of Linux.
 * Limits:	LIM-PROC-10.
 */
int setgroups(size_t, const gid_t *) COMPAT_SYM(setgroups);
int initgroups(const char *, gid_t) COMPAT_SYM(initgroups);
COMPAT_END_DECLS

#endif
