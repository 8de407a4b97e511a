/* <errno.h>: the CRT's numbers, and those it lacks. */
#ifdef COMPAT_IN_MINGW
#include_next <errno.h>
#else
#ifndef COMPAT_ERRNO_H
#define COMPAT_ERRNO_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <errno.h>
#include <bits/mingw_end.h>

/*
 * Programs for Linux assume that these two are one number; mingw gives 11 and
 * 140.  Nothing in the library ever returns 140.
 */
#undef EWOULDBLOCK
#define EWOULDBLOCK EAGAIN

/*
 * Numbers that the CRT lacks.  From 150: the CRT's own end at 140, and strerror
 * of ours knows these.
 */
#define ENOTBLK		150
#define ECHRNG		151
#define ESHUTDOWN	152
#define ETOOMANYREFS	153
#define EHOSTDOWN	154
#define EUSERS		155
#define EDQUOT		156
#define ESTALE		157
#define EREMOTE		158
#define EMULTIHOP	159
#define EPFNOSUPPORT	160
#define ESOCKTNOSUPPORT	161
#define EBADFD		162
#define ENOTUNIQ	163
#define ENONET		164
#define ECOMM		165
#define ENOKEY		166
#define EREMOTEIO	167
#define ENOMEDIUM	168
#define EMEDIUMTYPE	169
#define ENOATTR		ENODATA

#endif
#endif
