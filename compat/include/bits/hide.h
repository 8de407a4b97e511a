/*
 * Hide the macros by which programs recognize the platform, so that one that
 * asks for _WIN32 before it asks for POSIX takes its POSIX road.  They are
 * kept with push_macro, because mingw's own headers need them each time
 * (bits/show.h): "Only Win32 target is supported!" otherwise.
 */
#ifdef COMPAT_HIDDEN
#pragma push_macro("_WIN32")
#undef _WIN32
#pragma push_macro("WIN32")
#undef WIN32
#pragma push_macro("__WIN32")
#undef __WIN32
#pragma push_macro("__WIN32__")
#undef __WIN32__
#pragma push_macro("_WIN64")
#undef _WIN64
#pragma push_macro("WIN64")
#undef WIN64
#pragma push_macro("__WIN64")
#undef __WIN64
#pragma push_macro("__WIN64__")
#undef __WIN64__
#pragma push_macro("WINNT")
#undef WINNT
#pragma push_macro("__WINNT")
#undef __WINNT
#pragma push_macro("__WINNT__")
#undef __WINNT__
#pragma push_macro("__MINGW32__")
#undef __MINGW32__
#pragma push_macro("__MINGW64__")
#undef __MINGW64__
#endif
