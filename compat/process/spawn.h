/* Starting a child from within the library. */
#ifndef PROCESS_SPAWN_H
#define PROCESS_SPAWN_H

#include <spawn.h>

struct spawn {
	const posix_spawn_file_actions_t *actions;
	const posix_spawnattr_t *attr;
	char *const *argv;
	char *const *envp;
	const char *raw;	/* a command line in argv's place, or NULL */
};

int spawn_image(const char *file, int search, const struct spawn *,
    pid_t *pid);

#endif
