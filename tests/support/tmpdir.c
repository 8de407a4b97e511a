#include "support/tmpdir.h"

#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char name[64];

void
tmpdir_enter(void)
{
	(void)snprintf(name, sizeof(name), "scratch.%ld", (long)getpid());
	if (mkdir(name, 0700) != 0 || chdir(name) != 0) {
		perror(name);
		exit(99);
	}
}

void
tmpdir_leave(void)
{
	if (chdir("..") == 0)
		(void)rmdir(name);
}
