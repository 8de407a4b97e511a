/* <direct.h>: mingw's, without the names that are in <unistd.h>. */
#ifdef COMPAT_IN_MINGW
#include_next <direct.h>
#else
#ifndef COMPAT_DIRECT_H
#define COMPAT_DIRECT_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <direct.h>
#include <bits/mingw_end.h>

#endif
#endif
