/* <inttypes.h>: mingw's, which must see the platform's macros. */
#ifdef COMPAT_IN_MINGW
#include_next <inttypes.h>
#else
#ifndef COMPAT_INTTYPES_H
#define COMPAT_INTTYPES_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <inttypes.h>
#include <bits/mingw_end.h>

#endif
#endif
