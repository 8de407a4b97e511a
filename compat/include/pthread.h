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
#include <bits/sym.h>

COMPAT_BEGIN_DECLS
/* winpthreads', with the creator's signal mask for the new thread. */
int pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *),
    void *) COMPAT_SYM(pthread_create);
COMPAT_END_DECLS

#endif
#endif
