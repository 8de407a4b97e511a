/* A port of TCP to listen at, and to listen at again. */
#ifndef PROCESS_PORT_H
#define PROCESS_PORT_H

#include <netinet/in.h>

/*
 * A listener, FD_CLOEXEC, at port of an address of these tests' own, or -1 with
 * errno.  Port 0: any, and *in has it.  At 127.0.0.1 other programs may be
 * given a port between its release and the next call with it.
 */
int port_listen(int port, struct sockaddr_in *in);

#endif
