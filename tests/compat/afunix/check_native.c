/*
 * NT's own AF_UNIX, a model of it (support/unix_model.h): where it differs from
 * Linux and from the emulation, and how its ends find their lane.  The program
 * starts itself, with the model, in the roles that are below.
 */
#include <sys/socket.h>
#include <sys/stat.h>

#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/nt/fault.h"
#include "pass.h"
#include "plain.h"
#include "support/main.h"
#include "support/proc.h"
#include "uds.h"

#define PATH "s"

static char *self;

/* --- roles --- */

static void
must(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(97);
}

static void
must_be_called(int fd, const char *path)
{
	struct sockaddr_un un;
	socklen_t len = sizeof(un);

	memset(&un, 0, sizeof(un));
	must(getpeername(fd, (struct sockaddr *)&un, &len) == 0 &&
	    len == offsetof(struct sockaddr_un, sun_path) +
	    (*path == '\0' ? 0 : strlen(path) + 1) &&
	    strcmp(un.sun_path, path) == 0, path);
}

static void
must_not_pass(int from, int to)
{
	int fd = STDIN_FILENO;
	struct pass p;

	must(pass_send(from, "x", 1, &fd, 1) == -1 && errno == EOPNOTSUPP,
	    "EOPNOTSUPP");
	must(pass_recv(to, 1, 1, MSG_DONTWAIT, &p) == -1 && errno == EAGAIN,
	    "nothing of it comes");
}

/* A connection without a lane. */
static void
must_be_plain(int c, int a)
{
	must_not_pass(c, a);
	must_not_pass(a, c);
	uds_exchange(c, a);
}

static int
nodes_left(void)
{
	DIR *d = opendir("/tmp");
	struct dirent *e;
	int n = 0;

	must(d != NULL, "/tmp");
	while ((e = readdir(d)) != NULL)
		n += strncmp(e->d_name, "compat-", 7) == 0 &&
		    e->d_type == DT_SOCK;
	(void)closedir(d);
	return n;
}

static void
no_lane(void)
{
	int l = uds_listen(PATH, 1), c = uds_connect(PATH);
	int a = accept(l, NULL, NULL);

	must(a >= 0, "accept");
	must_be_called(a, "");
	must_be_called(c, PATH);
	must_be_plain(c, a);
}

static void
pass_both_ways(void)
{
	int before = nodes_left(), l = uds_listen(PATH, 1), c, a, end;

	c = uds_connect(PATH);
	must(nodes_left() == before, "no node is left");
	a = accept(l, NULL, NULL);
	must(a >= 0, "accept");
	must_be_called(a, "");
	end = pass_last(c);
	must(close(pass_get(a)) == 0, "close");
	pass_expect_end(end);
	end = pass_last(a);
	must(close(pass_get(c)) == 0, "close");
	pass_expect_end(end);
}

static void
bound_client(void)
{
	int l = uds_listen(PATH, 1), c = uds_try_bind("client"), a;

	must(c >= 0 && uds_try_connect_fd(c, PATH) == 0, "connect");
	a = accept(l, NULL, NULL);
	must(a >= 0, "accept");
	must_be_called(a, "client");
	must_be_plain(c, a);
}

static void
give(void)
{
	pass_give(uds_connect(PATH), pass_last(uds_connect(PATH)));
}

/* A client that has ended before it is accepted. */
static void
late_accept(void)
{
	const char *const argv[] = { self, "told", "give", NULL };
	int l = uds_listen(PATH, 5), end, a;
	struct proc *p;
	char c;

	must(proc_spawn(argv, &p) == 0 && proc_wait(p) == 0, "a client");
	/* The first one took the pipe's end to write to. */
	a = accept(l, NULL, NULL);
	must(a >= 0, "accept");
	end = pass_get(a);
	must(close(end) == 0, "close");
	a = accept(l, NULL, NULL);
	must(a >= 0, "accept");
	end = pass_get(a);
	must(read(end, &c, 1) == 0, "the end of the pipe");
}

