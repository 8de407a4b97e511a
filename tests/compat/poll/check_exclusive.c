/*
 * EPOLLEXCLUSIVE: of several instances that watch a descriptor so, one in which
 * somebody sleeps is woken, and nothing is left to one that does not look.
 */
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/un.h>

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/poll/util.h"
#include "support/main.h"

#define SLEEPERS 4
#define ROUNDS 10
#define PAUSE_MS 40		/* enough to sleep in or to wake up, as a rule */

struct sleeper {
	int ep, got;
	int woken;		/* an eventfd */
	pthread_t thread;
};

static void *
sleep_once(void *arg)
{
	struct sleeper *s = arg;
	struct epoll_event e;

	s->got = epoll_wait(s->ep, &e, 1, 2 * LONG_MS) == 1 ? e.data.fd : -1;
	(void)eventfd_write(s->woken, 1);
	return NULL;
}

/* Makes something come to a descriptor, and takes it. */
struct source {
	int fd, other;
	void (*put)(struct source *);
	void (*take)(struct source *);
};

/* How many of those who sleep something wakes that they leave there. */
static int
count_woken(struct source *src)
{
	static struct sleeper s[SLEEPERS];	/* outlives a failure */
	int stop = eventfd(0, 0), woken = eventfd(0, 0), i, n = 0;
	struct pollfd p = { .fd = woken, .events = POLLIN };

	for (i = 0; i < SLEEPERS; i++) {
		s[i].woken = woken;
		ck_assert_int_ge(s[i].ep = epoll_create1(0), 0);
		ep_add(s[i].ep, src->fd, EPOLLIN | EPOLLEXCLUSIVE);
		ep_add(s[i].ep, stop, EPOLLIN);
		ck_assert_int_eq(pthread_create(&s[i].thread, NULL,
		    sleep_once, &s[i]), 0);
	}
	(void)poll(NULL, 0, PAUSE_MS);
	src->put(src);
	ck_assert_int_eq(poll(&p, 1, LONG_MS), 1);
	(void)poll(NULL, 0, PAUSE_MS);
	src->take(src);
	ck_assert_int_eq(eventfd_write(stop, 1), 0);
	for (i = 0; i < SLEEPERS; i++) {
		ck_assert_int_eq(pthread_join(s[i].thread, NULL), 0);
		ck_assert(s[i].got == src->fd || s[i].got == stop);
		n += s[i].got == src->fd;
		ck_assert_int_eq(close(s[i].ep), 0);
	}
	ck_assert_int_eq(close(stop), 0);
	ck_assert_int_eq(close(woken), 0);
	return n;
}

/*
 * Who has not fallen asleep when it comes may see it too; if all were woken
 * the sum would be four for each round.
 */
static void
ck_wakes_one(const char *name, struct source *src)
{
	int i, n, sum = 0;

	for (i = 0; i < ROUNDS; i++) {
		ck_assert_int_ge(n = count_woken(src), 1);
		sum += n;
	}
	(void)printf("%s: %d woken in %d rounds\n", name, sum, ROUNDS);
	ck_assert_int_lt(sum, 2 * ROUNDS);
	ck_assert_int_eq(close(src->fd), 0);
	if (src->other >= 0)
		ck_assert_int_eq(close(src->other), 0);
}

static void
write_one(struct source *s)
{
	ck_assert_int_eq(eventfd_write(s->fd, 1), 0);
}

static void
read_eight(struct source *s)
{
	uint64_t v;

	ck_assert_int_eq(read(s->fd, &v, sizeof(v)), sizeof(v));
}

/* epoll_ctl(2), EPOLLEXCLUSIVE: "one or more ... will receive an event". */
START_TEST(an_eventfd_wakes_one)
{
	struct source s = { eventfd(0, 0), -1, write_one, read_eight };

	ck_wakes_one("eventfd", &s);
}
END_TEST

static void
write_byte(struct source *s)
{
	ck_assert_int_eq(write(s->other, "x", 1), 1);
}

