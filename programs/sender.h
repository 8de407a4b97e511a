/*
 * What reactor-send does on its connection: streams files, one after the
 * other without waiting for the answers, and checks these.
 */
#ifndef PROGRAMS_SENDER_H
#define PROGRAMS_SENDER_H

#include <stdint.h>

#include "source.h"

struct reactor_group;

enum job_state {
	JOB_WAITING,		/* not begun */
	JOB_SENDING,		/* some parts are posted */
	JOB_SENT,		/* all parts are, the answer is not there */
	JOB_DONE,		/* stored, and what was sent */
	JOB_FAILED		/* not, and that was said */
};

struct job {
	const char *path;
	const char *name;
	struct source src;
	uint64_t id;
	enum job_state state;
};

/*
 * Connect to address and send jobs, in order; print one line for each that
 * arrived and say what is wrong with each other.  Give up when nothing moves
 * for timeout ns.  The group must be fresh.  Return how many jobs failed.
 */
unsigned sender_run(struct reactor_group *group, const char *address,
    struct job *jobs, unsigned njobs, int64_t timeout);

#endif
