/* <search.h>: mingw's, which must see the platform's macros. */
#ifdef COMPAT_IN_MINGW
#include_next <search.h>
#else
#ifndef COMPAT_SEARCH_H
#define COMPAT_SEARCH_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <search.h>
#include <bits/mingw_end.h>

#endif
#endif
