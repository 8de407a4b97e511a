/*
 * <signal.h>.  The numbers are Linux's, except for those that the C runtime
 * has compiled in (SIGABRT 22, SIGBREAK 21) and the two that these displace
 * (SIGTTIN 32, SIGTTOU 33).  No two signals share a number.
 *
 * Who delivers what, and where a handler runs: compat_signal(7).
 */
#ifndef COMPAT_IN_MINGW		/* none of mingw's headers needs it */
#ifndef COMPAT_SIGNAL_H
#define COMPAT_SIGNAL_H

#include <bits/crt.h>

#include <sys/types.h>

#include <stdint.h>

#include <bits/sigset.h>
#include <bits/sym.h>
#include <bits/timespec.h>

#define SIGHUP		1
#define SIGINT		2
#define SIGQUIT		3
#define SIGILL		4
#define SIGTRAP		5
#define SIGBUS		7
#define SIGFPE		8
#define SIGKILL		9
#define SIGUSR1		10
#define SIGSEGV		11
#define SIGUSR2		12
#define SIGPIPE		13
#define SIGALRM		14
#define SIGTERM		15
#define SIGCHLD		17
#define SIGCONT		18
#define SIGSTOP		19
#define SIGTSTP		20
#define SIGBREAK	21	/* CTRL+BREAK where compat_signal_map() says */
#define SIGABRT		22
#define SIGURG		23
#define SIGXCPU		24
#define SIGXFSZ		25
#define SIGVTALRM	26
#define SIGPROF		27
#define SIGWINCH	28
#define SIGIO		29
#define SIGPWR		30
#define SIGSYS		31
#define SIGTTIN		32
#define SIGTTOU		33
#define SIGRTMIN	34
#define SIGRTMAX	64
#define NSIG		65
#define _NSIG		NSIG

/* Other names of the same signals, as on Linux. */
#define SIGIOT		SIGABRT
#define SIGCLD		SIGCHLD
#define SIGPOLL		SIGIO

#define SIG_DFL ((void (*)(int))0)
#define SIG_IGN ((void (*)(int))1)
#define SIG_ERR ((void (*)(int))-1)
#define SIG_HOLD ((void (*)(int))2)	/* sigset() */

#define SIG_BLOCK	0
#define SIG_UNBLOCK	1
#define SIG_SETMASK	2

#define SA_NOCLDSTOP	0x00000001
#define SA_NOCLDWAIT	0x00000002
#define SA_SIGINFO	0x00000004
#define SA_ONSTACK	0x08000000
#define SA_RESTART	0x10000000
#define SA_NODEFER	0x40000000
#define SA_RESETHAND	((int)0x80000000)
#define SA_NOMASK	SA_NODEFER
#define SA_ONESHOT	SA_RESETHAND

/* si_code: who sent it. */
#define SI_USER		0	/* kill */
#define SI_KERNEL	0x80	/* NT: a console event */
#define SI_QUEUE	(-1)	/* sigqueue */
#define SI_TIMER	(-2)
#define SI_MESGQ	(-3)
#define SI_ASYNCIO	(-4)
#define SI_TKILL	(-6)	/* raise, pthread_kill */

/* si_code of SIGCHLD. */
#define CLD_EXITED	1
#define CLD_KILLED	2
#define CLD_DUMPED	3
#define CLD_TRAPPED	4
#define CLD_STOPPED	5
#define CLD_CONTINUED	6

/* si_code of faults. */
#define ILL_ILLOPC	1
#define ILL_ILLOPN	2
#define ILL_ILLADR	3
#define ILL_ILLTRP	4
#define ILL_PRVOPC	5
#define ILL_PRVREG	6
#define ILL_COPROC	7
#define ILL_BADSTK	8
#define FPE_INTDIV	1
#define FPE_INTOVF	2
#define FPE_FLTDIV	3
#define FPE_FLTOVF	4
#define FPE_FLTUND	5
#define FPE_FLTRES	6
#define FPE_FLTINV	7
#define FPE_FLTSUB	8
#define SEGV_MAPERR	1
#define SEGV_ACCERR	2
#define BUS_ADRALN	1
#define BUS_ADRERR	2
#define BUS_OBJERR	3
#define TRAP_BRKPT	1
#define TRAP_TRACE	2

