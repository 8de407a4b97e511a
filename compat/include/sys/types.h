/* <sys/types.h>: POSIX's types, 64 bits where they count. */
#ifdef COMPAT_IN_MINGW
#include_next <sys/types.h>
#else
#ifndef COMPAT_SYS_TYPES_H
#define COMPAT_SYS_TYPES_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <sys/types.h>
#include <bits/mingw_end.h>

typedef unsigned int uid_t;
typedef unsigned int gid_t;
typedef unsigned int id_t;
typedef unsigned int nlink_t;
typedef int blksize_t;
__MINGW_EXTENSION typedef long long blkcnt_t;
__MINGW_EXTENSION typedef unsigned long long fsblkcnt_t;
__MINGW_EXTENSION typedef unsigned long long fsfilcnt_t;
typedef int key_t;
typedef long suseconds_t;
#ifndef __clockid_t_defined	/* winpthreads' guard */
#define __clockid_t_defined 1
typedef int clockid_t;
#endif
typedef int timer_t;
#ifndef _CLOCK_T_DEFINED	/* mingw's <time.h> */
#define _CLOCK_T_DEFINED
typedef long clock_t;
#endif

/* BSD's names; Winsock's headers declare the same. */
typedef unsigned char u_char;
typedef unsigned short u_short;
typedef unsigned int u_int;
typedef unsigned long u_long;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;
typedef char *caddr_t;
typedef uint8_t u_int8_t;
typedef uint16_t u_int16_t;
typedef uint32_t u_int32_t;
typedef uint64_t u_int64_t;

#endif
#endif
