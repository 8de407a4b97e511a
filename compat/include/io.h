/* <io.h>: mingw's, without the CRT's POSIX-like names: those are in <unistd.h>. */
#ifdef COMPAT_IN_MINGW
#include_next <io.h>
#else
#ifndef COMPAT_IO_H
#define COMPAT_IO_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <io.h>
#include <bits/mingw_end.h>

#endif
#endif
