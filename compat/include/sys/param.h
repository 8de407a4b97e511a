/* <sys/param.h>: mingw's, which must see the platform's macros. */
#ifdef COMPAT_IN_MINGW
#include_next <sys/param.h>
#else
#ifndef COMPAT_SYS_PARAM_H
#define COMPAT_SYS_PARAM_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <sys/param.h>
#include <bits/mingw_end.h>

#endif
#endif
