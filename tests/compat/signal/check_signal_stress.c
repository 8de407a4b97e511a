/*
 * Four processes of four threads each signal each other at random while they
 * read and write files and sockets.  SEED=n repeats the choices of a run, not
 * when a signal finds a thread.  Check's assertions bear no threads: peers
 * have none.
 */
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "support/handle.h"
#include "support/host.h"
#include "support/main.h"
#include "support/proc.h"
#include "support/tmpdir.h"

#ifndef STRESS_SECONDS
#define STRESS_SECONDS 3
#endif
/* The first of two rounds warms up, for the handles. */
#define ROUND_MS (STRESS_SECONDS * 1000 / 2)

#define PEERS 4
#define SENDERS 3		/* threads; the fourth takes */
#define BLOCK 4096
#define BLOCKS 64
#define DRAIN_MS 30000
#define LAST (-1)
#define LINE 256

/* Connections between processes are kept for a while. */
#define HANDLES_MORE 12

/* A value: who sent it, and its number among those to the same process. */
#define VALUE(peer, thread, n) ((peer) << 28 | (thread) << 26 | (n))
#define N_MAX ((1 << 26) - 1)

struct sender {
	int thread;
	unsigned int random;
	int queued[PEERS];	/* by SIGRTMIN + 1 */
	int sent[PEERS];	/* by SIGRTMIN, for a handler */
	long done, again;
};

static int self;
static pid_t pids[PEERS];
static struct sender senders[SENDERS];
static pthread_t threads[SENDERS];
static int ends[2];
static int64_t deadline;
static atomic_long handled, kills, wrong;
static atomic_long taken;
static long bytes;			/* written to the socket */

static void
must_at(int condition, int line)
{
	if (condition)
		return;
	(void)fprintf(stderr, "peer %d, line %d: errno %d\n", self, line,
	    errno);
	abort();
}
#define must(condition) must_at((condition), __LINE__)

static int64_t
now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int
choose(struct sender *s, int n)
{
	s->random = s->random * 1103515245 + 12345;
	return (int)(s->random >> 16) % n;
}

/* --- receiving --- */

static void
on_value(int signo, siginfo_t *info, void *context)
{
	(void)context;
	if (info->si_signo == signo)
		handled++;
}

static void
on_kill(int signo)
{
	kills += signo > 0;
}

/* The values of one thread come in its order, and without a gap. */
static void *
take(void *arg)
{
	static int next[PEERS][SENDERS];
	sigset_t set;
	siginfo_t info;
	int v, *n;

	(void)arg;
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 1);
	for (;;) {
		if (sigwaitinfo(&set, &info) == -1) {
			must(errno == EINTR);
			continue;
		}
		if ((v = info.si_value.sival_int) == LAST)
			return NULL;
		n = &next[v >> 28 & 3][(v >> 26 & 3) % SENDERS];
		if ((v & N_MAX) != *n || info.si_pid != pids[v >> 28 & 3])
			wrong++;
		*n = (v & N_MAX) + 1;
		taken++;
	}
}

/* --- sending --- */

/* A full queue empties while we run handlers and let others run. */
static void
queue(struct sender *s, int peer, int signo, int n)
{
	union sigval v = { .sival_int = VALUE(self, s->thread, n) };
	int64_t end = now_ms() + DRAIN_MS;

	while (sigqueue(pids[peer], signo, v) != 0) {
		must(errno == EAGAIN && now_ms() < end);
		s->again++;
		sched_yield();
	}
}

/* Nobody signals a thread that another one joins: 0 joins 2, and 2 joins 1. */
static void
disturb(struct sender *s)
{
	static const int other[SENDERS] = { 2, 0, 1 };
	int peer = choose(s, PEERS);

	switch (choose(s, 5)) {
	case 0:
		queue(s, peer, SIGRTMIN, s->sent[peer]++);
		break;
	case 1:
		queue(s, peer, SIGRTMIN + 1, s->queued[peer]++);
		break;
	case 2:
		must(kill(pids[peer], SIGUSR1) == 0);
		break;
	case 3:
		must(pthread_kill(threads[other[s->thread]], SIGUSR2) == 0);
		break;
	}
	s->done++;
}

/* --- reading and writing --- */

/* A block in as many steps as signals make of it. */
static void
move_block(int fd, char *buf, off_t at, int writing)
{
	size_t done = 0;
	ssize_t n;

	for (; done < BLOCK; done += n > 0 ? (size_t)n : 0) {
		n = writing ?
		    pwrite(fd, buf + done, BLOCK - done, at + (off_t)done) :
		    pread(fd, buf + done, BLOCK - done, at + (off_t)done);
		must(n > 0 || (n == -1 && errno == EINTR));
	}
}

