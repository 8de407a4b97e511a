/* Who and where a process is: a part of <unistd.h>. */
#ifndef COMPAT_BITS_IDS_H
#define COMPAT_BITS_IDS_H

#include <bits/sym.h>
#include <sys/types.h>

COMPAT_BEGIN_DECLS
/**
 * getuid(), geteuid(), getgid(), getegid():
 * 0, which is what st_uid and st_gid say of every file.  They never fail, and
 * 0 does not mean that NT refuses this process nothing.
 *
 * Source:	POSIX.1-2024.
 * Limits:	LIM-PROC-10.
 */
uid_t getuid(void) COMPAT_SYM(getuid);
uid_t geteuid(void) COMPAT_SYM(geteuid);
gid_t getgid(void) COMPAT_SYM(getgid);
gid_t getegid(void) COMPAT_SYM(getegid);

/**
 * setuid(uid), seteuid(uid), setreuid(), setresuid(), setgid(), setegid(),
 * setregid(), setresgid():
 * Become the user that one is, 0; where there are several numbers, -1 leaves
 * one alone.  Return 0, or -1 with errno set to EPERM (another number) or
 * EINVAL (-1 alone).
 *
 * getresuid(), getresgid(): three times 0.
 *
 * getgroups(n, list): the supplementary groups: none.  Return how many, or -1
 * with errno EINVAL for a negative n.
 *
 * Source:	POSIX.1-2024; setresuid(2) of Linux.
 * Limits:	LIM-PROC-10.
 */
int setuid(uid_t) COMPAT_SYM(setuid);
int seteuid(uid_t) COMPAT_SYM(seteuid);
int setreuid(uid_t, uid_t) COMPAT_SYM(setreuid);
int setresuid(uid_t, uid_t, uid_t) COMPAT_SYM(setresuid);
int setgid(gid_t) COMPAT_SYM(setgid);
int setegid(gid_t) COMPAT_SYM(setegid);
int setregid(gid_t, gid_t) COMPAT_SYM(setregid);
int setresgid(gid_t, gid_t, gid_t) COMPAT_SYM(setresgid);
int getresuid(uid_t *, uid_t *, uid_t *) COMPAT_SYM(getresuid);
int getresgid(gid_t *, gid_t *, gid_t *) COMPAT_SYM(getresgid);
int getgroups(int, gid_t *) COMPAT_SYM(getgroups);

/**
 * getlogin(), getlogin_r(buf, size):
 * NT's name of the user, in UTF-8.  getlogin() returns NULL with errno, and
 * getlogin_r() a number: ERANGE (buf is too small), ENOMEM or what NT says.
 *
 * Source:	POSIX.1-2024.
 */
char *getlogin(void) COMPAT_SYM(getlogin);
int getlogin_r(char *, size_t) COMPAT_SYM(getlogin_r);

/**
 * ttyname(fd), ttyname_r(fd, buf, size):
 * "/dev/tty": a process has one console.  NULL with errno, or a number: EBADF,
 * ENOTTY, ERANGE (buf is too small).
 *
 * tcgetpgrp(fd), tcsetpgrp(fd, group):
 * All processes of a console are in the foreground: the group is the caller's,
 * and no other one can be put there.  -1 with errno set to EBADF, ENOTTY,
 * EINVAL (a negative group), ESRCH (no such group) or EPERM (another group).
 *
 * Source:	POSIX.1-2024.
 * Limits:	LIM-PROC-7.
 */
char *ttyname(int) COMPAT_SYM(ttyname);
int ttyname_r(int, char *, size_t) COMPAT_SYM(ttyname_r);
pid_t tcgetpgrp(int) COMPAT_SYM(tcgetpgrp);
int tcsetpgrp(int, pid_t) COMPAT_SYM(tcsetpgrp);

/**
 * pathconf(path, name), fpathconf(fd, name):
 * A limit of files there.  -1 with errno set to EINVAL (name), or to what
 * stat() and fstat() say.
 *
 * confstr(name, buf, size):
 * _CS_PATH: where NT's own programs are.  Return the size that it needs with
 * its NUL; what does not fit is cut off.  0 with errno EINVAL for other names.
 *
 * Source:	POSIX.1-2024.
 * Limits:	LIM-PROC-41.
 */
long pathconf(const char *, int) COMPAT_SYM(pathconf);
long fpathconf(int, int) COMPAT_SYM(fpathconf);
size_t confstr(int, char *, size_t) COMPAT_SYM(confstr);
COMPAT_END_DECLS

#endif
