/* <io.h>: mingw's, without the CRT's POSIX-like names; ours instead. */
#ifdef COMPAT_IN_MINGW
#include_next <io.h>
#else
#ifndef COMPAT_IO_H
#define COMPAT_IO_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <io.h>
#include <bits/mingw_end.h>
#include <unistd.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <stdio.h>

#endif
#endif
