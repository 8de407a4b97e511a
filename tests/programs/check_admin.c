/*
 * The server of programs/admin as its clients see it: requests and answers.
 */
#include <sys/socket.h>

#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "admin_peer.h"
#include "support/main.h"

#define FRAME_MAX 4096
#define QUEUE_MAX 65536
#define FUZZ 50	/* times BATCH */
#define BATCH 20
#define TEXT 40

static struct admin_options opt;
static int allowed;

static void *
finish_at_once(void *req)
{
	admin_finish(req, ADMIN_SUCCESS);
	return NULL;
}

/* Give it to a thread, which may be done before we are. */
static enum admin_verdict
hand_over(struct admin_request *req)
{
	pthread_t t;

	if (pthread_create(&t, NULL, finish_at_once, req) != 0)
		return admin_error(req, "no thread");
	(void)pthread_join(t, NULL);
	return ADMIN_LATER;
}

static enum admin_verdict
flood(struct admin_request *req)
{
	char much[FRAME_MAX - 100];
	int err, i = 0;
	json_t *j;

	memset(much, 'x', sizeof(much));
	j = json_stringn(much, sizeof(much));
	/* What the system takes for the client is a few of these at most. */
	while ((err = admin_json(req, j)) == 0 && i++ < 25000)
		;
	json_decref(j);
	/* What this says does not matter any more. */
	return err == ENOBUFS ? ADMIN_SUCCESS : admin_error(req, "%d", err);
}

static enum admin_verdict
three_frames(struct admin_request *req)
{
	json_t *j = json_pack("{s:i}", "pid", (int)admin_peer(req)->pid);
	int err = admin_log(req, "info", "%s...", "working");

	if (err == 0)
		err = admin_json(req, j);
	if (err == 0)
		err = admin_json(req, admin_body(req));
	json_decref(j);
	return err == 0 ? ADMIN_SUCCESS : ADMIN_ERROR;
}

static enum admin_verdict
handle(struct admin_request *req, void *arg)
{
	const json_t *mark = json_object_get(admin_body(req), "mark");
	const char *name = json_string_value(admin_body(req));

	(void)arg;
	if (mark != NULL) {
		(void)admin_json(req, mark);
		return ADMIN_SUCCESS;
	}
	if (name == NULL)
		return ADMIN_ERROR;
	if (strcmp(name, "Ping") == 0)
		return ADMIN_SUCCESS;
	if (strcmp(name, "three") == 0)
		return three_frames(req);
	if (strcmp(name, "later") == 0)
		return hand_over(req);
	if (strcmp(name, "flood") == 0)
		return flood(req);
	if (strcmp(name, "error and success") == 0) {
		(void)admin_error(req, "not said");
		return ADMIN_SUCCESS;
	}
	return admin_error(req, "no such command: %s", name);
}

static int
allow(const struct ucred *peer, void *arg)
{
	(void)arg;
	(void)peer;
	return allowed;
}

static void
setup(void)
{
	admin_options_init(&opt);
	opt.path = ADMIN_PATH;
	opt.handle = handle;
	opt.frame_max = FRAME_MAX;
	opt.queue_max = QUEUE_MAX;
}

/* adminsock(1): what goes over the wire, byte by byte. */
START_TEST(ping_is_answered_with_success)
{
	char got[13];
	size_t have = 0;
	ssize_t n;
	int fd;

	setup();
	admin_peer_start(&opt);
	fd = admin_peer_connect();
	admin_peer_put(fd, "\0\0\0\6\"Ping\"", 10);
	while (have < sizeof(got)) {
		n = recv(fd, got + have, sizeof(got) - have, 0);
		ck_assert_int_gt(n, 0);
		have += (size_t)n;
	}
	ck_assert(memcmp(got, "\0\0\0\x09\"Success\"", 13) == 0);
	ck_assert_int_eq(close(fd), 0);
	admin_peer_stop();
}
END_TEST

