/* <locale.h>: mingw's, which must see the platform's macros. */
#ifdef COMPAT_IN_MINGW
#include_next <locale.h>
#else
#ifndef COMPAT_LOCALE_H
#define COMPAT_LOCALE_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <locale.h>
#include <bits/mingw_end.h>

#endif
#endif
