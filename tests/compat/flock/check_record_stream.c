/*
 * POSIX, fcntl(): the process's locks go "when any file descriptor for that
 * file is closed", by whatever closes it: a stream, or a library that knows
 * nothing of ours.
 */
#include <stdio.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "compat/fd/foreign.h"
#include "compat/flock/agent.h"
#include "support/main.h"

static const char *self;
static struct agent *other;
static int fd;

static void
begin(void)
{
	fd = open("f", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	ck_assert_int_ge(fd, 0);
	other = agent_start(self);
	agent_open(other, 0, "f");
}

static void
end(void)
{
	ck_assert_int_eq(agent_end(other), 0);
	ck_assert_int_eq(close(fd), 0);
}

static void
take(void)
{
	struct flock fl = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	ck_assert_int_eq(fcntl(fd, F_SETLK, &fl), 0);
}

static void
is_held(void)
{
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 0, 0), EAGAIN);
}

static void
is_free(void)
{
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 0, 0), 0);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_UNLCK, 0, 0), 0);
}

START_TEST(fclose_drops_the_locks)
{
	FILE *f, *g;

	begin();
	f = fopen("f", "r");
	g = fopen("g", "w");
	ck_assert(f != NULL && g != NULL);
	take();
	ck_assert_int_eq(fgetc(f), EOF);
	ck_assert_int_eq(fclose(g), 0);
	is_held();
	ck_assert_int_eq(fclose(f), 0);
	is_free();
	f = fdopen(dup(fd), "r+");
	ck_assert_ptr_nonnull(f);
	take();
	ck_assert_int_eq(fclose(f), 0);
	is_free();
	end();
}
END_TEST

START_TEST(freopen_drops_the_locks)
{
	FILE *f;

	begin();
	f = fopen("f", "r");
	ck_assert_ptr_nonnull(f);
	take();
	f = freopen("g", "w", f);
	ck_assert_ptr_nonnull(f);
	is_free();
	take();
	ck_assert_ptr_null(freopen("none/such", "r", f));
	is_held();
	f = fopen("f", "r");
	ck_assert_ptr_null(freopen("none/such", "r", f));
	is_free();
	end();
}
END_TEST

START_TEST(a_foreign_library_drops_the_locks)
{
	FILE *f;
	int d;

	begin();
	f = fopen("f", "r");
	take();
	ck_assert_int_eq(foreign_fclose(f), 0);
	is_free();

	f = foreign_fopen("f", "r");
	take();
	ck_assert_int_eq(foreign_fclose(f), 0);
	is_free();

	d = foreign_open("f");
	take();
	ck_assert_int_eq(foreign_close(d), 0);
	is_free();

	d = foreign_dup(fd);
	ck_assert_int_ge(d, 0);
	take();
	ck_assert_int_eq(foreign_close(d), 0);
	is_free();

	d = foreign_open("f");
	ck_assert_int_eq(fcntl(d, F_GETFD) & ~FD_CLOEXEC, 0);
	take();
	ck_assert_int_eq(foreign_close(d), 0);
	is_free();
	end();
}
END_TEST

START_TEST(a_foreign_dup2_drops_the_locks)
{
	int d, g;

	begin();
	g = foreign_open("g");
	d = foreign_open("f");
	take();
	ck_assert_int_eq(foreign_dup2(g, d), 0);
	is_free();
	take();
	ck_assert_int_eq(foreign_close(d), 0);
	ck_assert_int_eq(foreign_close(g), 0);
	is_held();
	end();
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[8];
	int n = 0;

	if (argc == 2 && strcmp(argv[1], "agent") == 0)
		return agent_main();
	self = argv[0];
	tests[n++] = fclose_drops_the_locks;
	tests[n++] = freopen_drops_the_locks;
	tests[n++] = a_foreign_library_drops_the_locks;
	tests[n++] = a_foreign_dup2_drops_the_locks;
	return run_cases("record_stream", tests, n);
}
