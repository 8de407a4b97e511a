/* <sys/utsname.h>: which system this is. */
#ifndef COMPAT_SYS_UTSNAME_H
#define COMPAT_SYS_UTSNAME_H

#include <bits/crt.h>
#include <bits/sym.h>

struct utsname {
	char sysname[65];	/* "Windows_NT" */
	char nodename[256];	/* gethostname() */
	char release[65];	/* "10.0" */
	char version[65];	/* the build, "19045" */
	char machine[65];	/* "x86_64" */
};

COMPAT_BEGIN_DECLS
/**
 * uname(name):
 * What NT says of itself, whatever version the program was made for.  Return
 * 0, or -1 with errno set to EFAULT (a null pointer) or as gethostname() does.
 *
 * Source:	POSIX.1-2024.
 */
int uname(struct utsname *) COMPAT_SYM(uname);
COMPAT_END_DECLS

#endif
