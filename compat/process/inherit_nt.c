/* A child takes over what its parent handed to it. */
#include "process/inherit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>

#include "afunix/lane_shared.h"
#include "fd/crt.h"
#include "fd/fdtable.h"
#include "fileio/disk.h"
#include "fileio/open.h"
#include "fileio/pipe.h"
#include "fileio/special.h"
#include "nt/nt.h"
#include "poll/eventfd.h"
#include "process/handoff.h"
#include "process/identity.h"
#include "process/parent.h"
#include "process/priority.h"
#include "signal/state.h"
#include "time/timerfd.h"

/* By this section a parent knows a program that has libcompat in it. */
__attribute__((section(".compat"), used))
static const char mark[] = "libcompat";

static int
take_stream(struct hand_record *r, struct file **fp)
{
	return stream_new((uintptr_t)r->handle[HAND_MAIN],
	    (enum file_kind)r->kind, r->flags, 1, fp);
}

static int
take_disk(struct hand_record *r, struct file **fp)
{
	return disk_new((uintptr_t)r->handle[HAND_MAIN], r->flags, fp);
}

static int
take_dir(struct hand_record *r, struct file **fp)
{
	return dirfile_new((uintptr_t)r->handle[HAND_MAIN], r->flags, fp);
}

/*
 * A program without sockets does not count the bytes that it reads, which a
 * lane (afunix/lane.h) has to know.
 */
static int
take_bytes(struct hand_record *r, struct file **fp)
{
	void *view;

	if (r->handle[HAND_LANE] != 0 &&
	    shared_map((uintptr_t)r->handle[HAND_LANE], sizeof(struct shared),
	    &view) == 0) {
		atomic_store(&((struct shared *)view)->plain, 1);
		(void)UnmapViewOfFile(view);
	}
	return take_stream(r, fp);
}

/*
 * A program without sockets can still read and write one that it was given: as
 * a stream.
 */
static hand_taker *takers[HAND_TYPES] = {
	[HAND_DISK] = take_disk,
	[HAND_DIR] = take_dir,
	[HAND_STREAM] = take_stream,
	[HAND_PIPE] = pipe_take,
	[HAND_SOCKET] = take_bytes,
	[HAND_EVENT] = eventfd_take,
	[HAND_DEVICE] = special_take,
	[HAND_SIGNALS] = signalfd_take,
	[HAND_TIMER] = timerfd_take,
};

void
hand_enter(enum hand_type type, hand_taker *taker)
{
	takers[type] = taker;
}

/* What this process inherited, its children shall get by a list only. */
static void
keep(const struct hand_record *r)
{
	int i;

	for (i = 0; i < HAND_HANDLES; i++)
		if (r->handle[i] != 0)
			(void)SetHandleInformation(
			    (HANDLE)(uintptr_t)r->handle[i],
			    HANDLE_FLAG_INHERIT, 0);
}

static void
refuse(const struct hand_record *r, int from)
{
	for (; from < HAND_HANDLES; from++)
		if (r->handle[from] != 0)
			(void)CloseHandle((HANDLE)(uintptr_t)r->handle[from]);
}

struct file *
hand_take(const struct hand_record *given)
{
	struct hand_record r = *given;
	struct file *f;

	keep(&r);
	if (r.type == HAND_NONE || r.type >= HAND_TYPES ||
	    takers[r.type](&r, &f) != 0) {
		refuse(&r, 0);
		return NULL;
	}
	if (file_join(f, (uintptr_t)r.handle[HAND_SECTION],
	    (uintptr_t)r.handle[HAND_MUTEX],
	    (uintptr_t)r.handle[HAND_NATIVE]) != 0) {
		refuse(&r, HAND_NATIVE);
		file_put(f);
		return NULL;
	}
	return f;
}

static void
install(const struct handoff *h, struct file **f)
{
	const struct hand_fd *fds = handoff_fds(h);
	uint32_t i;

	for (i = 0; i < h->fds; i++) {
		if (fds[i].record >= h->records ||
		    f[fds[i].record] == NULL)
			continue;
		/* The CRT has these already, and they are adopted. */
		if (fds[i].fd < 3 && handoff_records(h)[fds[i].record].type ==
		    HAND_STREAM)
			continue;
		file_ref(f[fds[i].record]);
		if (fd_install_inherited(f[fds[i].record], fds[i].fd) != 0)
			file_put(f[fds[i].record]);
	}
}

/*
 * Adopted now, while it is sure that the CRT has there what it was given: the
 * description then lasts as long as that does.
 */
static void
adopt_appenders(void)
{
	struct file *f;
	int fd;

	for (fd = 0; (fd = crt_appends_next(fd)) >= 0; fd++)
		if (fd_is_crt(fd) && fd_get(fd, &f) == 0) {
			(void)file_set_flags(f, O_APPEND, O_APPEND);
			file_put(f);
		}
}

static struct timeval
time_of(int64_t us)
{
	return (struct timeval){ .tv_sec = us / 1000000,
	    .tv_usec = (long)(us % 1000000) };
}

static void
take_timers(const struct handoff *h)
{
	struct itimerval left;
	int which;

	for (which = ITIMER_REAL; which <= ITIMER_PROF; which++) {
		left.it_value = time_of(h->timers[which].value);
		left.it_interval = time_of(h->timers[which].interval);
		if (h->timers[which].value > 0)
			(void)setitimer(which, &left, NULL);
	}
}

static void
take_process(const struct handoff *h)
{
	(void)umask((mode_t)h->umask);
	if (h->nice != 0)
		(void)priority_set_own(h->nice);
	take_timers(h);
	parent_inherit_signal(h->death_signal,
	    h->ppid != PROCESS_NOBODY);
}

/*
 * After the C runtime has set itself up and the kinds have entered their
 * takers, before main.
 */
static void __attribute__((constructor))
inherit(void)
{
	const struct handoff *h = startup_handoff();
	struct file **f;
	uint32_t i;

	adopt_appenders();
	if (h == NULL)
		return;
	startup_wait();
	take_process(h);
	if ((f = calloc(h->records + 1, sizeof(*f))) != NULL) {
		for (i = 0; i < h->records; i++)
			f[i] = hand_take(&handoff_records(h)[i]);
		install(h, f);
		for (i = 0; i < h->records; i++)
			if (f[i] != NULL)
				file_put(f[i]);
		free(f);
	}
	startup_done();
}

/* fd/fdtable.c calls it: that brings the constructor into a static link. */
void
inherit_init(void)
{
}
