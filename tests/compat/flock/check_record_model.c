/*
 * 10,000 random record locks by several processes, each result compared with
 * a model, so that it is the same on every system.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/flock/agent.h"
#include "compat/flock/model.h"
#include "compat/flock/need.h"
#include "support/main.h"

#define AGENTS 4
#define NAMES 2			/* files, each opened twice by each agent */
#define FDS (2 * NAMES)
#define STEPS 10000
#define LOOK 250		/* steps between two looks at everything */

static const char *self;
static struct agent *agents[AGENTS];
static struct model model[NAMES];
static int eyes[NAMES];		/* of a process that has no locks */

static const char *const names[NAMES] = { "f", "g" };

/* Owners: an agent, or its descriptor's description. */
static int
owner(int agent, int i, int ofd)
{
	return ofd ? AGENTS + agent * FDS + i : agent;
}

static void
begin(void)
{
	int i, k;

	for (i = 0; i < NAMES; i++) {
		eyes[i] = open(names[i], O_RDWR | O_CREAT | O_CLOEXEC, 0644);
		ck_assert_int_ge(eyes[i], 0);
		model_clear(&model[i]);
	}
	for (k = 0; k < AGENTS; k++) {
		agents[k] = agent_start(self);
		for (i = 0; i < FDS; i++)
			agent_open(agents[k], i, names[i % NAMES]);
	}
}

static void
end(void)
{
	int i;

	for (i = 0; i < AGENTS; i++)
		ck_assert_int_eq(agent_end(agents[i]), 0);
	for (i = 0; i < NAMES; i++)
		ck_assert_int_eq(close(eyes[i]), 0);
}

static void
step_lock(int agent, int i)
{
	static const int types[] = { F_RDLCK, F_WRLCK, F_UNLCK, F_RDLCK };
	int err, ofd = rand() % 3 == 0;
	struct model_lock l = { .owner = owner(agent, i, ofd),
	    .type = types[rand() % 4] };
	off_t len, start;

	l.start = start = rand() % MODEL_BYTES;
	l.end = l.start + rand() % (MODEL_BYTES - (int)l.start);
	if (rand() % 2 == 0 && l.end > l.start + 3)
		l.end = l.start + 3;
	len = l.end - l.start + 1;
	if (rand() % 16 == 0) {
		l.end = INT64_MAX;
		len = 0;
	} else if (rand() % 4 == 0) {
		start = l.end + 1;
		len = -len;
	}
	err = model_lock(&model[i % NAMES], &l);
	NEED(agent_set(agents[agent], i, ofd ? F_OFD_SETLK : F_SETLK, l.type,
	    start, len) == err);
}

/* All of the process's go, and the description's. */
static void
step_close(int agent, int i)
{
	struct model *m = &model[i % NAMES];

	agent_do(agents[agent], "close", i, 0);
	agent_open(agents[agent], i, names[i % NAMES]);
	model_drop(m, owner(agent, i, 0));
	model_drop(m, owner(agent, i, 1));
}

static void
look_at(int file, int byte)
{
	struct model_lock want, l = { -1, F_WRLCK, byte, byte };
	struct flock fl = { .l_type = F_WRLCK, .l_whence = SEEK_SET,
	    .l_start = byte, .l_len = 1 };

	NEED(fcntl(eyes[file], F_GETLK, &fl) == 0);
	if (!model_conflict(&model[file], &l, &want)) {
		NEED(fl.l_type == F_UNLCK);
		return;
	}
	NEED(fl.l_type == want.type);
	NEED(fl.l_start == want.start);
	NEED(fl.l_len == (want.end == INT64_MAX ? 0 :
	    want.end - want.start + 1));
	NEED(fl.l_pid == (want.owner >= AGENTS ? -1 :
	    (pid_t)agent_pid(agents[want.owner])));
}

static void
look(void)
{
	int file, byte;

	for (file = 0; file < NAMES; file++)
		for (byte = 0; byte < MODEL_CELLS; byte++)
			look_at(file, byte);
}

START_TEST(every_result_is_the_model_s)
{
	int agent, i, n;

	begin();
	srand(20261121);
	for (n = 1; n <= STEPS; n++) {
		agent = rand() % AGENTS;
		i = rand() % FDS;
		if (rand() % 64 == 0)
			step_close(agent, i);
		else
			step_lock(agent, i);
		if (n % LOOK == 0)
			look();
	}
	end();
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[1];

	if (argc == 2 && strcmp(argv[1], "agent") == 0)
		return agent_main();
	self = argv[0];
	tests[0] = every_result_is_the_model_s;
	return run_cases("record_model", tests, 1);
}
