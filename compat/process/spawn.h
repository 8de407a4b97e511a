/* Starting a child from within the library. */
#ifndef PROCESS_SPAWN_H
#define PROCESS_SPAWN_H

#include <spawn.h>

#include "process/launch.h"

struct spawn {
	const posix_spawn_file_actions_t *actions;
	const posix_spawnattr_t *attr;
	char *const *argv;
	char *const *envp;
	const char *raw;	/* a command line in argv's place, or NULL */
	enum handoff_role role;
	int text;		/* one that is no program is for the shell */
};

int spawn_image(const char *file, int search, const struct spawn *,
    pid_t *pid);

/*
 * The same, of any role: the handles are the caller's unless it is a child.
 * An heir waits for its thread to be resumed.
 */
int spawn_launch(const char *file, int search, const struct spawn *,
    struct launched *);

#endif
