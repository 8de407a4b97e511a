/* Loopback sockets for the tests; all of them fail the test on an error. */
#ifndef TESTS_NET_H
#define TESTS_NET_H

#include <netinet/in.h>

/* A TCP listener on 127.0.0.1 and its port. */
int net_listen(uint16_t *port);

/* A TCP socket connected to 127.0.0.1:port. */
int net_connect(uint16_t port);

/* The two ends of one TCP connection. */
void net_pair(int fds[2]);

void net_loopback(struct sockaddr_in *, uint16_t port);
uint16_t net_port(int fd);
void net_nonblock(int fd);

/* SO_RCVTIMEO or SO_SNDTIMEO: a time that never passes in a test. */
void net_timeout(int fd, int option);

/* Wait until fd has one of the poll events; 5 s at most. */
int net_wait(int fd, int events);

/* A port of 127.0.0.1 where nobody listens. */
uint16_t net_free_port(void);

/* SO_RCVLOWAT: so many bytes make it readable. */
void net_mark(int fd, int mark);

/* Send all of it at once. */
void net_put(int fd, const char *text);

/* Until n bytes have come and were not read: FIONREAD. */
void net_await(int fd, int n);

/* The next recv() has this text, of 64 bytes at most. */
void net_expect(int fd, int flags, const char *text);

/* The connection ends without a byte; fd is closed. */
void net_expect_end(int fd);

#endif
