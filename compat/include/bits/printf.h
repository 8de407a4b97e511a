/* COMPAT_PRINTF(fmt, args): the attribute of what formats as C99 says. */
#ifndef COMPAT_BITS_PRINTF_H
#define COMPAT_BITS_PRINTF_H

#ifdef __clang__
#define COMPAT_PRINTF(fmt, args) \
	__attribute__((__format__(__printf__, fmt, args)))
#else	/* whose __printf__ would be the CRT's, without %zu */
#define COMPAT_PRINTF(fmt, args) \
	__attribute__((__format__(__gnu_printf__, fmt, args)))
#endif

#endif
