/*
 * The one door to Windows headers.  Only *_nt.[ch] include it.
 *
 * bits/crt.h comes first, so that off_t, pid_t and the other types that we
 * widen are ours here too, and <errno.h> before Winsock, which otherwise
 * defines EWOULDBLOCK and others as 10035 and the like.  Never include
 * <sys/socket.h>, <sys/select.h>, <poll.h> or <unistd.h> next to it: they
 * redeclare what Winsock declares.
 */
#ifndef NT_NT_H
#define NT_NT_H

#include <bits/crt.h>
#include <errno.h>

#define WIN32_LEAN_AND_MEAN
#define WIN32_NO_STATUS		/* winnt.h's STATUS_* are DWORDs, and few */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <mswsock.h>
#include <windows.h>
#include <winioctl.h>
#include <iphlpapi.h>
#undef WIN32_NO_STATUS
#include <aclapi.h>
#include <psapi.h>
#include <winternl.h>
#include <ntstatus.h>

#endif
