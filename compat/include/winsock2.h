/* <winsock2.h>: Winsock's own, for a file that has no POSIX sockets. */
#if defined(COMPAT_SYS_SOCKET_H) || defined(COMPAT_SYS_SELECT_H) || \
    defined(COMPAT_POLL_H)
#error "<winsock2.h> cannot be used after the socket headers of libcompat: a \
file has either POSIX sockets or Winsock's.  See compat_socket_handle(3)."
#else
#include_next <winsock2.h>
#endif