/* Alternate stacks.  What NT calls on them wants more room than Linux. */
#define SS_ONSTACK	1
#define SS_DISABLE	2
#define MINSIGSTKSZ	8192
#define SIGSTKSZ	65536

/* In bytes, with the NUL: what sig2str() writes. */
#define SIG2STR_MAX	16

/* sigev_notify: what a timer does. */
#define SIGEV_SIGNAL	0
#define SIGEV_NONE	1
#define SIGEV_THREAD	2

struct pthread_attr_t;		/* winpthreads' pthread_attr_t */

COMPAT_BEGIN_DECLS

typedef int sig_atomic_t;
typedef uintptr_t pthread_t;
typedef void (*sighandler_t)(int);

union sigval {
	int sival_int;
	void *sival_ptr;
};

typedef struct {
	int si_signo;
	int si_errno;
	int si_code;
	int si_status;		/* SIGCHLD: exit status or signal */
	pid_t si_pid;
	uid_t si_uid;
	int si_band;
	int si_fd;
	void *si_addr;
	union sigval si_value;
	int si_timerid;
	int si_overrun;
	clock_t si_utime;	/* SIGCHLD: in units of _SC_CLK_TCK */
	clock_t si_stime;
} siginfo_t;

typedef struct {
	void *ss_sp;
	int ss_flags;
	size_t ss_size;
} stack_t;

#include <bits/ucontext.h>

struct sigevent {
	int sigev_notify;
	int sigev_signo;
	union sigval sigev_value;
	void (*sigev_notify_function)(union sigval);
	struct pthread_attr_t *sigev_notify_attributes;	/* stack size only */
};

#define si_int si_value.sival_int
#define si_ptr si_value.sival_ptr

struct sigaction {
	union {
		void (*sa_handler_)(int);
		void (*sa_sigaction_)(int, siginfo_t *, void *);
	} sa_u_;
	sigset_t sa_mask;
	int sa_flags;
};

#define sa_handler sa_u_.sa_handler_
#define sa_sigaction sa_u_.sa_sigaction_

/**
 * sigaction(sig, act, oact):
 * Examine or change what the process does on sig.  SA_RESTART, SA_SIGINFO,
 * SA_NODEFER, SA_RESETHAND, SA_ONSTACK and SA_NOCLDWAIT work; SA_NOCLDSTOP
 * changes nothing, because nothing stops (LIM-SIG-4).  The third argument of
 * an SA_SIGINFO handler is a ucontext_t; see <sys/ucontext.h> (LIM-SIG-5).
 * Faults run the handlers of SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGTRAP on
 * the thread that made them, with si_code and si_addr (LIM-SIG-3).
 *
 * Return 0, or -1 with errno set to:
 *	EINVAL		sig is not a signal, or is SIGKILL or SIGSTOP and act
 *			is not NULL.
 *
 * Source:	POSIX.1-2024.
 */
int sigaction(int, const struct sigaction *__restrict,
    struct sigaction *__restrict) COMPAT_SYM(sigaction);

/**
 * signal(sig, handler):
 * sigaction() with SA_RESTART and an empty mask, as in 4.4BSD and glibc.
 *
 * Return the previous handler, or SIG_ERR with errno set as by sigaction().
 *
 * Source:	POSIX.1-2024, signal(2) of Linux.
 */
void (*signal(int, void (*)(int)))(int) COMPAT_SYM(signal);

