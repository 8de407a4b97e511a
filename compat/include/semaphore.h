/* <semaphore.h>: winpthreads'. */
#ifdef COMPAT_IN_MINGW
#include_next <semaphore.h>
#else
#ifndef COMPAT_SEMAPHORE_H
#define COMPAT_SEMAPHORE_H

#include <bits/crt.h>
#include <sys/types.h>
#include <time.h>
#include <bits/mingw_begin.h>
#include_next <semaphore.h>
#include <bits/mingw_end.h>

#endif
#endif
