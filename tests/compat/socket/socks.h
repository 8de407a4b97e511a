/* One socket of each kind and state, for tables of errors. */
#ifndef TESTS_SOCKS_H
#define TESTS_SOCKS_H

#include <sys/socket.h>

enum sock_kind {
	CLOSED,			/* a number that is not open */
	PLAIN,			/* a regular file */
	TCP_FRESH,
	TCP_LISTENER,
	TCP_CONN,		/* connected, nothing to read */
	TCP_DONE,		/* connected, and shut down both ways */
	UDP_FRESH,
	UDP_CONN,
	UNIX_FRESH,
	UNIX_LISTENER,
	UNIX_CONN,
	SEQ_FRESH,		/* sequenced packets */
	SEQ_LISTENER,
	SEQ_CONN,
	SOCK_KINDS
};

extern const char *const sock_kind_name[SOCK_KINDS];

/** socks_begin(): make what the sockets and addresses below refer to. */
void socks_begin(void);
void socks_end(void);

/** socks_open(kind): a new one, which does not block. */
int socks_open(enum sock_kind);

/** socks_close(fd): and of what belongs to it, whatever a call did to it. */
void socks_close(int fd);

/** The kind of what socks_open() gave last. */
extern enum sock_kind socks_kind;

/* An address for it: its own family's, or an Internet one for no socket. */
enum sock_addr {
	ANY,			/* free to bind */
	LIVE,			/* somebody listens, or receives, there */
	DEAD,			/* nobody does any more */
	AWAY			/* not of this host; in no directory */
};

socklen_t socks_addr(enum sock_addr, struct sockaddr_storage *);

/* The calls with such an address. */
int socks_bind(int fd, enum sock_addr);
int socks_connect(int fd, enum sock_addr);

#endif
