/* <wchar.h>: mingw's, which must see the platform's macros. */
#ifdef COMPAT_IN_MINGW
#include_next <wchar.h>
#else
#ifndef COMPAT_WCHAR_H
#define COMPAT_WCHAR_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <wchar.h>
#include <bits/mingw_end.h>

#endif
#endif
