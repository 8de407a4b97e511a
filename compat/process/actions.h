/* What is behind posix_spawn_file_actions_t. */
#ifndef PROCESS_ACTIONS_H
#define PROCESS_ACTIONS_H

#include <sys/types.h>

enum action {
	ACTION_OPEN,
	ACTION_CLOSE,
	ACTION_DUP2,
	ACTION_CHDIR,
	ACTION_FCHDIR,
	ACTION_CLOSEFROM
};

struct compat_spawn_action {
	enum action what;
	int fd, new;
	char *path;
	int flags;
	mode_t mode;
};

#endif
