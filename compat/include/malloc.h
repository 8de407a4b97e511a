/* <malloc.h>: mingw's, which must see the platform's macros. */
#ifdef COMPAT_IN_MINGW
#include_next <malloc.h>
#else
#ifndef COMPAT_MALLOC_H
#define COMPAT_MALLOC_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <malloc.h>
#include <bits/mingw_end.h>

#endif
#endif
