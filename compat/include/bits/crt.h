/*
 * The private door to mingw's headers: makes them step aside where their
 * types and functions are not POSIX's.  Every drop-in header includes it
 * first; the library's own sources are compiled with -include bits/crt.h.
 *
 * mingw guards each of its types with a macro of its own.  Those guards are
 * taken here, and the types declared as programs expect them, whatever the
 * port defines for _FILE_OFFSET_BITS: 64-bit off_t, ino_t, dev_t and time_t.
 * The underscored types (_off_t, _ino_t...) stay the CRT's: its structs and
 * prototypes are made of them.
 *
 * What belongs to C and is right already (FILE, time_t, struct tm, size_t,
 * ssize_t, wchar_t) stays mingw's.
 */
#ifndef COMPAT_BITS_CRT_H
#define COMPAT_BITS_CRT_H

#ifdef _USE_32BIT_TIME_T
#error "libcompat needs a 64-bit time_t: do not define _USE_32BIT_TIME_T"
#endif

/* C99 conversions (%zu, %lld, %Lf) in printf, also on the old msvcrt. */
#ifndef __USE_MINGW_ANSI_STDIO
#define __USE_MINGW_ANSI_STDIO 1
#endif

/* Let <time.h> declare localtime_r and its like. */
#ifndef _POSIX_THREAD_SAFE_FUNCTIONS
#define _POSIX_THREAD_SAFE_FUNCTIONS 200809L
#endif

#define COMPAT_IN_MINGW 1
#include <bits/show.h>
#include <crtdefs.h>
#include <stddef.h>
#include <stdint.h>
#include <limits.h>
#include <stdarg.h>
#include <bits/hide.h>
#undef COMPAT_IN_MINGW

/* Headers that ours replace whole. */
#define _UNISTD_H
#define _SYS_TIME_H_
#define _INC_STAT
#define _DIRENT_H_
#define _INC_SIGNAL
#define WIN_PTHREADS_SIGNAL_H

#define _OFF_T_DEFINED
#define _OFF_T_
#define _OFF64_T_DEFINED
#define _FILE_OFFSET_BITS_SET_OFFT
#define _FILE_OFFSET_BITS_SET_LSEEK
#define _FILE_OFFSET_BITS_SET_FSEEKO
#define _FILE_OFFSET_BITS_SET_FTELLO
#define _FILE_OFFSET_BITS_SET_FTRUNCATE
#define FTRUNCATE_DEFINED
typedef long _off_t;
typedef long off32_t;
__MINGW_EXTENSION typedef long long _off64_t;
__MINGW_EXTENSION typedef long long off64_t;
__MINGW_EXTENSION typedef long long off_t;

#define _INO_T_DEFINED
typedef unsigned short _ino_t;
__MINGW_EXTENSION typedef unsigned long long ino_t;

#define _DEV_T_DEFINED
typedef unsigned int _dev_t;
__MINGW_EXTENSION typedef unsigned long long dev_t;

#define _PID_T_
typedef int _pid_t;
typedef int pid_t;

#define _MODE_T_
typedef unsigned short _mode_t;
typedef unsigned int mode_t;

/* mingw's struct timeval has a long tv_sec: 32 bits on NT. */
#define _TIMEVAL_DEFINED
struct timeval {
	time_t tv_sec;
	long tv_usec;
};

#define _TIMEZONE_DEFINED
#define _GETTIMEOFDAY_DEFINED
struct timezone {
	int tz_minuteswest;
	int tz_dsttime;
};

#endif
