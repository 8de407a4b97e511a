/*
 * What a call on a file costs, beside the system's own calls and the C
 * runtime's in the same run: rounds interleaved, medians, ratios, and how many
 * calls into the kernel it makes.  ns a call, or a pair of calls (lock and
 * unlock, open and close).
 */
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/raw.h"
#include "support/tmpdir.h"

#define ROUNDS 21
#define LEAST 5			/* rounds, however slow the machine */
#define SECONDS 60
#define COUNTED 16
#define OPS 32
#define THREADS 8
#define EIGHT "pread, 8 threads"
#define MS 1000000.0

static int fd, out;
static char buf[4096];

static int
our_pread(int n)
{
	char small[64];

	while (n-- > 0)
		if (pread(fd, small, 64, (off_t)n % 64 * 64) != 64)
			return -1;
	return 0;
}

static int
our_write(int n)
{
	if (lseek(out, 0, SEEK_SET) != 0)
		return -1;
	while (n-- > 0)
		if (write(out, buf, 64) != 64)
			return -1;
	return 0;
}

static int
our_flock(int n)
{
	while (n-- > 0)
		if (flock(fd, LOCK_EX) != 0 || flock(fd, LOCK_UN) != 0)
			return -1;
	return 0;
}

static int
our_fcntl(int n)
{
	struct flock l = { .l_whence = SEEK_SET, .l_start = 300, .l_len = 10 };

	while (n-- > 0) {
		l.l_type = F_WRLCK;
		if (fcntl(fd, F_SETLK, &l) != 0)
			return -1;
		l.l_type = F_UNLCK;
		if (fcntl(fd, F_SETLK, &l) != 0)
			return -1;
	}
	return 0;
}

static int
our_open(int n)
{
	int new;

	while (n-- > 0)
		if ((new = open("data", O_RDONLY)) < 0 || close(new) != 0)
			return -1;
	return 0;
}

static int
our_stat(int n)
{
	struct stat st;

	while (n-- > 0)
		if (stat("data", &st) != 0)
			return -1;
	return 0;
}

/* A lookup and a comparison: what every call on a descriptor begins with. */
static int
our_lookup(int n)
{
	while (n-- > 0)
		if (fcntl(fd, F_GETFD) != 0)
			return -1;
	return 0;
}

static const struct raw_op ours[] = {
	{ "fd lookup", "fcntl(F_GETFD)", our_lookup, 0 },
	{ "pread", "libcompat", our_pread, 0 },
	{ EIGHT, "libcompat", our_pread, 0 },
	{ "write", "libcompat", our_write, 0 },
	{ "flock", "libcompat", our_flock, 0 },
	{ "fcntl", "libcompat", our_fcntl, 0 },
	{ "open+close", "libcompat", our_open, 0 },
	{ "stat", "libcompat", our_stat, 0 },
	{ 0 }
};

struct result {
	const struct raw_op *op;
	int own, n, failed, counted;
	double ns[ROUNDS], median, calls;
};

static struct result results[OPS];
static int count, rounds;

static double
now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

struct share {
	bench_fn *fn;
	int n, failed;
};

static atomic_int waiting, go;

static void *
run_share(void *arg)
{
	struct share *s = arg;

	(void)atomic_fetch_add(&waiting, 1);
	while (!atomic_load(&go))
		(void)sched_yield();
	s->failed = s->fn(s->n) != 0;
	return NULL;
}

/*
 * n in all, so that the figure is comparable with one thread's; without what
 * it takes to start threads.  ns, or -1.
 */
static double
by_threads(bench_fn *fn, int n)
{
	struct share share[THREADS];
	pthread_t t[THREADS];
	int failed = 0, i;
	double start;

	atomic_store(&waiting, 0);
	atomic_store(&go, 0);
	for (i = 0; i < THREADS; i++) {
		share[i] = (struct share){ fn, n / THREADS, 0 };
		if (pthread_create(&t[i], NULL, run_share, &share[i]) != 0)
			exit(EXIT_FAILURE);
	}
	while (atomic_load(&waiting) < THREADS)
		(void)sched_yield();
	start = now();
	atomic_store(&go, 1);
	for (i = 0; i < THREADS; i++) {
		(void)pthread_join(t[i], NULL);
		failed |= share[i].failed;
	}
	return failed ? -1 : now() - start;
}

