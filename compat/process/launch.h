/* Starting a process of NT's. */
#ifndef PROCESS_LAUNCH_H
#define PROCESS_LAUNCH_H

#include <stdint.h>

#include "process/group.h"
#include "process/handoff.h"
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
	enum handoff_role role;
	int held;			/* its first thread waits */
};

struct launched {
	uintptr_t process;
	uintptr_t thread;		/* held: to be resumed; else 0 */
	int64_t pid;
	int is_compat;
};

int launch(const struct launch *, struct launched *);

#endif
