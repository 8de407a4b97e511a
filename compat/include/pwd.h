/* <pwd.h>: the one user. */
#ifndef COMPAT_PWD_H
#define COMPAT_PWD_H

#include <bits/crt.h>
#include <bits/sym.h>
#include <sys/types.h>

struct passwd {
	char *pw_name;		/* NT's user name, UTF-8 */
	char *pw_passwd;	/* "x" */
	uid_t pw_uid;		/* 0 */
	gid_t pw_gid;		/* 0 */
	char *pw_gecos;		/* "" */
	char *pw_dir;		/* $HOME, else $USERPROFILE */
	char *pw_shell;		/* what system() starts */
};

COMPAT_BEGIN_DECLS
/**
 * getpwuid(uid), getpwnam(name):
 * The entry of the user whose process this is; there is no other.  It lasts
 * until the next call of one of the two, in any thread.
 *
 * Return NULL with errno as it was when there is no such user, or NULL with
 * errno set to ENOMEM or to what NT says.
 *
 * getpwuid_r(uid, pw, buf, size, result), getpwnam_r(name, ...):
 * The same, with the strings in buf.  sysconf(_SC_GETPW_R_SIZE_MAX) says how
 * large that should be.
 *
 * Return 0 with *result pw, or NULL when there is no such user; or ERANGE (buf
 * is too small), ENOMEM or what NT says.
 *
 * Source:	POSIX.1-2024.
 * Limits:	LIM-PROC-10.
 */
struct passwd *getpwuid(uid_t) COMPAT_SYM(getpwuid);
struct passwd *getpwnam(const char *) COMPAT_SYM(getpwnam);
int getpwuid_r(uid_t, struct passwd *, char *, size_t, struct passwd **)
    COMPAT_SYM(getpwuid_r);
int getpwnam_r(const char *, struct passwd *, char *, size_t,
    struct passwd **) COMPAT_SYM(getpwnam_r);
COMPAT_END_DECLS

#endif
