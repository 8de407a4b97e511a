/* Starting a process of NT's. */
#ifndef PROCESS_LAUNCH_H
#define PROCESS_LAUNCH_H

#include <stdint.h>

#include "process/group.h"
#include "process/image.h"
#include "process/plan.h"

struct launch {
	const struct image *image;
	const struct plan *plan;
	char *const *argv;
	char *const *envp;
	const char *raw;		/* in argv's place; NULL: none */
	uint64_t mask, ignored;		/* signals */
	struct membership of;		/* 0: the child's own */
};

struct launched {
	uintptr_t process;
	int64_t pid;
};

int launch(const struct launch *, struct launched *);

#endif
