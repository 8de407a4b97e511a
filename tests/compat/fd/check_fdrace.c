/*
 * Numbers that are closed and given away while other threads use them.  Under
 * each number only ever lies one file, whose bytes are its letter: whoever
 * reads another letter got another file.
 */
#include <unistd.h>

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "util.h"

#define FILES 4
#define BASE 100
#define SIZE 64
#define ROUNDS 1500

static int source[FILES];
static atomic_int wrong, good, refused, running;

static void
set_up(void)
{
	char name[] = "race0", text[SIZE + 1] = "";
	int i;

	for (i = 0; i < FILES; i++) {
		name[4] = (char)('0' + i);
		memset(text, 'a' + i, SIZE);
		source[i] = file_with(name, text);
		ck_assert_int_eq(dup2(source[i], BASE + i), BASE + i);
	}
	wrong = good = refused = 0;
}

static void
tear_down(void)
{
	int i;

	for (i = 0; i < FILES; i++) {
		(void)close(BASE + i);
		ck_assert_int_eq(close(source[i]), 0);
	}
}

/* Takes the numbers away and puts them back, by dup2 over and close. */
static void *
change(void *arg)
{
	int i, k;

	(void)arg;
	for (i = 0; i < ROUNDS || good < ROUNDS; i++) {
		k = i % FILES;
		if (i % 3 != 0)
			(void)close(BASE + k);
		if (dup2(source[k], BASE + k) != BASE + k && errno != EBUSY)
			wrong++;
	}
	running--;
	return NULL;
}

static int
is_all(const char *buf, ssize_t n, int letter)
{
	ssize_t i;

	for (i = 0; i < n; i++)
		if (buf[i] != letter)
			return 0;
	return 1;
}

static void *
use(void *arg)
{
	char buf[SIZE];
	struct stat st;
	ssize_t n;
	int fd, k;

	(void)arg;
	for (k = 0; running > 0; k = (k + 1) % FILES) {
		memset(buf, 0, sizeof(buf));
		n = pread(BASE + k, buf, SIZE, 0);
		if (n == SIZE && is_all(buf, n, 'a' + k))
			good++;
		else if (n == -1 && errno == EBADF)
			refused++;
		else
			wrong++;
		if (fstat(BASE + k, &st) == 0 && st.st_size != SIZE)
			wrong++;
		if ((fd = fcntl(BASE + k, F_DUPFD, 200)) >= 0) {
			if (pread(fd, buf, SIZE, 0) != SIZE ||
			    !is_all(buf, SIZE, 'a' + k))
				wrong++;
			if (close(fd) != 0)
				wrong++;
		}
	}
	return NULL;
}

/* A use finds the file of the number, or none. */
START_TEST(a_number_never_leads_to_another_file)
{
	pthread_t t[6];
	int i;

	set_up();
	running = 2;
	for (i = 0; i < 6; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL,
		    i < 2 ? change : use, NULL), 0);
	for (i = 0; i < 6; i++)
		ck_assert_int_eq(pthread_join(t[i], NULL), 0);
	ck_assert_int_eq(wrong, 0);
	ck_assert_int_gt(good, 0);
	tear_down();
}
END_TEST

static void *
open_and_close(void *arg)
{
	int k = (int)(size_t)arg, i, fd;
	char name[] = "race0", buf[SIZE];

	name[4] = (char)('0' + k);
	for (i = 0; i < ROUNDS / 4; i++) {
		fd = open(name, O_RDONLY);
		if (fd < 0 || read(fd, buf, SIZE) != SIZE ||
		    !is_all(buf, SIZE, 'a' + k) || close(fd) != 0)
			wrong++;
	}
	running--;
	return NULL;
}

/* Each opens its own, and what it got is its own until it closes it. */
START_TEST(what_a_thread_opened_stays_its_own)
{
	pthread_t t[FILES];
	int i;

	set_up();
	running = FILES;
	for (i = 0; i < FILES; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, open_and_close,
		    (void *)(size_t)i), 0);
	for (i = 0; i < FILES; i++)
		ck_assert_int_eq(pthread_join(t[i], NULL), 0);
	ck_assert_int_eq(wrong, 0);
	tear_down();
}
END_TEST

static int waiting, echo, came;

/* Reads twice: once to show that it is in read(), once to wait. */
static void *
wait_for_bytes(void *arg)
{
	char c = 0;

	(void)arg;
	if (read(waiting, &c, 1) != 1 || write(echo, &c, 1) != 1)
		wrong++;
	came = read(waiting, &c, 1) == 1 ? c : errno == EBADF ? '-' : '?';
	return NULL;
}

/*
 * close() and dup2() while another thread reads, or is just about to.  If its
 * pipe can still be written to, it is in read() and must get what is written;
 * if not, it comes to the number later and finds none or the other pipe.
 */
START_TEST(a_read_that_waits_stays_with_its_pipe)
{
	int old[2], other[2], signs[2], i;
	pthread_t t;
	ssize_t n;
	char c;

	wrong = 0;
	(void)signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < 50; i++) {
		ck_assert_int_eq(pipe(old), 0);
		ck_assert_int_eq(pipe(other), 0);
		ck_assert_int_eq(pipe(signs), 0);
		waiting = old[0];
		echo = signs[1];
		ck_assert_int_eq(pthread_create(&t, NULL, wait_for_bytes,
		    NULL), 0);
		ck_assert_int_eq(write(old[1], "s", 1), 1);
		ck_assert_int_eq(read(signs[0], &c, 1), 1);
		ck_assert_int_eq(close(old[0]), 0);
		ck_assert_int_eq(dup2(other[0], old[0]), old[0]);
		n = write(old[1], "o", 1);
		ck_assert(n == 1 || errno == EPIPE);
		ck_assert_int_eq(write(other[1], "n", 1), 1);
		ck_assert_int_eq(pthread_join(t, NULL), 0);
		ck_assert_int_eq(wrong, 0);
		if (n == 1)
			ck_assert_int_eq(came, 'o');
		else
			ck_assert(came == 'n' || came == '-');
		closefrom(old[0]);
	}
	(void)signal(SIGPIPE, SIG_DFL);
}
END_TEST

int
main(void)
{
	static const TTest *tests[4];
	int n = 0;

	tests[n++] = a_number_never_leads_to_another_file;
	tests[n++] = what_a_thread_opened_stays_its_own;
	tests[n++] = a_read_that_waits_stays_with_its_pipe;
	return run_cases("fdrace", tests, n);
}
