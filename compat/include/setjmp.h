/* <setjmp.h>: mingw's, which must see the platform's macros. */
#ifdef COMPAT_IN_MINGW
#include_next <setjmp.h>
#else
#ifndef COMPAT_SETJMP_H
#define COMPAT_SETJMP_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <setjmp.h>
#include <bits/mingw_end.h>

#endif
#endif
