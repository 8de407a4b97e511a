/* <pthread.h>: winpthreads'. */
#ifdef COMPAT_IN_MINGW
#include_next <pthread.h>
#else
#ifndef COMPAT_PTHREAD_H
#define COMPAT_PTHREAD_H

#include <bits/crt.h>
#include <errno.h>
#include <sys/types.h>
#include <time.h>
#include <signal.h>
#include <bits/mingw_begin.h>
#include_next <pthread.h>
#include <bits/mingw_end.h>

#endif
#endif
