/*
 * <winsock.h>: Winsock's own, for a file that has no POSIX sockets.
 * <windows.h> includes it, unless WIN32_LEAN_AND_MEAN is defined.
 */
#if !defined(_WINSOCKAPI_) && (defined(COMPAT_SYS_SOCKET_H) || \
    defined(COMPAT_SYS_SELECT_H) || defined(COMPAT_POLL_H))
#error "<winsock.h> cannot be used after the socket headers of libcompat: a \
file has either POSIX sockets or Winsock's.  <windows.h> includes it unless \
WIN32_LEAN_AND_MEAN is defined.  See compat_socket_handle(3)."
#else
#include_next <winsock.h>
#endif
