/*
 * The name of the admin socket (programs/admin/node.c): who gets it, who
 * loses it, and who may use it.
 */
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../programs/admin/client.h"
#include "admin_peer.h"
#include "support/main.h"
#include "support/proc.h"
#include "support/tmpdir.h"

/* A hundred in long_admin_crashes. */
#ifndef CRASHES
#define CRASHES 10
#endif
#define STARTERS 8

static const char *self;

static enum admin_verdict
succeed(struct admin_request *req, void *arg)
{
	(void)req;
	(void)arg;
	return ADMIN_SUCCESS;
}

static void
options(struct admin_options *opt, const char *path)
{
	admin_options_init(opt);
	opt->path = path;
	opt->handle = succeed;
}

/* The child: be the server at path, say what came of it. */
static int
serve(const char *path)
{
	struct admin_server *srv;
	struct admin_options opt;
	char why[1024];
	int err;

	options(&opt, path);
	err = admin_open(&opt, &srv, why, sizeof(why));
	(void)printf("%s\n", err == 0 ? "listening" : why);
	(void)fflush(stdout);
	if (err == 0)
		(void)admin_run(srv);
	return err;
}

static struct proc *
start(char *line, size_t size)
{
	/* It starts one directory further up. */
	char path[64];
	const char *const argv[] = { self, path, NULL };
	struct proc *p;

	(void)snprintf(path, sizeof(path), "%s/%s", tmpdir_name(),
	    ADMIN_PATH);
	ck_assert_int_eq(tmpdir_spawn(argv, &p), 0);
	if (line != NULL)
		ck_assert_int_ge(proc_readline(p, line, size), 0);
	return p;
}

static void
ping(void)
{
	struct admin_client *client;
	struct admin_frame f;
	json_t *j = json_string("Ping");

	ck_assert_int_eq(admin_connect(ADMIN_PATH, 1000, 20000, &client), 0);
	ck_assert_int_eq(admin_ask(client, j), 0);
	ck_assert_int_eq(admin_next(client, &f), 0);
	ck_assert_int_eq(f.kind, ADMIN_IS_SUCCESS);
	admin_disconnect(client);
	json_decref(j);
}

/* What a server that was killed leaves is no obstacle. */
START_TEST(crashes_need_no_hand)
{
	struct admin_client *client;
	struct proc *p;
	char line[256];
	struct stat st;
	int i;

	for (i = 0; i < CRASHES; i++) {
		p = start(line, sizeof(line));
		ck_assert_str_eq(line, "listening");
		ping();
		proc_kill(p);
		(void)proc_wait(p);
		ck_assert_int_eq(lstat(ADMIN_PATH, &st), 0);
		ck_assert(S_ISSOCK(st.st_mode));
		ck_assert_int_eq(admin_connect(ADMIN_PATH, 1000, -1, &client),
		    ECONNREFUSED);
	}
	ck_assert_int_eq(unlink(ADMIN_PATH), 0);
	ck_assert_int_eq(unlink(ADMIN_PATH ".lock"), 0);
}
END_TEST

START_TEST(a_second_server_fails_and_the_first_goes_on)
{
	char line[256], second[256], want[64];
	struct proc *p = start(line, sizeof(line)), *q;

	ck_assert_str_eq(line, "listening");
	q = start(second, sizeof(second));
	(void)snprintf(want, sizeof(want), "%s.lock: process ", ADMIN_PATH);
	ck_assert_msg(strstr(second, want) != NULL, "%s", second);
	ck_assert_int_eq(proc_wait(q), EADDRINUSE);
	ping();
	proc_kill(p);
	(void)proc_wait(p);
}
END_TEST

/* The stale socket of the last test is there; none of them loses it again. */
START_TEST(of_eight_starters_one_wins)
{
	struct proc *p[STARTERS];
	char line[256];
	int i, winner = -1;

	for (i = 0; i < STARTERS; i++)
		p[i] = start(NULL, 0);
	for (i = 0; i < STARTERS; i++) {
		ck_assert_int_ge(proc_readline(p[i], line, sizeof(line)), 0);
		if (strcmp(line, "listening") != 0) {
			ck_assert_int_eq(proc_wait(p[i]), EADDRINUSE);
			continue;
		}
		ck_assert_int_eq(winner, -1);
		winner = i;
	}
	ck_assert_int_ge(winner, 0);
	ping();
	proc_kill(p[winner]);
	(void)proc_wait(p[winner]);
	ck_assert_int_eq(unlink(ADMIN_PATH), 0);
	ck_assert_int_eq(unlink(ADMIN_PATH ".lock"), 0);
}
END_TEST

static void
expect_refused(const char *path, int err)
{
	struct admin_server *srv;
	struct admin_options opt;
	char why[1024] = "";

	options(&opt, path);
	ck_assert_int_eq(admin_open(&opt, &srv, why, sizeof(why)), err);
	ck_assert_str_ne(why, "");
}

static void
make_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "dear", 4), 4);
	ck_assert_int_eq(close(fd), 0);
}

