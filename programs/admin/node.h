/*
 * The socket's name: to take it safely, and to give it back.
 */
#ifndef ADMIN_NODE_H
#define ADMIN_NODE_H

#include <sys/stat.h>
#include <sys/un.h>

#include <stddef.h>

#include "../pidfile.h"

struct node {
	struct sockaddr_un addr;
	char *lockname;
	struct pidfile lock;	/* held while the node is ours */
	struct stat st;
	int bound;
};

/*
 * The address of path.  Return 0, or ENAMETOOLONG, or ENOENT for "".
 */
int node_address(const char *path, struct sockaddr_un *);

/*
 * Listen at path.  *fdp does not block and is closed on exec.  Return 0, or
 * an errno with a sentence of at most size bytes in why.
 */
int node_listen(struct node *, const char *path, int *fdp, char *why,
    size_t size);

/* Remove the node, if the one of that name is still ours, and the lock. */
void node_remove(struct node *);

/*
 * Does a server live at this address?  Return 0 when it does, ECONNREFUSED or
 * ENOENT when it does not, another errno when that cannot be found out.
 */
int node_probe(const struct sockaddr_un *);

#endif
