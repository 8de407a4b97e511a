/* <getopt.h>: mingw's, which must see the platform's macros. */
#ifdef COMPAT_IN_MINGW
#include_next <getopt.h>
#else
#ifndef COMPAT_GETOPT_H
#define COMPAT_GETOPT_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <getopt.h>
#include <bits/mingw_end.h>

#endif
#endif