/* The time in a log is year, day of the year, time of day, ns, UTC. */
START_TEST(logs_and_results_come_before_the_end)
{
	char level[16], msg[32], want[64];
	int t[9], fd, i;

	setup();
	admin_peer_start(&opt);
	fd = admin_peer_connect();
	admin_peer_ask(fd, "\"three\"");
	ck_assert_int_eq(sscanf(admin_peer_get(fd), "{\"Log\":{\"level\":"
	    "\"%15[a-z]\",\"msg\":\"%31[^\"]\",\"ts\":[%d,%d,%d,%d,%d,%d,%d,"
	    "%d,%d]}}", level, msg, &t[0], &t[1], &t[2], &t[3], &t[4], &t[5],
	    &t[6], &t[7], &t[8]), 11);
	ck_assert_str_eq(level, "info");
	ck_assert_str_eq(msg, "working...");
	ck_assert_int_ge(t[0], 2024);
	ck_assert(t[1] >= 1 && t[1] <= 366 && t[2] < 24 && t[3] < 60 &&
	    t[4] <= 60 && t[5] >= 0 && t[5] < 1000000000);
	for (i = 6; i < 9; i++)
		ck_assert_int_eq(t[i], 0);
	(void)snprintf(want, sizeof(want), "{\"Json\":{\"pid\":%d}}",
	    (int)getpid());
	admin_peer_expect(fd, want);
	admin_peer_expect(fd, "{\"Json\":\"three\"}");
	admin_peer_expect(fd, "\"Success\"");
	ck_assert_int_eq(close(fd), 0);
	admin_peer_stop();
}
END_TEST

static int
is_terminal(const char *frame)
{
	return strcmp(frame, "\"Success\"") == 0 ||
	    strncmp(frame, "{\"Error\":{\"msg\":\"", 17) == 0;
}

/*
 * Ask all of it, and for a mark behind each: what comes before that is the
 * answer, and one of its frames must be terminal.
 */
static void
expect_one_terminal_each(int fd, char texts[][TEXT], int n)
{
	static unsigned char all[BATCH * (TEXT + 32)];
	unsigned char *p = all;
	const char *frame;
	char mark[32];
	int i, seen;

	for (i = 0; i < n; i++) {
		p = admin_peer_frame(p, texts[i]);
		(void)snprintf(mark, sizeof(mark), "{\"mark\":%d}", i);
		p = admin_peer_frame(p, mark);
	}
	admin_peer_put(fd, all, (size_t)(p - all));
	for (i = 0; i < n; i++) {
		(void)snprintf(mark, sizeof(mark), "{\"Json\":%d}", i);
		seen = 0;
		for (;;) {
			ck_assert((frame = admin_peer_get(fd)) != NULL);
			if (strcmp(frame, mark) == 0)
				break;
			seen += is_terminal(frame);
		}
		ck_assert_msg(seen == 1, "%s: %d", texts[i], seen);
		admin_peer_expect(fd, "\"Success\"");
	}
}

/* Whatever is asked: not none, not two. */
START_TEST(every_request_has_one_terminal_frame)
{
	static char texts[BATCH][TEXT] = { "\"Ping\"", "\"three\"",
	    "\"later\"", "\"error and success\"", "\"nothing\"", "", "1",
	    "null", "[]", "{}", "[1", "{\"a\":1,\"a\":2}", "\"a\" \"b\"",
	    "\"\xff\"", "\"a\\u0000b\"", "{\"Log\":{\"Set\":{}}}", "nan",
	    "\"\xff\xff: no such command\"", "[[[[]]]]", "\"Success\"" };
	unsigned seed = 1;
	int fd, i, j, k;

	setup();
	admin_peer_start(&opt);
	fd = admin_peer_connect();
	expect_one_terminal_each(fd, texts, BATCH);
	for (i = 0; i < FUZZ; i++) {
		for (j = 0; j < BATCH; j++) {
			(void)strcpy(texts[j], "{\"three\":[1,\"later\"]}");
			for (k = 0; k < 1 + j % 4; k++) {
				seed = seed * 1103515245 + 12345;
				texts[j][(seed >> 16) % strlen(texts[j])] =
				    (char)(1 + (seed >> 8) % 255);
			}
		}
		expect_one_terminal_each(fd, texts, BATCH);
	}
	ck_assert_int_eq(close(fd), 0);
	admin_peer_stop();
}
END_TEST

/* Another client's answer comes between the parts: they are two to read. */
START_TEST(requests_may_come_in_any_pieces)
{
	static const char sent[] = "\0\0\0\6\"Ping\"\0\0\0\x0a{\"mark\":1}";
	const size_t len = sizeof(sent) - 1;
	int fd, other;
	size_t cut;

	setup();
	admin_peer_start(&opt);
	fd = admin_peer_connect();
	other = admin_peer_connect();
	for (cut = 0; cut <= len; cut++) {
		admin_peer_put(fd, sent, cut);
		admin_peer_ask(other, "\"Ping\"");
		admin_peer_expect(other, "\"Success\"");
		admin_peer_put(fd, sent + cut, len - cut);
		admin_peer_expect(fd, "\"Success\"");
		admin_peer_expect(fd, "{\"Json\":1}");
		admin_peer_expect(fd, "\"Success\"");
	}
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(other), 0);
	admin_peer_stop();
}
END_TEST

