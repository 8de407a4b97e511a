/* <direct.h>: mingw's, with our chdir, getcwd, mkdir and rmdir. */
#ifdef COMPAT_IN_MINGW
#include_next <direct.h>
#else
#ifndef COMPAT_DIRECT_H
#define COMPAT_DIRECT_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <direct.h>
#include <bits/mingw_end.h>
#include <unistd.h>
#include <sys/stat.h>

#endif
#endif
