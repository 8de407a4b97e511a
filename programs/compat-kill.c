/*
 * compat-kill: send a signal to processes, as kill(1) does.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"
#include "signame.h"

static int
usage(void)
{
	(void)puts(
	    "usage: compat-kill [-s SIGNAL | -SIGNAL] [--] PID...\n"
	    "       compat-kill -l [STATUS]\n"
	    "\n"
	    "Send a signal, TERM unless another is named, to processes.  0 is the\n"
	    "own process group, -PID the group PID, -1 all processes.\n"
	    "\n"
	    "  -s SIGNAL      a name, with or without SIG, or a number; 0 asks\n"
	    "                 whether the process is there\n"
	    "  -l             list the signals\n"
	    "  -l STATUS      the signal that an exit status, or a number, means\n"
	    "  --help         print this\n"
	    "  --version      print the version");
	return say_flush();
}

/* A negative number is a process group. */
static int
parse_pid(const char *text, pid_t *pid)
{
	uint64_t n;
	int64_t value;
	int negative = *text == '-';

	if (parse_number(text + negative, INT64_MAX, &n) != 0)
		return EINVAL;
	value = negative ? -(int64_t)n : (int64_t)n;
	*pid = (pid_t)value;
	return *pid == value ? 0 : EINVAL;
}

static int
send_to(const char *text, int signo)
{
	pid_t pid;

	if (parse_pid(text, &pid) != 0) {
		say("%s: not a process id", text);
		return 1;
	}
	if (kill(pid, signo) == 0)
		return 0;
	say("%s: %s", text, errno == ENOSYS ? "this cannot be done here" :
	    say_errno(errno));
	return 1;
}

/* Each is tried, whatever became of those before it. */
static int
send_all(char **pids, int signo)
{
	int status = 0;

	if (*pids == NULL) {
		say("no process id");
		return say_usage();
	}
	for (; *pids != NULL; pids++)
		if (send_to(*pids, signo) != 0)
			status = 1;
	return status;
}

/* Shells show the end by a signal as 128 and its number. */
static int
list_one(const char *text)
{
	char name[SIGNAME_MAX];
	uint64_t n;

	if (parse_number(text, INT_MAX, &n) != 0 ||
	    signame_of((int)(n > 128 ? n - 128 : n), name) != 0) {
		say("%s: no signal", text);
		return 1;
	}
	(void)puts(name);
	return say_flush();
}

static int
list_all(void)
{
	char name[SIGNAME_MAX];
	int signo;

	for (signo = 1; signo <= SIGRTMAX; signo++)
		if (signame_of(signo, name) == 0)
			(void)puts(name);
	return say_flush();
}

static int
list(char **args)
{
	if (*args != NULL && strcmp(*args, "--") == 0)
		args++;
	if (*args == NULL)
		return list_all();
	if (args[1] != NULL) {
		say("one exit status at a time");
		return say_usage();
	}
	return list_one(*args);
}

/* What stands behind the first '-'; args is what follows. */
static int
by_option(const char *option, char **args)
{
	const char *name = option;
	int signo;

	if (strcmp(option, "-help") == 0)
		return usage();
	if (strcmp(option, "-version") == 0)
		return say_version();
	if (strcmp(option, "l") == 0)
		return list(args);
	if (strcmp(option, "-") == 0)
		return send_all(args, SIGTERM);
	if (*option == 's') {
		name = option[1] != '\0' ? option + 1 : *args++;
		if (name == NULL) {
			say("-s needs the name of a signal");
			return say_usage();
		}
	}
	/* -stop is a signal, though it begins as an option does. */
	if (signame_parse(name, &signo) != 0 &&
	    signame_parse(option, &signo) != 0) {
		say("%s: no signal", name);
		return say_usage();
	}
	if (*args != NULL && strcmp(*args, "--") == 0)
		args++;
	return send_all(args, signo);
}

int
main(int argc, char **argv)
{
	say_init("compat-kill");
	if (argc < 2) {
		say("no process id");
		return say_usage();
	}
	if (argv[1][0] == '-' && argv[1][1] != '\0')
		return by_option(argv[1] + 1, argv + 2);
	return send_all(argv + 1, SIGTERM);
}