/* close(2) of a listener: what is on its way to it is closed. */
static void
never_accepted(void)
{
	int l = uds_listen(PATH, 5), c = uds_connect(PATH), end = pass_last(c);

	must(close(l) == 0, "close");
	pass_expect_end(end);
}

static void
plain_server(void)
{
	uintptr_t l = plain_listen(PATH), a;
	int c, fd = STDIN_FILENO;
	char byte;

	must(l != 0, "plain_listen");
	c = uds_connect(PATH);
	a = plain_accept(l);
	must(a != 0 && plain_put(a, 'p') == 0, "plain_accept");
	must(read(c, &byte, 1) == 1 && byte == 'p', "read");
	must(pass_send(c, "x", 1, &fd, 1) == -1 && errno == EOPNOTSUPP,
	    "EOPNOTSUPP");
	must(uds_try_bind(PATH) == -1 && errno == EADDRINUSE, "EADDRINUSE");
	plain_close(a);
	plain_close(l);
	must(uds_try_bind(PATH) >= 0, "a stale node");
}

static void
plain_client(void)
{
	int l = uds_listen(PATH, 5), a, fd = STDIN_FILENO;
	uintptr_t c = plain_connect(PATH);
	char byte;

	must(c != 0 && plain_put(c, 'p') == 0, "plain_connect");
	a = accept(l, NULL, NULL);
	must(a >= 0 && read(a, &byte, 1) == 1 && byte == 'p', "accept");
	must_be_called(a, "");
	must(pass_send(a, "x", 1, &fd, 1) == -1 && errno == EOPNOTSUPP,
	    "EOPNOTSUPP");
	plain_close(c);
}

static void
private_node(void)
{
	mode_t old = umask(0077);
	int l = uds_listen(PATH, 1);
	struct stat st;

	must(stat(PATH, &st) == 0 && S_ISSOCK(st.st_mode) &&
	    (st.st_mode & 0077) == 0, "a private node");
	(void)umask(old);
	must(close(uds_connect(PATH)) == 0 && close(l) == 0, "close");
}

/*
 * Whatever fails: the connection works without a lane, or connect() and
 * accept() say that it does not; and what could be sent arrives.
 */
static void
faults(void)
{
	int l = uds_listen(PATH, 5), c, a, fd = STDIN_FILENO, sent, rounds = 0;
	int last;
	unsigned int n;

	must(close(uds_connect(PATH)) == 0 && close(accept(l, NULL, NULL)) == 0,
	    "before any");
	for (n = 1; ; n++, rounds++) {
		c = uds_socket();
		fault_reset();
		fault_nth(n);
		a = uds_try_connect_fd(c, PATH);
		if (fault_hits() == 0)
			break;
		fault_reset();
		if (a != 0) {
			/* It may have come so far that it is in the queue. */
			must(close(c) == 0 && close(l) == 0, "close");
			l = uds_listen(PATH, 5);
			continue;
		}
		sent = pass_send(c, "x", 1, &fd, 1) == 1;
		must(sent || errno == EOPNOTSUPP, "sendmsg");
		a = accept(l, NULL, NULL);
		must(a >= 0, "accept");
		if (sent)
			must(close(pass_get(a)) == 0, "close");
		else
			uds_exchange(c, a);
		must(close(a) == 0 && close(c) == 0, "close");
	}
	fault_reset();
	must(rounds > 5 && close(c) == 0 &&
	    close(accept(l, NULL, NULL)) == 0, "connect has calls");
	for (n = 1; ; n++) {
		fault_reset();
		c = uds_connect(PATH);
		pass_give(c, fd);
		fault_nth(n);
		a = accept(l, NULL, NULL);
		last = fault_hits() == 0;
		fault_reset();
		if (a >= 0)
			must(close(pass_get(a)) == 0 && close(a) == 0, "close");
		must(close(c) == 0, "close");
		if (last)
			break;
	}
	must(n > 3, "accept has calls");
}

