/* Passing descriptors in the tests: cmsg(3), unix(7). */
#ifndef TESTS_PASS_H
#define TESTS_PASS_H

#include <sys/socket.h>

#define PASS_MAX 254

/* Send bytes with descriptors, by one sendmsg(2); what that returned. */
ssize_t pass_send(int sock, const char *bytes, size_t len, const int *fds,
    int n);

/* One byte, with n descriptors in one list and the next m in another. */
ssize_t pass_two(int sock, const int *fds, int n, int m);

/* Pass a pipe's end to write to, the last there is; return the other. */
int pass_last(int sock);

/*
 * All of fd's peers are closed, or are in 5 s: it is at its end, and is closed
 * too.
 */
void pass_expect_end(int fd);

/* Send two bytes, "cr", with credentials of that size. */
ssize_t pass_cred(int sock, const struct ucred *, size_t size);

struct pass {
	char bytes[64];
	int fds[PASS_MAX];
	int n;
	int flags;			/* msg_flags */
	int creds;			/* was there one? */
	struct ucred cred;
};

/*
 * One recvmsg(2) of at most len bytes, with room for so many descriptors
 * (0: for credentials; -1: without control data; PASS_MAX: for all); what it
 * returned.
 */
ssize_t pass_recv(int sock, size_t len, int room, int flags, struct pass *);

/* The same two of one byte and one descriptor, which must succeed. */
void pass_give(int sock, int fd);
int pass_get(int sock);

#endif
