/* <utime.h>: mingw's, which must see the platform's macros. */
#ifdef COMPAT_IN_MINGW
#include_next <utime.h>
#else
#ifndef COMPAT_UTIME_H
#define COMPAT_UTIME_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <utime.h>
#include <bits/mingw_end.h>

#endif
#endif