static void
read_byte(struct source *s)
{
	char c;

	ck_assert_int_eq(read(s->fd, &c, 1), 1);
}

START_TEST(a_pipe_wakes_one)
{
	struct source s = { .put = write_byte, .take = read_byte };
	int fd[2];

	ck_assert_int_eq(pipe(fd), 0);
	s.fd = fd[0];
	s.other = fd[1];
	ck_wakes_one("pipe", &s);
}
END_TEST

static void
start_timer(struct source *s)
{
	struct itimerspec t = { .it_value = { 0, 1000000 } };

	ck_assert_int_eq(timerfd_settime(s->fd, 0, &t, NULL), 0);
}

START_TEST(a_timerfd_wakes_one)
{
	struct source s = { timerfd_create(CLOCK_MONOTONIC, 0), -1,
	    start_timer, read_eight };

	ck_wakes_one("timerfd", &s);
}
END_TEST

static void
make_dir(struct source *s)
{
	(void)s;
	ck_assert_int_eq(mkdir("d", 0700), 0);
}

static void
read_event(struct source *s)
{
	char buf[1024];

	ck_assert_int_gt(read(s->fd, buf, sizeof(buf)), 0);
	ck_assert_int_eq(rmdir("d"), 0);
}

START_TEST(an_inotify_wakes_one)
{
	struct source s = { inotify_init1(0), -1, make_dir, read_event };

	ck_assert_int_ge(inotify_add_watch(s.fd, ".", IN_CREATE), 0);
	ck_wakes_one("inotify", &s);
}
END_TEST

static struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "x" };

static void
connect_one(struct source *s)
{
	ck_assert_int_ge(s->other = socket(AF_UNIX, SOCK_STREAM, 0), 0);
	ck_assert_int_eq(connect(s->other, (struct sockaddr *)&un,
	    sizeof(un)), 0);
}

static void
accept_one(struct source *s)
{
	int fd;

	ck_assert_int_ge(fd = accept(s->fd, NULL, NULL), 0);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(s->other), 0);
	s->other = -1;
}

/* What NT's own AF_UNIX does is what its TCP does: LIM-POLL-5. */
START_TEST(a_unix_listener_wakes_one)
{
	struct source s = { .other = -1, .put = connect_one,
	    .take = accept_one };

	ck_assert_int_eq(setenv("COMPAT_AFUNIX", "emulate", 1), 0);
	ck_assert_int_ge(s.fd = socket(AF_UNIX, SOCK_STREAM, 0), 0);
	ck_assert_int_eq(bind(s.fd, (struct sockaddr *)&un, sizeof(un)), 0);
	ck_assert_int_eq(listen(s.fd, 8), 0);
	ck_wakes_one("listener", &s);
}
END_TEST

#define TURNS 2000

static int hasty_ep, patient_ep, work, go, back, quit;
static atomic_int taken, failed, interrupted;

static int
take_work(void)
{
	uint64_t v;

	if (read(work, &v, sizeof(v)) != sizeof(v))
		return 0;
	atomic_fetch_add(&taken, 1);
	return eventfd_write(back, 1) == 0;
}

/* Looks once each turn, for hardly any time, and goes away. */
static void *
hasty(void *arg)
{
	struct epoll_event e;
	uint64_t turn;
	int n;

	(void)arg;
	while (eventfd_read(go, &turn) == 0 && turn < TURNS * 2) {
		n = epoll_wait(hasty_ep, &e, 1, turn % 2 ? 20 : 1);
		if (n < 0)
			atomic_fetch_add(errno == EINTR ? &interrupted :
			    &failed, 1);
		if (n > 0)
			(void)take_work();
		if (eventfd_write(back, 1000) != 0)
			atomic_fetch_add(&failed, 1);
	}
	return NULL;
}

/* Sleeps until there is something. */
static void *
patient(void *arg)
{
	struct epoll_event e;

	(void)arg;
	while (epoll_wait(patient_ep, &e, 1, -1) == 1 && e.data.fd != quit)
		(void)take_work();
	return NULL;
}

