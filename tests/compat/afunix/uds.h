/* AF_UNIX sockets for the tests; what fails ends the program, but uds_try_*. */
#ifndef TESTS_UDS_H
#define TESTS_UDS_H

#include <sys/socket.h>
#include <sys/un.h>

/* The address of path; its length. */
socklen_t uds_addr(struct sockaddr_un *, const char *path);

int uds_socket(void);

/* bind(2) of a new socket: the descriptor, or -1 with errno. */
int uds_try_bind(const char *path);
int uds_try_connect(const char *path, int type_flags);

int uds_listen(const char *path, int backlog);
int uds_connect(const char *path);

/* Send a byte over a and get it at b, and back. */
void uds_exchange(int a, int b);

#endif
