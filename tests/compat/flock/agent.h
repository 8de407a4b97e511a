/*
 * Another process that locks what it is told to.  It opens files under small
 * numbers, and answers each line with one.
 */
#ifndef FLOCK_AGENT_H
#define FLOCK_AGENT_H

#include <sys/types.h>

struct agent;

/** agent_main(): what main() does for argv[1] "agent".  Return its status. */
int agent_main(void);

/** agent_start(self): start one, in the parent of the current directory. */
struct agent *agent_start(const char *self);

long agent_pid(const struct agent *);

/** agent_open(a, i, name): open name, for reading and writing, as i. */
void agent_open(struct agent *, int i, const char *name);

/** agent_do(a, what, i, j): "close" i, or "dup" i onto j. */
void agent_do(struct agent *, const char *what, int i, int j);

/**
 * agent_set(a, i, cmd, type, start, len):
 * Have it lock from the file's beginning.  Return 0 or its errno, by number of
 * this system.  agent_ask() only asks for it, and agent_answer() waits.
 */
int agent_set(struct agent *, int i, int cmd, int type, off_t start,
    off_t len);
void agent_ask(struct agent *, int i, int cmd, int type, off_t start,
    off_t len);
int agent_answer(struct agent *);

/**
 * agent_chain(a, i, type, start, len):
 * Have it wait for a lock, and unlock all of i then, whether it got it or not.
 */
void agent_chain(struct agent *, int i, int type, off_t start, off_t len);

/** agent_hammer(a, i, seed): lock and unlock at random until it is killed. */
void agent_hammer(struct agent *, int i, unsigned int seed);

void agent_kill(struct agent *);

/** agent_end(a): let it exit.  Return its status, -1 if it was killed. */
int agent_end(struct agent *);

#endif