static void
use_file(struct sender *s, int fd)
{
	char put[BLOCK], got[BLOCK];
	off_t at = (off_t)choose(s, BLOCKS) * BLOCK;

	memset(put, choose(s, 256), sizeof(put));
	move_block(fd, put, at, 1);
	disturb(s);
	move_block(fd, got, at, 0);
	if (memcmp(put, got, sizeof(put)) != 0)
		wrong++;
}

static char
byte_at(long n)
{
	return (char)(n * 31 >> 3);
}

static void *
write_socket(void *arg)
{
	struct sender *s = arg;
	char buf[2048];
	ssize_t n;
	long at = 0;
	int i, len;

	while (now_ms() < deadline) {
		len = 1 + choose(s, (int)sizeof(buf));
		for (i = 0; i < len; i++)
			buf[i] = byte_at(at + i);
		n = send(ends[0], buf, (size_t)len, 0);
		must(n > 0 || (n == -1 && errno == EINTR));
		at += n > 0 ? n : 0;
		disturb(s);
	}
	must(shutdown(ends[0], SHUT_WR) == 0);
	bytes = at;
	return NULL;
}

static void *
read_socket(void *arg)
{
	struct sender *s = arg;
	char buf[2048];
	ssize_t n;
	long at = 0;
	int i;

	for (;;) {
		n = recv(ends[1], buf, (size_t)choose(s, 2000) + 1, 0);
		if (n == 0)
			break;
		must(n > 0 || errno == EINTR);
		for (i = 0; i < n; i++)
			wrong += buf[i] != byte_at(at++);
		if (now_ms() < deadline)
			disturb(s);
	}
	must(pthread_join(threads[1], NULL) == 0);
	wrong += at != bytes;
	return NULL;
}

static void
mask(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	must(pthread_sigmask(how, &set, NULL) == 0);
}

/* Each thread sends; none but the one that takes blocks a signal. */
static void
run(int fd)
{
	deadline = now_ms() + ROUND_MS;
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	mask(SIG_BLOCK);
	threads[0] = pthread_self();
	must(pthread_create(&threads[1], NULL, write_socket, &senders[1]) == 0);
	must(pthread_create(&threads[2], NULL, read_socket, &senders[2]) == 0);
	mask(SIG_UNBLOCK);
	while (now_ms() < deadline)
		use_file(&senders[0], fd);
	mask(SIG_BLOCK);
	must(pthread_join(threads[2], NULL) == 0);
	must(close(ends[0]) == 0 && close(ends[1]) == 0);
}

/* --- what a peer is told and tells; SIGUSR1 and SIGUSR2 are blocked --- */

static void
hear(char line[LINE])
{
	must(fgets(line, LINE, stdin) != NULL);
}

static void
tell_sent(void)
{
	long sent, queued, done = 0, again = 0;
	int i, t;

	(void)printf("sent");
	for (i = 0; i < PEERS; i++) {
		for (sent = queued = 0, t = 0; t < SENDERS; t++) {
			sent += senders[t].sent[i];
			queued += senders[t].queued[i];
		}
		(void)printf(" %ld %ld", sent, queued);
	}
	for (t = 0; t < SENDERS; t++) {
		done += senders[t].done;
		again += senders[t].again;
	}
	(void)printf(" %ld %ld\n", done, again);
	(void)fflush(stdout);
}

/* Wait for what the others have sent, and say what came. */
static void
tell_got(void)
{
	static const struct timespec moment = { 0, 1000000 };
	int64_t end = now_ms() + DRAIN_MS;
	long want, want_taken;
	char line[LINE], *rest;

	hear(line);
	want = strtol(line, &rest, 10);
	want_taken = strtol(rest, NULL, 10);
	while ((handled < want || taken < want_taken) && now_ms() < end)
		(void)nanosleep(&moment, NULL);
	(void)printf("got %ld %ld %ld %d %ld\n", (long)handled, (long)taken,
	    (long)wrong, host_handles(), (long)kills);
	(void)fflush(stdout);
}

static void
begin(const char *seed)
{
	int i;

	mask_signal(SIG_BLOCK, SIGRTMIN + 1);
	mask(SIG_BLOCK);
	handle_info(SIGRTMIN, on_value, SA_RESTART);
	handle_signal(SIGUSR1, on_kill, 0);
	handle_signal(SIGUSR2, on_kill, SA_RESTART);
	for (i = 0; i < SENDERS; i++) {
		senders[i].thread = i;
		senders[i].random = (unsigned int)atoi(seed) * 100 +
		    (unsigned int)(self * SENDERS + i);
	}
}

