#include <spawn.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fd/fdtable.h"
#include "process/actions.h"

int
posix_spawn_file_actions_init(posix_spawn_file_actions_t *a)
{
	*a = (posix_spawn_file_actions_t){ 0 };
	return 0;
}

int
posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *a)
{
	int i;

	for (i = 0; i < a->spawn_used_; i++)
		free(a->spawn_list_[i].path);
	free(a->spawn_list_);
	return posix_spawn_file_actions_init(a);
}

static int
add(posix_spawn_file_actions_t *a, struct compat_spawn_action action)
{
	struct compat_spawn_action *list = a->spawn_list_;
	int room = a->spawn_room_;

	if (action.fd < 0 || action.fd >= FD_MAX ||
	    action.new < 0 || action.new >= FD_MAX)
		return EBADF;
	if (a->spawn_used_ == room) {
		room = room == 0 ? 8 : 2 * room;
		list = realloc(list, (size_t)room * sizeof(*list));
		if (list == NULL)
			return ENOMEM;
		a->spawn_list_ = list;
		a->spawn_room_ = room;
	}
	if (action.path != NULL &&
	    (action.path = strdup(action.path)) == NULL)
		return ENOMEM;
	list[a->spawn_used_++] = action;
	return 0;
}

/* The strings are copied by add(). */
static char *
unconst(const char *path)
{
	return (char *)(uintptr_t)path;
}

int
posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *__restrict__ a,
    int fd, const char *__restrict__ path, int flags, mode_t mode)
{
	return add(a, (struct compat_spawn_action){ .what = ACTION_OPEN,
	    .fd = fd, .path = unconst(path), .flags = flags, .mode = mode });
}

int
posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *a, int fd)
{
	return add(a, (struct compat_spawn_action){ .what = ACTION_CLOSE,
	    .fd = fd });
}

int
posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *a, int fd,
    int new)
{
	return add(a, (struct compat_spawn_action){ .what = ACTION_DUP2,
	    .fd = fd, .new = new });
}

int
posix_spawn_file_actions_addchdir(posix_spawn_file_actions_t *__restrict__ a,
    const char *__restrict__ path)
{
	return add(a, (struct compat_spawn_action){ .what = ACTION_CHDIR,
	    .path = unconst(path) });
}

int
posix_spawn_file_actions_addchdir_np(
    posix_spawn_file_actions_t *__restrict__ a, const char *__restrict__ path)
{
	return posix_spawn_file_actions_addchdir(a, path);
}

int
posix_spawn_file_actions_addfchdir(posix_spawn_file_actions_t *a, int fd)
{
	return add(a, (struct compat_spawn_action){ .what = ACTION_FCHDIR,
	    .fd = fd });
}

int
posix_spawn_file_actions_addfchdir_np(posix_spawn_file_actions_t *a, int fd)
{
	return posix_spawn_file_actions_addfchdir(a, fd);
}

int
posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *a, int fd)
{
	return add(a, (struct compat_spawn_action){ .what = ACTION_CLOSEFROM,
	    .fd = fd });
}