/* The one before it is answered; nothing behind it is looked at. */
START_TEST(a_request_that_is_too_long_ends_the_connection)
{
	static const char *const heads[] = { "\0\0\x10\1", "\xff\xff\xff\xff" };
	static unsigned char all[FRAME_MAX + 64];
	char most[FRAME_MAX + 1];
	unsigned char *p;
	size_t i;
	int fd;

	setup();
	admin_peer_start(&opt);
	fd = admin_peer_connect();
	memset(most, ' ', FRAME_MAX);
	memcpy(most, "\"Ping\"", 6);
	most[FRAME_MAX] = '\0';
	admin_peer_ask(fd, most);
	admin_peer_expect(fd, "\"Success\"");
	ck_assert_int_eq(close(fd), 0);
	for (i = 0; i < 2; i++) {
		fd = admin_peer_connect();
		p = admin_peer_frame(all, "\"Ping\"");
		memcpy(p, heads[i], 4);
		memcpy(p + 4, most, FRAME_MAX);
		admin_peer_put(fd, all, (size_t)(p - all) + 4 + FRAME_MAX);
		admin_peer_expect(fd, "\"Success\"");
		admin_peer_expect_error(fd, "the request is too long");
		admin_peer_expect_end(fd);
	}
	admin_peer_stop();
}
END_TEST

/* Half an answer must not pass for a whole one. */
START_TEST(an_answer_that_nobody_reads_ends_with_an_error)
{
	const char *frame;
	int fd, other, frames = 0;

	setup();
	admin_peer_start(&opt);
	fd = admin_peer_connect();
	other = admin_peer_connect();
	admin_peer_ask(fd, "\"flood\"");
	/* Meanwhile it is nobody else's trouble. */
	admin_peer_ask(other, "\"Ping\"");
	admin_peer_expect(other, "\"Success\"");
	while ((frame = admin_peer_get(fd)) != NULL && !is_terminal(frame))
		frames++;
	ck_assert(frame != NULL);
	ck_assert_msg(strncmp(frame, "{\"Error\":{\"msg\":\"the answer is not "
	    "complete: ", 45) == 0, "%s", frame);
	ck_assert_int_gt(frames, 0);
	/* And that was all of it. */
	admin_peer_ask(fd, "\"Ping\"");
	admin_peer_expect(fd, "\"Success\"");
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(other), 0);
	admin_peer_stop();
}
END_TEST

/* shutdown(2): a client may say that it asks no more, and still listen. */
START_TEST(a_client_that_asks_no_more_gets_its_answers)
{
	int fd;

	setup();
	admin_peer_start(&opt);
	fd = admin_peer_connect();
	admin_peer_ask(fd, "\"later\"");
	admin_peer_ask(fd, "{\"mark\":2}");
	ck_assert_int_eq(shutdown(fd, SHUT_WR), 0);
	admin_peer_expect(fd, "\"Success\"");
	admin_peer_expect(fd, "{\"Json\":2}");
	admin_peer_expect(fd, "\"Success\"");
	admin_peer_expect_end(fd);
	admin_peer_stop();
}
END_TEST

/* admin.h, admin_guard. */
START_TEST(who_is_not_allowed_is_told_so)
{
	struct admin_counts counts;
	int fd;

	setup();
	opt.allow = allow;
	admin_peer_start(&opt);
	allowed = 0;
	fd = admin_peer_connect();
	/* Perhaps it is too late already. */
	(void)send(fd, "\0\0\0\6\"Ping\"", 10, MSG_NOSIGNAL);
	admin_peer_expect_error(fd, "permission denied");
	admin_peer_expect_end(fd);
	admin_counts(admin_peer_server, &counts);
	ck_assert_uint_eq(counts.refused, 1);
	ck_assert_uint_eq(counts.requests, 0);
	allowed = 1;
	fd = admin_peer_connect();
	admin_peer_ask(fd, "{\"mark\":1}");
	admin_peer_expect(fd, "{\"Json\":1}");
	admin_peer_expect(fd, "\"Success\"");
	ck_assert_int_eq(close(fd), 0);
	admin_peer_stop();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		ping_is_answered_with_success,
		logs_and_results_come_before_the_end,
		every_request_has_one_terminal_frame,
		requests_may_come_in_any_pieces,
		a_request_that_is_too_long_ends_the_connection,
		an_answer_that_nobody_reads_ends_with_an_error,
		a_client_that_asks_no_more_gets_its_answers,
		who_is_not_allowed_is_told_so,
	};

	return run_cases("admin", tests, sizeof(tests) / sizeof(tests[0]));
}
