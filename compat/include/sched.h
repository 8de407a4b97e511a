/* <sched.h>: winpthreads'. */
#ifdef COMPAT_IN_MINGW
#include_next <sched.h>
#else
#ifndef COMPAT_SCHED_H
#define COMPAT_SCHED_H

#include <bits/crt.h>
#include <sys/types.h>
#include <time.h>
#include <signal.h>
#include <bits/mingw_begin.h>
#include_next <sched.h>
#include <bits/mingw_end.h>

#endif
#endif
