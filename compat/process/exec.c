/*
 * exec: NT puts no other program into a process, so the program is started in
 * one of its own, and this one becomes its doorkeeper.  LIM-PROC-20.
 */
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "process/become.h"
#include "process/dir.h"
#include "process/spawn.h"

static int
exec(const char *file, int search, char *const argv[], char *const envp[])
{
	static char *const none[] = { NULL };
	struct spawn s = { .argv = argv != NULL ? argv : none,
	    .envp = envp != NULL ? envp : none, .role = HANDOFF_HEIR,
	    .text = search };
	struct launched heir;
	int err;

	if (file == NULL)
		return EFAULT;
	if ((err = spawn_launch(file, search, &s, &heir)) != 0)
		return err;
	return become(&heir);
}

int
execve(const char *path, char *const argv[], char *const envp[])
{
	return result(exec(path, 0, argv, envp), 0);
}

int
execv(const char *path, char *const argv[])
{
	return result(exec(path, 0, argv, environ), 0);
}

int
execvpe(const char *file, char *const argv[], char *const envp[])
{
	return result(exec(file, 1, argv, envp), 0);
}

int
execvp(const char *file, char *const argv[])
{
	return result(exec(file, 1, argv, environ), 0);
}

/*
 * The words up to the NULL, to be freed, and for execle the environment behind
 * it.
 */
static int
words(const char *first, va_list ap, char ***list, char *const **envp)
{
	char **new;
	size_t n = 0, room = 0;
	const char *word;

	*list = NULL;
	for (word = first;; word = va_arg(ap, const char *)) {
		if (n == room) {
			room = room == 0 ? 16 : 2 * room;
			new = realloc(*list, room * sizeof(*new));
			if (new == NULL) {
				free(*list);
				return ENOMEM;
			}
			*list = new;
		}
		(*list)[n++] = (char *)(uintptr_t)word;
		if (word == NULL)
			break;
	}
	if (envp != NULL)
		*envp = va_arg(ap, char *const *);
	return 0;
}

static int
exec_words(const char *file, int search, const char *first, va_list ap,
    int with_env)
{
	char **argv, *const *envp = environ;
	int err;

	err = words(first, ap, &argv, with_env ? &envp : NULL);
	if (err != 0)
		return err;
	err = exec(file, search, argv, envp);
	free(argv);
	return err;
}

int
execl(const char *path, const char *first, ...)
{
	va_list ap;
	int err;

	va_start(ap, first);
	err = exec_words(path, 0, first, ap, 0);
	va_end(ap);
	return result(err, 0);
}

int
execle(const char *path, const char *first, ...)
{
	va_list ap;
	int err;

	va_start(ap, first);
	err = exec_words(path, 0, first, ap, 1);
	va_end(ap);
	return result(err, 0);
}

int
execlp(const char *file, const char *first, ...)
{
	va_list ap;
	int err;

	va_start(ap, first);
	err = exec_words(file, 1, first, ap, 0);
	va_end(ap);
	return result(err, 0);
}

/* By the name that the file has now. */
static int
exec_fd(int fd, char *const argv[], char *const envp[])
{
	struct file *f;
	char *path;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	if (f->kind != FILE_DISK)
		err = EACCES;
	else
		err = dir_path(f->handle, &path);
	file_put(f);
	if (err != 0)
		return err;
	err = exec(path, 0, argv, envp);
	free(path);
	return err;
}

int
fexecve(int fd, char *const argv[], char *const envp[])
{
	return result(exec_fd(fd, argv, envp), 0);
}
