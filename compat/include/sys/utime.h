/* <sys/utime.h>: where the CRT has it; POSIX says <utime.h>. */
#ifdef COMPAT_IN_MINGW
#include_next <sys/utime.h>
#else
#include <utime.h>
#endif
