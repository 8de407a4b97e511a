/* Datagrams of AF_UNIX, for who makes and hands over sockets. */
#ifndef AFUNIX_DGRAM_H
#define AFUNIX_DGRAM_H

#include "afunix/unix.h"

int dgram_socket(int flags, struct socket **);
int dgram_pair(int flags, struct socket *[2]);

/* A socket around a mailbox, which it owns from then on, also on failure. */
int dgram_wrap(struct mailbox *, int flags, struct socket **);

#endif
