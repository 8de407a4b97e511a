/* ucontext_t, for <signal.h>, which has stack_t and sigset_t by then. */
#ifndef COMPAT_BITS_UCONTEXT_H
#define COMPAT_BITS_UCONTEXT_H

typedef long long greg_t;
typedef greg_t gregset_t[23];

/* What fxsave writes. */
struct _libc_fpxreg {
	unsigned short significand[4];
	unsigned short exponent;
	unsigned short reserved_[3];
};

struct _libc_xmmreg {
	unsigned int element[4];
};

struct _libc_fpstate {
	unsigned short cwd, swd, ftw, fop;
	unsigned long long rip, rdp;
	unsigned int mxcsr, mxcr_mask;
	struct _libc_fpxreg _st[8];
	struct _libc_xmmreg _xmm[16];
	unsigned int reserved_[24];
};
typedef struct _libc_fpstate *fpregset_t;

typedef struct {
	gregset_t gregs;
	fpregset_t fpregs;
} mcontext_t;

/**
 * ucontext_t:
 * The thread as the signal found it.  A handler of a fault may change
 * registers and uc_sigmask, and they are so when it has returned; of a signal
 * that was sent, uc_sigmask.  It is the library's, and gone by then.
 *
 * Source:	POSIX.1-2024, <signal.h>; glibc.
 * Limits:	LIM-SIG-5.
 */
typedef struct ucontext_t {
	unsigned long uc_flags;
	struct ucontext_t *uc_link;
	stack_t uc_stack;
	mcontext_t uc_mcontext;
	sigset_t uc_sigmask;
} ucontext_t;

#endif
