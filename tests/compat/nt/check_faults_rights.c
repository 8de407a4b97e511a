/* Descriptors on their way when NT refuses. */
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>

#include "compat/afunix/pass.h"
#include "compat/nt/fault_run.h"

#define CALLS_MAX 200

static int s[2], fds[3];

static void
drop(struct pass *p)
{
	while (p->n > 0)
		ck_assert_int_eq(close(p->fds[--p->n]), 0);
}

static void
receive(void)
{
	struct pass p;

	ck_assert_int_eq(pass_recv(s[1], 8, 3, 0, &p), 1);
	ck_assert_int_eq(p.n, 3);
	drop(&p);
}

/* A file, a pipe's end and an eventfd: three kinds, many handles. */
static void
begin(void)
{
	int ends[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(close(ends[0]), 0);
	fds[0] = open("f", O_RDWR | O_CREAT, 0600);
	fds[1] = ends[1];
	fds[2] = eventfd(0, 0);
	ck_assert_int_ge(fds[0], 0);
	ck_assert_int_ge(fds[2], 0);
	/* Once, so that what is shared then has its section already. */
	ck_assert_int_eq(pass_send(s[0], "x", 1, fds, 3), 1);
	receive();
}

static void
end(void)
{
	int i;

	for (i = 0; i < 3; i++)
		ck_assert_int_eq(close(fds[i]), 0);
	ck_assert_int_eq(close(s[0]), 0);
	ck_assert_int_eq(close(s[1]), 0);
}

struct step {
	const char *call;
	uint32_t code;
	int err;
};

/*
 * Send while a call fails; 1: none did.  No handle stays, but one that another
 * thread of the library or of Wine took meanwhile, which does not come twice.
 */
static int
send_failing(const struct step *step, unsigned int skip)
{
	unsigned int before;
	struct pass p;
	int tries;

	for (tries = 0; tries < 2; tries++) {
		before = fault_handles();
		fault_reset();
		fault_set(step->call, skip, 1, step->code);
		if (pass_send(s[0], "x", 1, fds, 3) == 1)
			return 1;
		ck_assert_int_eq(errno, step->err);
		fault_reset();
		FAILS(pass_recv(s[1], 8, 3, MSG_DONTWAIT, &p), EAGAIN);
		if (fault_handles() <= before)
			return 0;
	}
	ck_abort_msg("%s, %u: handles stay", step->call, skip);
	return 0;
}

/* Whatever fails on the way: nothing is sent, and no handle stays. */
START_TEST(failed_sending_sends_nothing)
{
	static const struct step step[] = {
		{ "DuplicateHandle", NO_RESOURCES, ENOBUFS },
		{ "CreateFileMappingW", NO_RESOURCES, ENOBUFS },
		{ "MapViewOfFile", NO_RESOURCES, ENOBUFS },
		{ "WSASend", 10055u, ENOBUFS },
	};
	unsigned int failed = 0, i, skip;

	begin();
	for (i = 0; i < sizeof(step) / sizeof(step[0]); i++) {
		for (skip = 0; skip < CALLS_MAX; skip++) {
			if (send_failing(&step[i], skip))
				break;
			failed++;
			ck_assert_int_eq(pass_send(s[0], "y", 1, fds, 3), 1);
			receive();
		}
		fault_reset();
		receive();
	}
	fault_reset();
	/* Each handle of the three, the section, and one of all others. */
	ck_assert_uint_ge(failed, 12);
	end();
}
END_TEST

/* A peek that fails leaves the descriptors for who reads. */
START_TEST(failed_peek_loses_nothing)
{
	struct pass p;
	unsigned int before, skip;

	begin();
	before = fault_handles();
	ck_assert_int_eq(pass_send(s[0], "x", 1, fds, 3), 1);
	for (skip = 0; skip < CALLS_MAX; skip++) {
		fault_reset();
		fault_set("DuplicateHandle", skip, 1, NO_RESOURCES);
		ck_assert_int_eq(pass_recv(s[1], 8, 3, MSG_PEEK, &p), 1);
		if (p.n == 3)
			break;
		ck_assert_int_eq(p.flags & MSG_CTRUNC, MSG_CTRUNC);
		drop(&p);
	}
	fault_reset();
	ck_assert_uint_ge(skip, 6);
	drop(&p);
	receive();
	ck_assert_uint_eq(fault_handles(), before);
	end();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		failed_sending_sends_nothing,
		failed_peek_loses_nothing,
	};

	return fault_run("faults of passing", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
