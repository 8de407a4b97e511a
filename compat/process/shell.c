#include "process/shell.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "process/search.h"
#include "process/spawn.h"

static int
spawn_sh(const char *sh, const char *command, struct spawn *s, pid_t *pid)
{
	char *argv[] = { (char *)(uintptr_t)sh, (char *)(uintptr_t)"-c",
	    (char *)(uintptr_t)command, NULL };

	s->argv = argv;
	return spawn_image(sh, 1, s, pid);
}

/* With /s it takes off the outer quotes and leaves what is in them alone. */
static int
spawn_cmd(const char *command, struct spawn *s, pid_t *pid)
{
	static const char *const before = "cmd.exe /d /s /c \"";
	char *argv[] = { NULL }, *comspec = search_getenv("ComSpec"), *line;
	size_t n = strlen(before), len = strlen(command);
	int err;

	if ((line = malloc(n + len + 2)) == NULL) {
		free(comspec);
		return ENOMEM;
	}
	(void)memcpy(line, before, n);
	(void)memcpy(line + n, command, len);
	(void)strcpy(line + n + len, "\"");
	s->argv = argv;
	s->raw = line;
	err = spawn_image(comspec != NULL ? comspec : "cmd.exe", 1, s, pid);
	free(comspec);
	free(line);
	return err;
}

int
shell_spawn(const char *command, const posix_spawn_file_actions_t *actions,
    const posix_spawnattr_t *attr, pid_t *pid)
{
	struct spawn s = { .actions = actions, .attr = attr };
	char *sh = search_getenv("COMPAT_SHELL");
	int err;

	if (sh != NULL) {
		err = spawn_sh(sh, command, &s, pid);
		free(sh);
		return err;
	}
	err = spawn_sh("sh", command, &s, pid);
	return err == ENOENT ? spawn_cmd(command, &s, pid) : err;
}
