/*
 * Random sequences of socket, pipe, eventfd, timerfd and epoll operations: what
 * every call gives has to be what Linux gives.  random_expected.h has a digest
 * of each sequence's log, made on Linux:
 *
 *	long_epoll_random --table > random_expected.h
 *	check_epoll_random --log SEED		one log, to compare by eye
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compat/poll/random.h"
#include "compat/poll/random_expected.h"
#include "support/main.h"

/* Of those in the table; long_epoll_random takes all. */
#ifndef SEEDS
#define SEEDS 40
#endif
#define STEPS 150

static void
sequence(uint64_t seed)
{
	int i;

	log_begin(seed);
	things_begin();
	thing_new(EPOLL, SLOTS - 1, -1);
	for (i = 0; i < STEPS; i++)
		step();
	things_end();
}

START_TEST(every_sequence_gives_what_linux_gives)
{
	int seed, wrong = 0;
	uint64_t digest;

	ck_assert_int_le(SEEDS, sizeof(expected) / sizeof(expected[0]));
	for (seed = 0; seed < SEEDS; seed++) {
		sequence((uint64_t)seed);
		digest = log_digest();
		if (digest == expected[seed])
			continue;
		(void)printf("seed %d: %016llx, not %016llx\n", seed,
		    (unsigned long long)digest,
		    (unsigned long long)expected[seed]);
		wrong++;
	}
	ck_assert_int_eq(wrong, 0);
}
END_TEST

static int
table(void)
{
	int seed;

	(void)printf("/* Made on Linux by long_epoll_random --table. */\n"
	    "static const uint64_t expected[] = {\n");
	for (seed = 0; seed < SEEDS; seed++) {
		sequence((uint64_t)seed);
		(void)printf("%s0x%016llx,", seed % 3 == 0 ? "\t" : " ",
		    (unsigned long long)log_digest());
		if (seed % 3 == 2)
			(void)printf("\n");
	}
	(void)printf("\n};\n");
	return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	const TTest *const tests[] = {
		every_sequence_gives_what_linux_gives,
	};

	(void)signal(SIGPIPE, SIG_IGN);
	if (argc == 2 && strcmp(argv[1], "--table") == 0)
		return table();
	if (argc == 3 && strcmp(argv[1], "--log") == 0) {
		sequence(strtoull(argv[2], NULL, 0));
		(void)fputs(log_text(), stdout);
		return EXIT_SUCCESS;
	}
	return run_cases("epoll_random", tests, 1);
}
