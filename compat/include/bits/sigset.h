/*
 * sigset_t, for <signal.h> and for the headers whose calls take a signal mask
 * (<poll.h>, <sys/select.h>, <sys/epoll.h>, <spawn.h>).  Signal n is bit n-1.
 */
#ifndef COMPAT_BITS_SIGSET_H
#define COMPAT_BITS_SIGSET_H

typedef unsigned long long sigset_t;

#endif
