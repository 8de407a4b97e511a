/* Stream sockets by the system's own calls: socket_nt.c or socket_posix.c. */
#ifndef BENCH_SOCKET_H
#define BENCH_SOCKET_H

#include <stddef.h>
#include <stdint.h>

/* These wait; how many bytes, or -1. */
struct socket_io {
	const char *name;
	long (*send)(intptr_t, const void *, size_t);
	long (*recv)(intptr_t, void *, size_t);
};

extern const struct socket_io raw_io;

/** raw_pair(s): the ends of a TCP connection on 127.0.0.1, without delay. */
int raw_pair(intptr_t s[2]);

void raw_close(intptr_t);

#endif
