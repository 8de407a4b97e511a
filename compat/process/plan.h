/*
 * What a child gets: its descriptors and its directory, made from the caller's
 * by the file actions, in the caller and before anything is started.
 */
#ifndef PROCESS_PLAN_H
#define PROCESS_PLAN_H

#include <spawn.h>

#include "fd/file.h"
#include "process/handoff.h"

struct plan_fd {
	int fd;
	int cloexec;
	struct file *f;			/* with a reference */
};

struct plan {
	struct plan_fd *fds;		/* in no order */
	int used, room;
	char *dir;			/* NULL: the caller's */
};

/* 0, or the errno of the first action that fails; plan_free() either way. */
int plan_make(const posix_spawn_file_actions_t *, enum handoff_role,
    struct plan *);
void plan_free(struct plan *);

/* The description at fd, or NULL. */
struct file *plan_find(const struct plan *, int fd);

/* path as the child's directory has it: *out is to be freed. */
int plan_path(const struct plan *, const char *path, char **out);

#endif
