/*
 * Sockets of a library that knows nothing of ours: Winsock's on NT.  All are
 * on 127.0.0.1, and every failure is (uintptr_t)-1 or -1.
 */
#ifndef TESTS_FOREIGN_H
#define TESTS_FOREIGN_H

#include <stdint.h>

/* A fresh stream socket, and one for datagrams. */
uintptr_t foreign_stream(void);
uintptr_t foreign_datagram(void);

/* A stream that is connected to a port; one that listens on *port. */
uintptr_t foreign_connect(uint16_t port);
uintptr_t foreign_listen(uint16_t *port);

int foreign_send(uintptr_t sock, const char *data, int len);
int foreign_close(uintptr_t sock);

#endif
