#include "support/tmpdir.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/proc.h"

static char name[64];

void
tmpdir_enter(void)
{
	int i, err = -1;

	/* One that crashed leaves its directory, and Wine its number. */
	for (i = 0; i < 100 && err != 0; i++) {
		(void)snprintf(name, sizeof(name), i == 0 ? "scratch.%ld" :
		    "scratch.%ld.%d", (long)getpid(), i);
		if ((err = mkdir(name, 0755)) != 0 && errno != EEXIST)
			break;
	}
	if (err != 0 || chdir(name) != 0) {
		perror(name);
		exit(99);
	}
}

const char *
tmpdir_name(void)
{
	return name;
}

int
tmpdir_spawn(const char *const argv[], struct proc **p)
{
	int err;

	if (chdir("..") != 0) {
		perror("..");
		return -1;
	}
	err = proc_spawn(argv, p);
	if (chdir(name) != 0) {
		perror(name);
		exit(99);
	}
	return err;
}

void
tmpdir_leave(void)
{
	struct dirent *e;
	DIR *d;

	if ((d = opendir(".")) != NULL) {
		while ((e = readdir(d)) != NULL)
			if (strcmp(e->d_name, ".") != 0 &&
			    strcmp(e->d_name, "..") != 0)
				(void)remove(e->d_name);
		(void)closedir(d);
	}
	if (chdir("..") != 0 || rmdir(name) != 0)
		perror(name);
}