static const struct role {
	const char *name;
	void (*play)(void);
} roles[] = {
	{ "no lane", no_lane },
	{ "pass", pass_both_ways },
	{ "bound", bound_client },
	{ "give", give },
	{ "late", late_accept },
	{ "never", never_accepted },
	{ "plain server", plain_server },
	{ "plain client", plain_client },
	{ "private", private_node },
	{ "faults", faults },
};

static int
play(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (strcmp(roles[i].name, name) == 0) {
			roles[i].play();
			return 0;
		}
	return 96;
}

/* --- the tests --- */

static void
expect(const char *model, const char *role)
{
	const char *const argv[] = { self, model, role, NULL };
	struct proc *p;

	ck_assert_int_eq(setenv("COMPAT_TEST_AFUNIX", model, 1), 0);
	ck_assert_int_eq(setenv("COMPAT_AFUNIX", "native", 1), 0);
	ck_assert_int_eq(proc_spawn(argv, &p), 0);
	ck_assert_int_eq(proc_wait(p), 0);
	(void)unlink(PATH);
	(void)unlink("client");
}

/* The role has a directory for temporary files, where nobody else is. */
static void
expect_in(const char *tmp, const char *role)
{
	char full[4096], *old = strdup(getenv("TMP"));

	ck_assert_ptr_nonnull(old);
	ck_assert_int_eq(mkdir(tmp, 0700), 0);
	ck_assert_ptr_nonnull(realpath(tmp, full));
	ck_assert_int_eq(setenv("TMP", full, 1), 0);
	expect("told", role);
	ck_assert_int_eq(setenv("TMP", old, 1), 0);
	free(old);
	ck_assert_int_eq(rmdir(tmp), 0);
}

/* unix(7); the client's temporary name is nobody's business. */
START_TEST(a_connection_passes_descriptors)
{
	char tmp[32];

	(void)snprintf(tmp, sizeof(tmp), "/tmp/n%ld", (long)getpid());
	expect_in(tmp, "pass");
}
END_TEST

/* LIM-UNIX-32 */
START_TEST(without_names_no_descriptors_are_passed)
{
	expect("untold", "no lane");
}
END_TEST

/* LIM-UNIX-32: the name does not fit into what NT takes. */
START_TEST(a_long_temporary_directory_passes_none)
{
	expect_in("0123456789012345678901234567890123456789"
	    "0123456789012345678901234567890123456789", "no lane");
}
END_TEST

/* LIM-UNIX-32 */
START_TEST(a_client_with_a_name_of_its_own_passes_none)
{
	expect("told", "bound");
}
END_TEST

/* unix(7): they are in the kernel's hands, here in the server's process. */
START_TEST(what_a_client_sent_before_its_end_is_accepted)
{
	expect("told", "late");
}
END_TEST

START_TEST(what_was_sent_to_a_listener_that_closes_is_closed)
{
	expect("told", "never");
}
END_TEST

/* LIM-UNIX-32; bind(2), EADDRINUSE: who answers is not displaced. */
START_TEST(plain_programs_take_part)
{
	expect("told", "plain server");
	expect("told", "plain client");
}
END_TEST

/* bind(2), umask(2) */
START_TEST(the_mask_makes_a_node_private)
{
	expect("told", "private");
}
END_TEST

START_TEST(failures_are_told)
{
	expect("told", "faults");
}
END_TEST

int
main(int argc, char *argv[])
{
	const TTest *const tests[] = {
		a_connection_passes_descriptors,
		without_names_no_descriptors_are_passed,
		a_long_temporary_directory_passes_none,
		a_client_with_a_name_of_its_own_passes_none,
		what_a_client_sent_before_its_end_is_accepted,
		what_was_sent_to_a_listener_that_closes_is_closed,
		plain_programs_take_part,
		the_mask_makes_a_node_private,
		failures_are_told,
	};
	int status;

	self = realpath(argv[0], NULL);
	if (argc > 2)
		return play(argv[2]);
	status = run_cases("native", tests, sizeof(tests) / sizeof(tests[0]));
	free(self);
	return status;
}
