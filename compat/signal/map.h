/* The signal of each console event: compat_signal_map() of <compat.h>. */
#ifndef SIGNAL_MAP_H
#define SIGNAL_MAP_H

#include <stdatomic.h>

#define SIG_EVENTS 7

/* By COMPAT_CTRL_*; 0 leaves the event to NT. */
extern atomic_int sig_event_map[SIG_EVENTS];

#endif