static int
is_threaded(const struct raw_op *op)
{
	return strcmp(op->name, EIGHT) == 0;
}

static double
call(const struct raw_op *op, int n)
{
	double start;

	if (is_threaded(op))
		return by_threads(op->fn, n);
	start = now();
	return op->fn(n) != 0 ? -1 : now() - start;
}

/* As many as take some 5 ms; threads share them. */
static void
calibrate(struct result *r)
{
	double enough = is_threaded(r->op) ? THREADS * 5 * MS : 5 * MS, ns;

	for (r->n = is_threaded(r->op) ? 1 << 12 : 16; r->n < 1 << 20;
	    r->n *= 2) {
		if ((ns = call(r->op, r->n)) < 0) {
			perror(r->op->name);
			r->failed = 1;
			return;
		}
		if (ns > enough)
			return;
	}
}

static void
add(const struct raw_op *op, int own, const char *only)
{
	for (; op->name != NULL && count < OPS; op++) {
		if (only != NULL && strcmp(op->name, only) != 0)
			continue;
		results[count].op = op;
		results[count].own = own;
		calibrate(&results[count++]);
	}
}

static void
run(int round)
{
	struct result *r;
	double ns;

	for (r = results; r < results + count; r++) {
		if (r->failed)
			continue;
		if ((ns = call(r->op, r->n)) < 0)
			r->failed = 1;
		r->ns[round] = ns / r->n;
	}
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
count_all(void)
{
	unsigned long long before;
	struct result *r;

	if (count_begin() != 0)
		return;
	for (r = results; r < results + count; r++) {
		before = count_calls();
		if (r->failed || r->op->fn(COUNTED) != 0)
			continue;
		r->calls = (double)(count_calls() - before) / COUNTED;
		r->counted = 1;
	}
}

/* Of the system's calls, or the C runtime's, the fastest. */
static double
fastest(const char *name, int crt)
{
	double best = 0;
	int i;

	for (i = 0; i < count; i++)
		if (!results[i].own && !results[i].failed &&
		    results[i].op->crt == crt &&
		    strcmp(results[i].op->name, name) == 0 &&
		    (best == 0 || results[i].median < best))
			best = results[i].median;
	return best;
}

static void
ratio(double ns, double other)
{
	if (other > 0)
		(void)printf(" %8.2f", ns / other);
	else
		(void)printf(" %8s", "-");
}

static void
report(void)
{
	struct result *r;

	for (r = results; r < results + count; r++) {
		qsort(r->ns, (size_t)rounds, sizeof(r->ns[0]), compare);
		r->median = r->ns[rounds / 2];
	}
	(void)printf("%-17s %-27s %8s %8s %8s %8s %8s\n", "ns", "by", "median",
	    "least", "calls", "x system", "x CRT");
	for (r = results; r < results + count; r++) {
		if (r->failed) {
			(void)printf("%-17s %-27s %8s\n", r->op->name,
			    r->op->how, "failed");
			continue;
		}
		(void)printf("%-17s %-27s %8.0f %8.0f", r->op->name,
		    r->op->how, r->median, r->ns[0]);
		if (r->counted)
			(void)printf(" %8.1f", r->calls);
		else
			(void)printf(" %8s", "-");
		if (r->own) {
			ratio(r->median, fastest(r->op->name, 0));
			ratio(r->median, fastest(r->op->name, 1));
		}
		(void)printf("\n");
	}
}

/* All of them, or the one that is named. */
int
main(int argc, char *argv[])
{
	const char *only = argc > 1 ? argv[1] : NULL;
	double end;

	tmpdir_enter();
	fd = open("data", O_RDWR | O_CREAT | O_TRUNC, 0644);
	out = open("our.out", O_RDWR | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || out < 0 || write(fd, buf, 4096) != 4096 ||
	    raw_begin() != 0) {
		perror("bench/file");
		return EXIT_FAILURE;
	}
	add(ours, 1, only);
	add(raw_ops, 0, only);
	end = now() + SECONDS * 1000 * MS;
	while (rounds < ROUNDS && (rounds < LEAST || now() < end))
		run(rounds++);
	count_all();
	report();
	raw_end();
	(void)close(out);
	(void)close(fd);
	tmpdir_leave();
	return EXIT_SUCCESS;
}