/**
 * kill(pid, sig):
 * Send sig to a process: to any with libcompat that runs as the same user.  0
 * asks whether it exists, SIGKILL ends it with exit code 137; a native program
 * takes no others (LIM-SIG-2).  pid 0 is the caller's group, -pid the group
 * pid, -1 every other program with libcompat; one that takes the signal is
 * enough.  For the calling process the handler has run when kill() returns,
 * if the calling thread does not block the signal.
 *
 * Return 0 when the signal is queued, or -1 with errno set to:
 *	EINVAL		sig is neither 0 nor a signal.
 *	ESRCH		no such process or group, or it has ended.
 *	EPERM		another user's process, or a native program.
 *	EAGAIN		65536 realtime signals are queued there, or it does
 *			not answer within 5 seconds.
 *	ENOSYS		SIGSTOP (LIM-SIG-4).
 *	ENOMEM		pid < 1: there is no memory for a list of processes.
 *
 * Source:	POSIX.1-2024.
 */
int kill(pid_t, int) COMPAT_SYM(kill);
int killpg(pid_t, int) COMPAT_SYM(killpg);

/**
 * sigqueue(pid, sig, value):
 * kill() with a value; instances of SIGRTMIN..SIGRTMAX queue up, in order.
 * Errors as kill().
 *
 * Source:	POSIX.1-2024.
 */
int sigqueue(pid_t, int, union sigval) COMPAT_SYM(sigqueue);

/**
 * raise(sig):
 * Send sig to the calling thread; its handler has run when raise() returns.
 *
 * Return 0, or -1 with errno set to:
 *	EINVAL		sig is neither 0 nor a signal.
 *	ENOSYS		SIGSTOP.
 *
 * Source:	POSIX.1-2024.
 */
int raise(int) COMPAT_SYM(raise);

/**
 * pthread_kill(thread, sig):
 * Send sig to one thread of the process.  Return 0 or EINVAL, ESRCH, EAGAIN,
 * ENOSYS (SIGSTOP).
 *
 * Source:	POSIX.1-2024.
 */
int pthread_kill(pthread_t, int) COMPAT_SYM(pthread_kill);

/**
 * sigprocmask(how, set, oset), pthread_sigmask(how, set, oset):
 * Examine or change the calling thread's mask; SIGKILL and SIGSTOP are never
 * in it.  What is pending and no longer blocked is handled before the call
 * returns.  A thread made by pthread_create() has its creator's mask; one made
 * in another way, the main thread's (LIM-SIG-6).
 *
 * sigprocmask() returns 0, or -1 with errno set; pthread_sigmask() returns 0
 * or the error:
 *	EINVAL		how is unknown and set is not NULL.
 *
 * Source:	POSIX.1-2024.
 */
int sigprocmask(int, const sigset_t *__restrict, sigset_t *__restrict)
    COMPAT_SYM(sigprocmask);
int pthread_sigmask(int, const sigset_t *__restrict, sigset_t *__restrict)
    COMPAT_SYM(pthread_sigmask);

/**
 * sigpending(set):
 * What is pending for the calling thread or the process, and blocked.
 * Return 0.
 */
int sigpending(sigset_t *) COMPAT_SYM(sigpending);

/**
 * sigsuspend(mask):
 * Replace the mask, wait until a handler has run, put the mask back.
 * Return -1 with errno EINTR.
 */
int sigsuspend(const sigset_t *) COMPAT_SYM(sigsuspend);

/**
 * sigwait(set, sig), sigwaitinfo(set, info), sigtimedwait(set, info, timeout):
 * Take a signal of set, which the caller has blocked, out of what is pending;
 * wait for one when there is none.
 *
 * sigwait() returns 0 or an error; the others return the signal, or -1 with
 * errno set to:
 *	EINTR		a handler for another signal ran (not sigwait()).
 *	EAGAIN		the timeout passed.
 *	EINVAL		the timeout is not a valid time.
 *
 * Source:	POSIX.1-2024.
 */
int sigwait(const sigset_t *__restrict, int *__restrict) COMPAT_SYM(sigwait);
int sigwaitinfo(const sigset_t *__restrict, siginfo_t *__restrict)
    COMPAT_SYM(sigwaitinfo);
