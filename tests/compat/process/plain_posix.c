/* The program that stands for others, where all are alike. */
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
copy(int from, int to)
{
	static char buf[30000];
	ssize_t n, put, done;

	while ((n = read(from, buf, sizeof(buf))) > 0)
		for (put = 0; put < n; put += done)
			if ((done = write(to, buf + put,
			    (size_t)(n - put))) < 0)
				return 3;
	return n == 0 ? 0 : 4;
}

/*
 * Open what check_survivor.c says, read two bytes, and start argv[0] as all
 * programs are started here.
 */
static int
parent(char *argv[])
{
	char c[2];
	int status;
	pid_t pid;

	if (open("file", O_RDWR) != 3 || open("file", O_RDWR | O_CLOEXEC) != 4 ||
	    open("file", O_WRONLY | O_APPEND) != 5 || dup2(3, 7) != 7 ||
	    read(3, c, 2) != 2)
		return 9;
	if ((pid = fork()) == 0) {
		(void)execv(argv[0], argv);
		_exit(10);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 11;
	return WEXITSTATUS(status);
}

int
main(int argc, char *argv[])
{
	const char *role = argc > 1 ? argv[1] : "";
	char text[64];
	size_t len;
	ssize_t n;
	int fd;

	if (strcmp(role, "cat") == 0)
		return copy(0, 1);
	if (strcmp(role, "exit") == 0)
		return (int)strtoul(argv[2], NULL, 0);
	if (strcmp(role, "write") == 0) {
		len = strlen(argv[3]);
		return write(atoi(argv[2]), argv[3], len) == (ssize_t)len ?
		    0 : 5;
	}
	if (strcmp(role, "read") == 0) {
		if ((n = read(0, text, (size_t)atoi(argv[2]))) < 0)
			return 6;
		return write(1, text, (size_t)n) == n ? 0 : 7;
	}
	if (strcmp(role, "fds") == 0) {
		for (fd = 0; fd < 100; fd++)
			if (fcntl(fd, F_GETFD) != -1) {
				n = snprintf(text, sizeof(text), "%d ", fd);
				(void)!write(1, text, (size_t)n);
			}
		return 0;
	}
	if (strcmp(role, "wait") == 0) {
		(void)!write(1, "ready", 5);
		(void)close(1);
		for (;;)
			(void)pause();
	}
	if (strcmp(role, "closed") == 0)
		return fcntl(atoi(argv[2]), F_GETFD) != -1;
	if (strcmp(role, "parent") == 0)
		return parent(argv + 2);
	return 8;
}
