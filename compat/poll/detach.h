/*
 * A registration ends from three sides: epoll_ctl(DEL), which holds a
 * reference to the description; the description's end (watch_detach_all);
 * and the end of the epoll instance.  The last two can meet: each would free
 * what the other is looking at.  Both hold this lock, which is the first of
 * all in the order of README.md.
 */
#ifndef POLL_DETACH_H
#define POLL_DETACH_H

#include "fd/lock.h"

extern struct lock detach_lock;

#endif
