#include "node.h"

#include <sys/socket.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../say.h"

#define BACKLOG 128

int
node_address(const char *path, struct sockaddr_un *un)
{
	size_t len = strlen(path);

	memset(un, 0, sizeof(*un));
	un->sun_family = AF_UNIX;
	if (len == 0)
		return ENOENT;
	if (len >= sizeof(un->sun_path))
		return ENAMETOOLONG;
	memcpy(un->sun_path, path, len);
	return 0;
}

int
node_probe(const struct sockaddr_un *un)
{
	int fd, err = 0;

	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return errno;
	if (connect(fd, (const struct sockaddr *)un, sizeof(*un)) != 0)
		err = errno;
	(void)close(fd);
	/* Somebody is there, only busy: the queue is full. */
	return err == EAGAIN || err == EINPROGRESS ? 0 : err;
}

/* Make the directories that path leads through and that are not there. */
static int
make_parents(const char *path)
{
	char dir[sizeof(((struct sockaddr_un *)0)->sun_path)];
	char *p;

	(void)snprintf(dir, sizeof(dir), "%s", path);
	for (p = dir + 1; *p != '\0'; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(dir, 0700) != 0 && errno != EEXIST &&
		    access(dir, F_OK) != 0)
			return errno;
		*p = '/';
	}
	return 0;
}

/*
 * Nobody holds the lock but us.  So a socket on which nobody answers is a dead
 * server's; a program that does not know of the lock could only lose it
 * between its bind and its listen.  (On NT bind itself replaces a dead
 * server's, LIM-UNIX-4, and this finds none.)
 */
static int
remove_stale(const struct sockaddr_un *un)
{
	struct stat st;
	int err;

	if (lstat(un->sun_path, &st) != 0)
		return errno == ENOENT ? 0 : errno;
	if (!S_ISSOCK(st.st_mode))
		return EADDRINUSE;
	if ((err = node_probe(un)) == ENOENT)
		return 0;
	if (err != ECONNREFUSED)
		return EADDRINUSE;
	return unlink(un->sun_path) == 0 || errno == ENOENT ? 0 : errno;
}

/* bind() for our eyes only. */
static int
bind_private(int fd, const struct sockaddr_un *un)
{
	mode_t mask = umask(0177);
	int err = 0;

	if (bind(fd, (const struct sockaddr *)un, sizeof(*un)) != 0)
		err = errno;
	(void)umask(mask);
	return err;
}

static int
bind_and_listen(struct node *node, int fd)
{
	int err;

	if ((err = bind_private(fd, &node->addr)) == EADDRINUSE &&
	    (err = remove_stale(&node->addr)) == 0)
		err = bind_private(fd, &node->addr);
	if (err != 0)
		return err;
	if (lstat(node->addr.sun_path, &node->st) != 0)
		return errno;
	node->bound = 1;
	return listen(fd, BACKLOG) == 0 ? 0 : errno;
}

/* PATH.lock. */
static int
take_lock(struct node *node, char *why, size_t size)
{
	size_t room = sizeof(node->addr.sun_path) + sizeof(".lock");
	int err;

	if ((node->lockname = malloc(room)) == NULL) {
		(void)snprintf(why, size, "%s", say_errno(ENOMEM));
		return ENOMEM;
	}
	(void)snprintf(node->lockname, room, "%s.lock", node->addr.sun_path);
	err = pidfile_take(&node->lock, node->lockname, why, size);
	return err == EWOULDBLOCK || err == EEXIST ? EADDRINUSE : err;
}

int
node_listen(struct node *node, const char *path, int *fdp, char *why,
    size_t size)
{
	int err;

	memset(node, 0, sizeof(*node));
	if ((err = node_address(path, &node->addr)) != 0 ||
	    (err = make_parents(path)) != 0)
		goto say_why;
	if ((err = take_lock(node, why, size)) != 0)
		goto remove;
	*fdp = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (*fdp == -1) {
		err = errno;
		goto say_why;
	}
	if ((err = bind_and_listen(node, *fdp)) == 0)
		return 0;
	(void)close(*fdp);
say_why:
	(void)snprintf(why, size, "%s: %s", path, say_errno(err));
remove:
	node_remove(node);
	return err;
}

void
node_remove(struct node *node)
{
	struct stat now;

	if (node->bound && lstat(node->addr.sun_path, &now) == 0 &&
	    now.st_dev == node->st.st_dev && now.st_ino == node->st.st_ino)
		(void)unlink(node->addr.sun_path);
	node->bound = 0;
	pidfile_drop(&node->lock);
	free(node->lockname);
	node->lockname = NULL;
}
