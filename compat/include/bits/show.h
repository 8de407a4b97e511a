/*
 * Show the platform's macros again, for a header of mingw's own.  Undone by
 * bits/hide.h.  Only bits/mingw_begin.h includes this file.
 */
#ifdef COMPAT_HIDDEN
#pragma pop_macro("_WIN32")
#pragma pop_macro("WIN32")
#pragma pop_macro("__WIN32")
#pragma pop_macro("__WIN32__")
#pragma pop_macro("_WIN64")
#pragma pop_macro("WIN64")
#pragma pop_macro("__WIN64")
#pragma pop_macro("__WIN64__")
#pragma pop_macro("WINNT")
#pragma pop_macro("__WINNT")
#pragma pop_macro("__WINNT__")
#pragma pop_macro("__MINGW32__")
#pragma pop_macro("__MINGW64__")
#endif