START_TEST(what_is_no_socket_is_left_alone)
{
	struct stat st;

	make_file(ADMIN_PATH);
	expect_refused(ADMIN_PATH, EADDRINUSE);
	ck_assert_int_eq(stat(ADMIN_PATH, &st), 0);
	ck_assert_int_eq(st.st_size, 4);
	ck_assert_int_eq(unlink(ADMIN_PATH), 0);

	ck_assert_int_eq(mkdir(ADMIN_PATH, 0700), 0);
	expect_refused(ADMIN_PATH, EADDRINUSE);
	ck_assert_int_eq(rmdir(ADMIN_PATH), 0);

	/* Nor is a lock file what holds something else. */
	make_file(ADMIN_PATH ".lock");
	expect_refused(ADMIN_PATH, EADDRINUSE);
	ck_assert_int_eq(unlink(ADMIN_PATH ".lock"), 0);
}
END_TEST

START_TEST(bad_paths_are_refused)
{
	char path[200];
	struct stat st;

	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	expect_refused(path, ENAMETOOLONG);
	expect_refused("", ENOENT);
	ck_assert_int_eq(admin_probe(path), ENAMETOOLONG);
	make_file("file");
	expect_refused("file/s", ENOTDIR);
	ck_assert_int_eq(stat("file", &st), 0);
	ck_assert_int_eq(unlink("file"), 0);
}
END_TEST

/* Missing directories are made for our eyes only, and so is the socket. */
START_TEST(the_socket_is_its_owners_alone)
{
	struct admin_server *srv;
	struct admin_options opt;
	char why[1024] = "";
	struct stat st;

	(void)umask(022);
	options(&opt, "a/b/s");
	ck_assert_msg(admin_open(&opt, &srv, why, sizeof(why)) == 0, "%s",
	    why);
	ck_assert_int_eq(umask(022), 022);
	ck_assert_int_eq(lstat("a/b/s", &st), 0);
	ck_assert(S_ISSOCK(st.st_mode));
	ck_assert_int_eq(st.st_mode & 0077, 0);
	ck_assert_int_eq(stat("a/b", &st), 0);
	ck_assert_int_eq(st.st_mode & 0077, 0);
	admin_close(srv);
	ck_assert_int_eq(lstat("a/b/s", &st), -1);
	ck_assert_int_eq(rmdir("a/b"), 0);
	ck_assert_int_eq(rmdir("a"), 0);
}
END_TEST

/* Whoever has taken the name away keeps it. */
START_TEST(a_socket_that_is_not_ours_any_more_stays)
{
	struct admin_server *srv;
	struct admin_options opt;
	char why[1024];
	struct stat st;

	options(&opt, ADMIN_PATH);
	ck_assert_int_eq(admin_open(&opt, &srv, why, sizeof(why)), 0);
	ck_assert_int_eq(rename(ADMIN_PATH, "moved"), 0);
	make_file(ADMIN_PATH);
	admin_close(srv);
	ck_assert_int_eq(stat(ADMIN_PATH, &st), 0);
	ck_assert_int_eq(unlink(ADMIN_PATH), 0);
	ck_assert_int_eq(unlink("moved"), 0);
}
END_TEST

/* What a tool that must not work beside a server asks. */
START_TEST(the_probe_is_true_for_a_live_server_only)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct admin_server *srv;
	struct admin_options opt;
	char why[1024];
	int fd;

	ck_assert_int_eq(admin_probe(ADMIN_PATH), ENOENT);
	ck_assert_int_eq(admin_probe("nowhere/" ADMIN_PATH), ENOENT);
	make_file(ADMIN_PATH);
	ck_assert_int_eq(admin_probe(ADMIN_PATH), ECONNREFUSED);
	ck_assert_int_eq(unlink(ADMIN_PATH), 0);

	/* A socket that is left behind. */
	(void)strcpy(un.sun_path, ADMIN_PATH);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(admin_probe(ADMIN_PATH), ECONNREFUSED);

	/* It need not run: it is there. */
	options(&opt, ADMIN_PATH);
	ck_assert_int_eq(admin_open(&opt, &srv, why, sizeof(why)), 0);
	ck_assert_int_eq(admin_probe(ADMIN_PATH), 0);
	ck_assert_int_eq(admin_probe(ADMIN_PATH), 0);
	admin_close(srv);
	ck_assert_int_eq(admin_probe(ADMIN_PATH), ENOENT);
}
END_TEST

int
main(int argc, char **argv)
{
	const TTest *const tests[] = {
		crashes_need_no_hand,
		a_second_server_fails_and_the_first_goes_on,
		of_eight_starters_one_wins,
		what_is_no_socket_is_left_alone,
		bad_paths_are_refused,
		the_socket_is_its_owners_alone,
		a_socket_that_is_not_ours_any_more_stays,
		the_probe_is_true_for_a_live_server_only,
	};

	if (argc > 1)
		return serve(argv[1]);
	self = argv[0];
	return run_cases("admin node", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
