/*
 * daemon: NT cannot copy a process, so the program is started once more, out
 * of its console and in a session of its own, and knows in daemon() who it is.
 * LIM-PROC-21.
 */
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "fd/result.h"
#include "process/handoff.h"
#include "process/identity.h"
#include "process/spawn.h"

/* It begins where the program began, and says no word twice. */
static int
act(posix_spawn_file_actions_t *actions, int noclose)
{
	char *dir;
	int err, fd;

	if ((err = startup_dir(&dir)) == 0) {
		err = posix_spawn_file_actions_addchdir(actions, dir);
		free(dir);
	} else if (err == ENOENT) {
		err = 0;
	}
	for (fd = 0; fd <= 2 && err == 0 && !noclose; fd++)
		err = posix_spawn_file_actions_addopen(actions, fd,
		    "/dev/null", O_RDWR, 0);
	return err;
}

static int
start_again(int noclose)
{
	static char *const no_words[] = { NULL };
	posix_spawn_file_actions_t actions;
	struct spawn s = { .actions = &actions, .argv = no_words,
	    .role = HANDOFF_DAEMON };
	struct launched out;
	char *path, *line;
	int err;

	if ((err = startup_words(&path, &line)) != 0)
		return err;
	(void)posix_spawn_file_actions_init(&actions);
	s.raw = line;
	if ((err = act(&actions, noclose)) == 0)
		err = spawn_launch(path, 0, &s, &out);
	(void)posix_spawn_file_actions_destroy(&actions);
	free(line);
	free(path);
	return err;
}

static int
be_daemon(int nochdir, int noclose)
{
	int fd, nul;

	if (!nochdir && chdir("/") != 0)
		return -1;
	if (noclose)
		return 0;
	if ((nul = open("/dev/null", O_RDWR)) == -1)
		return -1;
	for (fd = 0; fd <= 2; fd++)
		(void)dup2(nul, fd);
	if (nul > 2)
		(void)close(nul);
	return 0;
}

int
daemon(int nochdir, int noclose)
{
	int err;

	if (startup_role() == HANDOFF_DAEMON)
		return be_daemon(nochdir, noclose);
	if ((err = start_again(noclose)) == 0)
		process_leave(0);
	return result(err, 0);
}
