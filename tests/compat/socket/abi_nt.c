/* Winsock's side of check_abi. */
#include "compat/socket/abi.h"

#include "nt/nt.h"

/* <afunix.h> has it, and a second door to Windows headers is not for tests. */
struct sockaddr_un {
	ADDRESS_FAMILY sun_family;
	char sun_path[108];
};

/* Winsock has the same under other names. */
#define cmsghdr _WSACMSGHDR
#undef CMSG_LEN
#undef CMSG_SPACE
#define CMSG_LEN(n) WSA_CMSG_LEN(n)
#define CMSG_SPACE(n) WSA_CMSG_SPACE(n)

const struct abi winsock_abi[] = { ABI_ROWS };
