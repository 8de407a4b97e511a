/*
 * The state behind <signal.h>.
 *
 * A signal that is sent becomes a bit, and an item with its siginfo, in the
 * pending set of the process or of one thread.  It leaves the set when a
 * thread that does not block it runs its action (deliver.c), or when sigwait
 * or a signalfd takes it.  Signals below SIGRTMIN have one item each, inside
 * the set, so that sending them cannot fail; the others queue.
 *
 * One lock guards everything here.  Bits, masks and flags are atomic besides,
 * because a thread asks "is there anything for me" without the lock.
 */
#ifndef SIGNAL_STATE_H
#define SIGNAL_STATE_H

#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>

#include "fd/lock.h"

#define SIG_BIT(signo) (UINT64_C(1) << ((signo) - 1))
#define SIG_NEVER_BLOCKED (SIG_BIT(SIGKILL) | SIG_BIT(SIGSTOP))

/* How many realtime signals can wait in the whole process. */
#define SIG_QUEUE_MAX 65536

struct sig_item {
	struct sig_item *next;
	siginfo_t info;
	/*
	 * Somebody else's item (a timer's), and not ours to free: called with
	 * the lock held when it leaves the set, to complete what is told.
	 */
	void (*taken)(struct sig_item *, siginfo_t *);
};

struct sig_pending {
	_Atomic uint64_t bits;
	struct sig_item *first, *last;	/* in the order sent */
	struct sig_item one[SIGRTMIN];	/* the standard signals' items */
};

/* Of a stack: its top, how far it is in use, its end. */
struct sig_bounds {
	uintptr_t base, limit, end;
};

struct sig_thread {
	struct sig_thread *next;
	_Atomic uint64_t mask;		/* written by the thread itself */
	_Atomic uint64_t taking;	/* what sigwait or a signalfd takes */
	atomic_int waiting;		/* blocked alertably, or about to be */
	atomic_int waking;		/* an APC is on its way */
	atomic_int absent;		/* entered by others: sig_enter() */
	struct sig_pending pending;
	uintptr_t handle;		/* for the APC */
	uint32_t id;
	uintptr_t tib;			/* NT's block of the thread; 0: absent */
	uintptr_t seen_pc, seen_sp;	/* when it was stopped last: preempt_nt.c */
	uintptr_t alt_base;		/* stack.h; all of it the thread's own */
	size_t alt_size;		/* 0: none */
	struct sig_bounds own;		/* while it is on the alternate one */
	int own_full;
	uintptr_t unwanted;		/* a fault that no DLL handled */
};

struct sig_process {
	struct lock lock;
	struct sig_thread *threads;
	struct sig_pending pending;
	unsigned int queued;		/* realtime items in all sets */
	struct sigaction action[NSIG];
};

extern struct sig_process sig_process;
extern struct sig_thread sig_main;	/* the thread that started us */

/* thread_nt.c: the calling thread, registered if need be; never NULL. */
struct sig_thread *sig_self(void);

/* The same, with a mask for one that is registered only now. */
struct sig_thread *sig_self_masked(uint64_t mask);

/* The same, or NULL for a thread that is not registered. */
struct sig_thread *sig_self_known(void);

/* A thread by its NT id, or NULL.  Lock held. */
struct sig_thread *sig_find(uint32_t id);

/*
 * Enter another thread that has not come by yet, so that it can be sent
 * signals: it blocks everything until it does.  0 or EAGAIN.
 */
int sig_enter(uintptr_t handle, uint32_t id);

/* End an alertable wait of the thread.  Lock held. */
void sig_wake(struct sig_thread *);

/*
 * What the thread could handle now.  Signals of the process are the main
 * thread's first while it waits and does not block them, as on Linux.
 */
uint64_t sig_pending_for(struct sig_thread *);

/* Would such a signal, or one that the thread takes, end its wait? */
int sig_wanted(struct sig_thread *);

/*
 * The calling thread leaves its wait, or has changed its mask, without having
 * handled what the process has pending: let another thread do it.
 */
void sig_retarget(struct sig_thread *);

/* pending.c: all with the lock held. */
int sig_push(struct sig_pending *, const siginfo_t *);	/* EAGAIN */
void sig_append(struct sig_pending *, struct sig_item *); /* with taken */
int sig_pop(struct sig_pending *, uint64_t set, siginfo_t *); /* 0: none */
void sig_remove(struct sig_pending *, struct sig_item *); /* taken not called */
void sig_drop(struct sig_pending *, uint64_t set);
void sig_discard(uint64_t set);		/* of the process, of every thread */

/* action.c: default actions. */
int sig_is_ignored(int signo);		/* lock held */
int sig_is_fatal(int signo);		/* lock held */

/* send.c: to a thread by its id, or to the process for 0: ESRCH, EAGAIN. */
int sig_send(uint32_t id, const siginfo_t *);

/*
 * Somebody else's item, which is not pending yet, to the process.  Lock held.
 * 1: it is pending, and signalfd_notify() is to be called without the lock; 0:
 * the signal is ignored.
 */
int sig_send_item(struct sig_item *);

/* Does every thread block it, or does one take it?  Lock held. */
int sig_is_kept(int signo);

/* Set the calling thread's mask; the caller handles what that unblocks. */
uint64_t sig_mask_set(struct sig_thread *, uint64_t);

#define SIG_NOW INT64_C(0)	/* a deadline: do not wait */

/*
 * Take a signal of set out of what is pending for the calling thread: 0,
 * EAGAIN when the deadline passes, EINTR when a handler is due (as sig_wait()).
 */
int sig_take(uint64_t set, int64_t deadline, siginfo_t *);

/* kill.c: send and, if the caller is the one to handle it, handle it. */
int sig_send_self(uint32_t id, int signo, int code, union sigval);
int sig_send_to(int64_t pid, int signo, int code, union sigval);

/* signalfd.c: a signal became pending for the process or a thread. */
void signalfd_notify(uint64_t bits);

/* One from the parent, of this process's signals from now on. */
struct file;
struct hand_record;
int signalfd_take(struct hand_record *, struct file **);

/* process_nt.c */
void sig_terminate(int signo) __attribute__((noreturn));
int sig_process_exists(int64_t pid);	/* 0, ESRCH, EPERM */
int sig_process_kill(int64_t pid);	/* the same */
int64_t sig_process_self(void);
int sig_process_open(int64_t pid, uintptr_t *handle);	/* the same */

/*
 * deliver.c: the calling thread was interrupted in this context; run what is
 * pending, which may change it.
 */
void sig_interrupted(ucontext_t *);

/* deliver.c: run the handler of a fault at once; it is not blocked. */
void sig_fault(struct sig_thread *, siginfo_t *, ucontext_t *);

/* fault_nt.c */
void sig_fault_init(void);

/* abort_nt.c */
void sig_abort_init(void);

/* console_nt.c */
void sig_console_init(void);
void sig_console_listen(void);
int sig_console_event(unsigned long type);
int sig_is_service(void);		/* LOGOFF does not concern us */

#endif
