/* Signals had handled, with nothing else blocked meanwhile.  They abort(). */
#ifndef SUPPORT_HANDLE_H
#define SUPPORT_HANDLE_H

#include <signal.h>

/** handle_signal(signo, handler, flags): SIG_IGN and SIG_DFL, too. */
void handle_signal(int signo, void (*)(int), int flags);

/** handle_info(signo, handler, flags): the same with SA_SIGINFO. */
void handle_info(int signo, void (*)(int, siginfo_t *, void *), int flags);

/** mask_signal(how, signo): pthread_sigmask() of this one. */
void mask_signal(int how, int signo);

#endif
