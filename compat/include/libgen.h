/* <libgen.h>: mingw's, which must see the platform's macros. */
#ifdef COMPAT_IN_MINGW
#include_next <libgen.h>
#else
#ifndef COMPAT_LIBGEN_H
#define COMPAT_LIBGEN_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <libgen.h>
#include <bits/mingw_end.h>

#endif
#endif
