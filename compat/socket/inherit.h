/* Handing sockets to children. */
#ifndef SOCKET_INHERIT_H
#define SOCKET_INHERIT_H

#include "fd/file.h"

int sock_hand(struct file *, struct hand_record *);
void sock_handed(struct file *, uint32_t pid, int n);
int sock_native(struct file *, struct native_handle *);

#endif
