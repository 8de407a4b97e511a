/* <time.h>: mingw's, with what POSIX adds or changes. */
#ifdef COMPAT_IN_MINGW
#include_next <time.h>
#else
#ifndef COMPAT_TIME_H
#define COMPAT_TIME_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <time.h>
#include <bits/mingw_end.h>
#include <sys/types.h>

#endif
#endif