/* index seed file */
static int
be_peer(char *argv[])
{
	union sigval last = { .sival_int = LAST };
	char line[LINE], *rest = line;
	pthread_t taker;
	int i, fd;

	self = atoi(argv[1]);
	begin(argv[2]);
	must((fd = open(argv[3], O_CREAT | O_RDWR, 0600)) >= 0);
	(void)printf("ready %ld\n", (long)getpid());
	(void)fflush(stdout);
	hear(line);
	for (i = 0; i < PEERS; i++)
		pids[i] = (pid_t)strtol(rest, &rest, 10);
	must(pthread_create(&taker, NULL, take, NULL) == 0);
	for (i = 0; i < 2; i++) {
		run(fd);
		tell_sent();
		tell_got();
		hear(line);
	}
	must(sigqueue(getpid(), SIGRTMIN + 1, last) == 0);
	must(pthread_join(taker, NULL) == 0);
	return 0;
}

/* --- the test --- */

static const char *program;
static struct proc *peers[PEERS];
static long handles[2][PEERS];

static void
start(int i, const char *seed, long *pid)
{
	char index[8], file[300], line[64];
	const char *argv[] = { program, index, seed, file, NULL };

	(void)snprintf(index, sizeof(index), "%d", i);
	(void)snprintf(file, sizeof(file), "%s/file.%d", tmpdir_name(), i);
	ck_assert_int_eq(tmpdir_spawn(argv, &peers[i]), 0);
	ck_assert_int_gt(proc_readline(peers[i], line, sizeof(line)), 6);
	*pid = strtol(line + 6, NULL, 10);
}

static void
numbers(int i, const char *word, long *n, int count)
{
	char line[LINE], *rest;
	int k;

	ck_assert_int_gt(proc_readline(peers[i], line, sizeof(line)), 4);
	ck_assert_int_eq(strncmp(line, word, strlen(word)), 0);
	for (rest = line + strlen(word), k = 0; k < count; k++)
		n[k] = strtol(rest, &rest, 10);
}

static void
round_of(int number)
{
	long sent[2 * PEERS + 2], want[PEERS][2] = { { 0 } }, got[5];
	long done = 0, again = 0, values = 0, kills_seen = 0;
	char line[64];
	int i, k;

	for (i = 0; i < PEERS; i++) {
		numbers(i, "sent", sent, 2 * PEERS + 2);
		for (k = 0; k < 2 * PEERS; k++)
			want[k / 2][k % 2] += sent[k];
		done += sent[2 * PEERS];
		again += sent[2 * PEERS + 1];
	}
	for (i = 0; i < PEERS; i++) {
		(void)snprintf(line, sizeof(line), "%ld %ld", want[i][0],
		    want[i][1]);
		ck_assert_int_eq(proc_writeline(peers[i], line), 0);
	}
	for (i = 0; i < PEERS; i++) {
		numbers(i, "got", got, 5);
		ck_assert_int_eq(got[0], want[i][0]);
		ck_assert_int_eq(got[1], want[i][1]);
		ck_assert_int_eq(got[2], 0);
		handles[number][i] = got[3];
		values += got[0] + got[1];
		kills_seen += got[4];
	}
	(void)printf("round %d: %ld reads and writes, %ld values, %ld kills "
	    "handled, %ld times full, %ld handles in one\n", number, done,
	    values, kills_seen, again, handles[number][0]);
}

START_TEST(nothing_is_lost_among_signals_and_io)
{
	const char *seed = getenv("SEED") != NULL ? getenv("SEED") : "1";
	long pid[PEERS];
	char line[LINE];
	int i, k;

	(void)printf("seed %s\n", seed);
	for (i = 0; i < PEERS; i++)
		start(i, seed, &pid[i]);
	(void)snprintf(line, sizeof(line), "%ld %ld %ld %ld", pid[0], pid[1],
	    pid[2], pid[3]);
	for (i = 0; i < PEERS; i++)
		ck_assert_int_eq(proc_writeline(peers[i], line), 0);
	for (k = 0; k < 2; k++) {
		round_of(k);
		for (i = 0; i < PEERS; i++)
			ck_assert_int_eq(proc_writeline(peers[i], "on"), 0);
	}
	for (i = 0; i < PEERS; i++) {
		ck_assert_int_eq(proc_wait(peers[i]), 0);
		ck_assert_int_le(handles[1][i], handles[0][i] + HANDLES_MORE);
	}
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[1];

	if (argc == 4)
		return be_peer(argv);
	program = argv[0];
	tests[0] = nothing_is_lost_among_signals_and_io;
	return run_cases("signal_stress", tests, 1);
}
