#include "support/term.h"

#include <sys/ioctl.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static int master = -1;
static struct termios lines;

const char *
term_start(void)
{
	if ((master = posix_openpt(O_RDWR | O_NOCTTY)) < 0 ||
	    grantpt(master) != 0 || unlockpt(master) != 0) {
		perror("pty");
		return NULL;
	}
	return ptsname(master);
}

/* A process that leads a group cannot lead a session. */
void
term_lead(int fd)
{
	int status = 0;
	pid_t pid;

	if ((pid = fork()) > 0) {
		(void)waitpid(pid, &status, 0);
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
	}
	if (pid != 0 || setsid() == -1 || ioctl(fd, TIOCSCTTY, 0) != 0)
		perror("setsid");
}

int
term_resize(int rows, int columns)
{
	struct winsize size = { .ws_row = (unsigned short)rows,
	    .ws_col = (unsigned short)columns };

	return ioctl(master, TIOCSWINSZ, &size);
}

void
term_raw(int fd, int on)
{
	struct termios t;

	if (on) {
		(void)tcgetattr(fd, &lines);
		t = lines;
		cfmakeraw(&t);
		(void)tcsetattr(fd, TCSANOW, &t);
	} else {
		(void)tcsetattr(fd, TCSANOW, &lines);
	}
}

void
term_type(const char *text)
{
	if (write(master, text, strlen(text)) != (ssize_t)strlen(text))
		perror("pty");
}

void
term_disturb(void)
{
	static struct winsize size = { .ws_row = 20, .ws_col = 40 };

	size.ws_col++;
	(void)ioctl(master, TIOCSWINSZ, &size);
}
