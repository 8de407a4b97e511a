/* <ucontext.h>: the types.  LIM-SIG-5. */
#ifndef COMPAT_UCONTEXT_H
#define COMPAT_UCONTEXT_H

#include <sys/ucontext.h>

#endif
