/*
 * COMPAT_SYM(name): give a declaration the linker name compat_<name>.  C code
 * keeps the POSIX name, &name is ours too, struct members called `close` or
 * `read` are left alone, and the CRT's function of that name stays out.
 */
#ifndef COMPAT_BITS_SYM_H
#define COMPAT_BITS_SYM_H

#define COMPAT_STR_(x) #x
#define COMPAT_STR(x) COMPAT_STR_(x)
#define COMPAT_SYM(name) \
	__asm__(COMPAT_STR(__USER_LABEL_PREFIX__) "compat_" #name)

#ifdef __cplusplus
#define COMPAT_BEGIN_DECLS extern "C" {
#define COMPAT_END_DECLS }
#else
#define COMPAT_BEGIN_DECLS
#define COMPAT_END_DECLS
#endif

#endif
