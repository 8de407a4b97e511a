/* <wctype.h>: mingw's, which must see the platform's macros. */
#ifdef COMPAT_IN_MINGW
#include_next <wctype.h>
#else
#ifndef COMPAT_WCTYPE_H
#define COMPAT_WCTYPE_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <wctype.h>
#include <bits/mingw_end.h>

#endif
#endif
