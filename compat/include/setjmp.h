/* <setjmp.h>: mingw's, which must see the platform's macros. */
#ifdef COMPAT_IN_MINGW
#include_next <setjmp.h>
#else
#ifndef COMPAT_SETJMP_H
#define COMPAT_SETJMP_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <setjmp.h>
#include <bits/mingw_end.h>
#include <bits/sigset.h>
#include <bits/sym.h>

COMPAT_BEGIN_DECLS
struct compat_sigjmp {
	jmp_buf buf;
	sigset_t mask;
	int saved;
	void *sp;
};
typedef struct compat_sigjmp sigjmp_buf[1];

void sigjmp_save(struct compat_sigjmp *, int savemask, void *sp)
    COMPAT_SYM(sigjmp_save);

/**
 * sigsetjmp(env, savemask), siglongjmp(env, value):
 * setjmp() and longjmp(), with the thread's signal mask if savemask is not 0.
 * The way out of a handler, also from an alternate stack and after a fault; no
 * destructor or handler of NT's runs on the way (the null pointer asks for
 * that), and plain longjmp() does not do it.
 *
 * Source:	POSIX.1-2024.
 * Limits:	LIM-SIG-10.
 */
#define sigsetjmp(env, savemask) \
	(sigjmp_save((env), (savemask), __builtin_frame_address(0)), \
	_setjmp((env)->buf, NULL))
void siglongjmp(sigjmp_buf, int) COMPAT_SYM(siglongjmp)
    __attribute__((noreturn));
COMPAT_END_DECLS

#endif
#endif
