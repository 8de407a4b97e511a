#include "compat/flock/util.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "support/tmpdir.h"

static atomic_int signals, done;

static struct {
	pthread_t thread, victim;
	int (*release)(void *);
	void *arg;
} pesterer;

void
open_both(int *a, int *b)
{
	*a = open("lock", O_RDWR | O_CREAT | O_TRUNC, 0644);
	*b = open("lock", O_RDWR);
	ck_assert(*a >= 0 && *b >= 0);
}

void
close_both(int a, int b)
{
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(b), 0);
}

int
set(int fd, int cmd, int type, off_t start, off_t len)
{
	struct flock fl = { .l_type = (short)type, .l_whence = SEEK_SET,
	    .l_start = start, .l_len = len };

	return fcntl(fd, cmd, &fl);
}

struct proc *
child(const char *self, const char *what, const char *name, const char *arg)
{
	char path[80];
	const char *argv[] = { self, what, path, arg, NULL };
	struct proc *p;

	(void)snprintf(path, sizeof(path), "%s/%s", tmpdir_name(), name);
	ck_assert_int_eq(tmpdir_spawn(argv, &p), 0);
	return p;
}

void
said(struct proc *p, const char *line)
{
	char got[16];

	ck_assert_int_ge(proc_readline(p, got, sizeof(got)), 0);
	ck_assert_str_eq(got, line);
}

void
say(const char *line)
{
	(void)printf("%s\n", line);
	(void)fflush(stdout);
}

void
nap(void)
{
	struct timespec ts = { .tv_nsec = 1000000 };

	(void)nanosleep(&ts, NULL);
}

static void
count(int signo)
{
	(void)signo;
	(void)atomic_fetch_add(&signals, 1);
}

void
handle(int flags)
{
	struct sigaction sa = { .sa_handler = count, .sa_flags = flags };

	ck_assert_int_eq(sigemptyset(&sa.sa_mask), 0);
	ck_assert_int_eq(sigaction(SIGUSR1, &sa, NULL), 0);
	atomic_store(&signals, 0);
}

int
caught(void)
{
	return atomic_load(&signals);
}

static void *
annoy(void *arg)
{
	int n;

	(void)arg;
	for (n = 0; !atomic_load(&done); n++) {
		if (pesterer.release != NULL && (caught() >= 3 || n == 5000))
			break;
		(void)pthread_kill(pesterer.victim, SIGUSR1);
		nap();
	}
	if (pesterer.release != NULL && pesterer.release(pesterer.arg) != 0)
		return &pesterer;
	return NULL;
}

void
pester_until(int (*release)(void *), void *arg)
{
	atomic_store(&done, 0);
	pesterer.release = release;
	pesterer.arg = arg;
	pesterer.victim = pthread_self();
	ck_assert_int_eq(pthread_create(&pesterer.thread, NULL, annoy, NULL),
	    0);
}

void
pester(void)
{
	pester_until(NULL, NULL);
}

void
leave_alone(void)
{
	void *failed;

	atomic_store(&done, 1);
	ck_assert_int_eq(pthread_join(pesterer.thread, &failed), 0);
	ck_assert_ptr_null(failed);
}