static void
nothing(int signo)
{
	(void)signo;
}

static void
spin(int64_t ns)
{
	int64_t end = now_ns() + ns;

	while (now_ns() < end)
		continue;
}

/* One thing to do, at about the time when the hasty one goes away. */
static int
turn(int i, pthread_t hasty_thread)
{
	struct pollfd p = { .fd = back, .events = POLLIN };
	uint64_t v, sum = 0;
	int err = 0;

	if (eventfd_write(go, (uint64_t)(i % 2 ? 1 : 2)) != 0)
		return -1;
	spin(i % 2 ? i % 100 * 1000 : 800000 + i % 200 * 4000);
	if (eventfd_write(work, 1) != 0)
		return -1;
	if (i % 2)
		err = pthread_kill(hasty_thread, SIGUSR1);
	while (err == 0 && sum < 1001) {
		if (poll(&p, 1, LONG_MS) != 1 || eventfd_read(back, &v) != 0)
			return -1;
		sum += v;
	}
	return err;
}

static void
begin_turns(void)
{
	struct sigaction sa = { .sa_handler = nothing,
	    .sa_flags = SA_RESTART };	/* not of epoll_wait() */

	ck_assert_int_eq(sigaction(SIGUSR1, &sa, NULL), 0);
	ck_assert_int_ge(hasty_ep = epoll_create1(0), 0);
	ck_assert_int_ge(patient_ep = epoll_create1(0), 0);
	ck_assert_int_ge(work = eventfd(0, EFD_NONBLOCK), 0);
	ck_assert_int_ge(go = eventfd(0, 0), 0);
	ck_assert_int_ge(back = eventfd(0, 0), 0);
	ck_assert_int_ge(quit = eventfd(0, 0), 0);
	ep_add(patient_ep, quit, EPOLLIN);
}

static void
end_turns(void)
{
	ck_assert_int_eq(close(hasty_ep), 0);
	ck_assert_int_eq(close(patient_ep), 0);
	ck_assert_int_eq(close(work), 0);
	ck_assert_int_eq(close(go), 0);
	ck_assert_int_eq(close(back), 0);
	ck_assert_int_eq(close(quit), 0);
}

/*
 * A wait that is chosen and ends at this very moment, by its time or a signal,
 * returns what it was chosen for: nobody else is going to be woken.
 */
START_TEST(what_comes_at_the_end_of_a_wait_is_not_lost)
{
	pthread_t h, p;
	int i, bad = 0;

	begin_turns();
	/* Either order: which one is asked first is not said. */
	ep_add(hasty_ep, work, EPOLLIN | EPOLLEXCLUSIVE);
	ep_add(patient_ep, work, EPOLLIN | EPOLLEXCLUSIVE);
	ck_assert_int_eq(pthread_create(&h, NULL, hasty, NULL), 0);
	ck_assert_int_eq(pthread_create(&p, NULL, patient, NULL), 0);
	for (i = 0; i < TURNS && bad == 0; i++) {
		if (i == TURNS / 2) {
			ep_del(hasty_ep, work);
			ep_add(hasty_ep, work, EPOLLIN | EPOLLEXCLUSIVE);
		}
		bad = turn(i, h);
	}
	(void)printf("%d turns, %d interrupted\n", i, (int)interrupted);
	ck_assert_int_eq(bad, 0);
	ck_assert_int_eq(eventfd_write(quit, 1), 0);
	ck_assert_int_eq(eventfd_write(go, TURNS * 2), 0);
	ck_assert_int_eq(pthread_join(h, NULL), 0);
	ck_assert_int_eq(pthread_join(p, NULL), 0);
	ck_assert_int_eq(failed, 0);
	ck_assert_int_eq(taken, TURNS);
	end_turns();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		an_eventfd_wakes_one,
		a_pipe_wakes_one,
		a_timerfd_wakes_one,
		an_inotify_wakes_one,
		a_unix_listener_wakes_one,
		what_comes_at_the_end_of_a_wait_is_not_lost,
	};

	return run_cases("exclusive", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
