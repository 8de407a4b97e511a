/* <dlfcn.h>: shared libraries, opened while the program runs. */
#ifndef COMPAT_DLFCN_H
#define COMPAT_DLFCN_H

#include <bits/crt.h>
#include <bits/sym.h>

#define RTLD_LAZY 0x1		/* NT resolves all at once */
#define RTLD_NOW 0x2
#define RTLD_NOLOAD 0x4
#define RTLD_DEEPBIND 0x8	/* NT binds so always */
#define RTLD_LOCAL 0
#define RTLD_GLOBAL 0x100
#define RTLD_NODELETE 0x1000

#define RTLD_DEFAULT ((void *)0)
#define RTLD_NEXT ((void *)-1)

typedef struct {
	const char *dli_fname;	/* the image's path; stays valid */
	void *dli_fbase;	/* where it is loaded */
	const char *dli_sname;	/* the nearest exported symbol below, or NULL */
	void *dli_saddr;	/* where that is, or NULL */
} Dl_info;

COMPAT_BEGIN_DECLS
/**
 * dlopen(file, mode):
 * Load the image file, or add a reference to it, and run its constructors.  A
 * file with a slash in it is a path, any other is looked for beside the
 * program, in NT's system directory and in $PATH.  NULL and "" are the program
 * itself.  The name is taken as it is: no ".dll" is appended.  mode is
 * RTLD_LAZY or RTLD_NOW, with RTLD_GLOBAL (dlsym(RTLD_DEFAULT) sees it),
 * RTLD_NOLOAD (only if it is loaded), RTLD_NODELETE.
 *
 * Return a handle, the same one for the same file, to be given back to
 * dlclose(); or NULL, and dlerror() says why.  errno means nothing.
 *
 * Limits: LIM-DL-1 to LIM-DL-3.  Source: POSIX.1-2024, dlopen(3) of Linux,
 * LoadLibraryExW of NT.
 */
void *dlopen(const char *file, int mode) COMPAT_SYM(dlopen);

/**
 * dlsym(handle, name):
 * The address of the function or variable name that the image exports.
 * RTLD_DEFAULT and the program's handle: the first of the program and the
 * images loaded with it or by RTLD_GLOBAL, in the order of loading, but for
 * NT's own; RTLD_NEXT: the first of these behind the caller's.
 *
 * Return it, or NULL, and dlerror() says why.
 */
void *dlsym(void *handle, const char *name) COMPAT_SYM(dlsym);

/**
 * dlclose(handle):
 * Give a reference back; with the last one the image's destructors run and it
 * is unloaded, unless another image needs it.  Return 0, or -1 for what is no
 * handle, and dlerror() says so.
 */
int dlclose(void *handle) COMPAT_SYM(dlclose);

/**
 * dlerror():
 * What went wrong in this thread's calls since it asked last, or NULL.  Valid
 * until the thread's next call of these functions.
 */
char *dlerror(void) COMPAT_SYM(dlerror);

/**
 * dladdr(addr, info):
 * Which image an address is in, and which symbol that it exports is nearest.
 * Return 0 if it is in none, else not 0.  Source: dladdr(3) of Linux.
 */
int dladdr(const void *addr, Dl_info *info) COMPAT_SYM(dladdr);
COMPAT_END_DECLS

#endif
