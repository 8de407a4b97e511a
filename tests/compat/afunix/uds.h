/* AF_UNIX sockets for the tests; what fails ends the program, but uds_try_*. */
#ifndef TESTS_UDS_H
#define TESTS_UDS_H

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

/* The address of path; its length. */
socklen_t uds_addr(struct sockaddr_un *, const char *path);

int uds_socket(void);

/* bind(2) of a new socket: the descriptor, or -1 with errno. */
int uds_try_bind(const char *path);
int uds_try_connect(const char *path, int type_flags);

int uds_listen(const char *path, int backlog);
int uds_connect(const char *path);

/* The same for other types; a socketpair(2); no path: a socket not bound. */
int uds_bind_type(int type, const char *path);
int uds_try_connect_fd(int fd, const char *path);
void uds_pair(int type, int fds[2]);
void uds_close_pair(const int fds[2]);

/* sendto(2) of a string: its length, or -1 with errno. */
ssize_t uds_send_to(int fd, const char *path, const char *text);

/* A message must be there now, and be the text; nothing must be there. */
void uds_expect(int fd, const char *text);
void uds_expect_nothing(int fd);

/* SO_ERROR, which is then 0. */
int uds_error(int fd);

/* poll(2), which does not wait: what holds of the POLL* events. */
int uds_events(int fd, int events);

/*
 * Send messages of UDS_FILL bytes with a number in front, from 0 on, until no
 * more fits: how many.  And get the one with that number.
 */
#define UDS_FILL 1000
int uds_fill(int fd);
void uds_expect_number(int fd, int number);

/* Send back what comes until the end, or an empty message: a child's result. */
int uds_mirror(int fd);

/*
 * The same for each type: a pair's flags; EINTR of a recv() that waits; 100,000
 * bytes, and EMSGSIZE; SO_SNDTIMEO and SO_RCVTIMEO.
 */
void uds_test_flags(int type);
void uds_test_handler(int type);
void uds_test_large(int type);
void uds_test_times(int type);

/* Send a byte over a and get it at b, and back. */
void uds_exchange(int a, int b);

#endif