int sigtimedwait(const sigset_t *__restrict, siginfo_t *__restrict,
    const struct timespec *__restrict) COMPAT_SYM(sigtimedwait);

/**
 * siginterrupt(sig, flag):
 * Clear (flag not 0) or set SA_RESTART of sig's action, and of those that
 * signal() will set.  Errors as sigaction().
 */
int siginterrupt(int, int) COMPAT_SYM(siginterrupt);

/**
 * sigaltstack(new, old):
 * The calling thread's stack for handlers with SA_ONSTACK.  The memory is the
 * caller's, until it is disabled or the thread ends; see SIGSTKSZ.
 *
 * Return 0, or -1 with errno set to:
 *	EINVAL		ss_flags is neither 0 nor SS_DISABLE.
 *	ENOMEM		ss_size is below MINSIGSTKSZ, or there is no memory.
 *	EPERM		the thread runs on it.
 *
 * Source:	POSIX.1-2024.
 */
int sigaltstack(const stack_t *__restrict, stack_t *__restrict)
    COMPAT_SYM(sigaltstack);

/**
 * sighold(sig), sigrelse(sig), sigignore(sig), sigpause(sig), sigset(sig, disp):
 * System V's ways to block and unblock a signal, to ignore it, to wait with it
 * unblocked, and to set its action; POSIX had them until 2017.  sigset() with
 * SIG_HOLD blocks sig, else unblocks it; it returns SIG_HOLD when sig was
 * blocked, else the handler there was, or SIG_ERR.  sigpause() returns -1 with
 * EINTR, the others 0; errors as sigaction().
 */
int sighold(int) COMPAT_SYM(sighold);
int sigrelse(int) COMPAT_SYM(sigrelse);
int sigignore(int) COMPAT_SYM(sigignore);
int sigpause(int) COMPAT_SYM(sigpause);
void (*sigset(int, void (*)(int)))(int) COMPAT_SYM(sigset);

/**
 * pthread_sigqueue(thread, sig, value): pthread_kill() with a value.
 *
 * Source:	pthread_sigqueue(3) of Linux.
 */
int pthread_sigqueue(pthread_t, int, const union sigval)
    COMPAT_SYM(pthread_sigqueue);

/**
 * sig2str(sig, str), str2sig(str, sig):
 * The name of a signal without SIG, as RTMIN+3 or RTMAX-3 for realtime ones,
 * into SIG2STR_MAX bytes; and back, also from a decimal number.
 *
 * Return 0, or -1 for what is no signal.  errno is left alone.
 * Source:	POSIX.1-2024.
 */
int sig2str(int, char *) COMPAT_SYM(sig2str);
int str2sig(const char *__restrict, int *__restrict) COMPAT_SYM(str2sig);

/* Sets.  -1 with EINVAL for a number that is not a signal. */
int sigemptyset(sigset_t *) COMPAT_SYM(sigemptyset);
int sigfillset(sigset_t *) COMPAT_SYM(sigfillset);
int sigaddset(sigset_t *, int) COMPAT_SYM(sigaddset);
int sigdelset(sigset_t *, int) COMPAT_SYM(sigdelset);
int sigismember(const sigset_t *, int) COMPAT_SYM(sigismember);

/* Texts.  strsignal() is <string.h>'s in POSIX; it is declared in both. */
char *strsignal(int) COMPAT_SYM(strsignal);
void psignal(int, const char *) COMPAT_SYM(psignal);
void psiginfo(const siginfo_t *, const char *) COMPAT_SYM(psiginfo);
extern const char *const sys_siglist[NSIG] COMPAT_SYM(sys_siglist);

COMPAT_END_DECLS

/* As in glibc, for REG_RIP and so on. */
#ifdef _GNU_SOURCE
#include <sys/ucontext.h>
#endif

#endif
#endif
