#include "fileio/stream_news.h"

#include <fcntl.h>
#include <stdlib.h>

#include "fd/file.h"
#include "fileio/console.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/pool.h"
#include "poll/watch.h"
#include "time/expiry.h"

/* <sys/epoll.h> does not go with NT's headers. */
#define CAN_READ 0x041u		/* EPOLLIN | EPOLLRDNORM */
#define CAN_WRITE 0x104u		/* EPOLLOUT | EPOLLWRNORM */
#define IS_BROKEN 0x008u
#define HUNG_UP 0x010u
#define AWAITED (CAN_READ | IS_BROKEN | HUNG_UP)	/* room is always there */

/* From one look to the next: twice as long each time. */
#define TICK_MIN INT64_C(5000000)
#define TICK_MAX INT64_C(50000000)

#define RECORDS 64

struct stream_news {
	struct lock lock;
	struct file *f;		/* the stream */
	struct file *told;
	int is_console;
	int is_input;		/* of a console */
	int rest;		/* NT has more of a line that was read */
	int resized;		/* the console says so */
	int waiting;		/* for the console, or for the next look */
	int64_t pause;		/* before the next look, in ns */
	uintptr_t wait;		/* of the pool, for a console */
	struct expiry tick;
};

/* Would a read in this mode get a character of it? */
static int
is_key(const INPUT_RECORD *r, DWORD mode)
{
	const KEY_EVENT_RECORD *k = &r->Event.KeyEvent;

	if (r->EventType != KEY_EVENT || k->uChar.UnicodeChar == 0)
		return 0;
	if (!k->bKeyDown && k->wVirtualKeyCode != VK_MENU)
		return 0;
	return (mode & ENABLE_LINE_INPUT) == 0 || k->uChar.UnicodeChar == L'\r';
}

/* What no read would return is in the way: NT's handle is signalled for it. */
static void
drop(HANDLE h, DWORD n)
{
	INPUT_RECORD r[RECORDS];

	if (n > 0)
		(void)ReadConsoleInputW(h, r, n, &n);
}

/* Two that see the same records must not both take them: NT makes one wait. */
static struct lock queue;

/*
 * Queue held.  A line counts when it is complete: when its end is in the queue.
 * *some: there are keys, so that NT's handle stays signalled.
 */
static int
look_at_queue(struct stream_news *s, int *some)
{
	HANDLE h = (HANDLE)s->f->handle;
	INPUT_RECORD r[RECORDS];
	DWORD i, mode, n = 0, skip = 0;
	int found = 0;

	*some = 0;
	if (!GetConsoleMode(h, &mode) ||
	    !PeekConsoleInputW(h, r, RECORDS, &n))
		return 1;		/* a read will tell */
	for (i = 0; i < n; i++)
		s->resized |= r[i].EventType == WINDOW_BUFFER_SIZE_EVENT;
	for (i = 0; i < n && !found; i++) {
		found = is_key(&r[i], mode);
		if (!*some && (r[i].EventType != KEY_EVENT ||
		    r[i].Event.KeyEvent.uChar.UnicodeChar == 0))
			skip++;
		else
			*some = 1;
	}
	drop(h, skip);
	/* More than a line of it: read. */
	return found || n == RECORDS;
}

static int
has_input(struct stream_news *s, int *some)
{
	int found;

	lock_write(&queue);
	found = look_at_queue(s, some);
	unlock_write(&queue);
	return found;
}

/* NamedPipeState, from the driver kit's headers. */
enum { PIPE_IS_CONNECTED = 3 };

/* A handle that may only write does not have to tell. */
static int
has_no_reader(HANDLE h)
{
	FILE_PIPE_LOCAL_INFORMATION info;
	IO_STATUS_BLOCK iosb;
	NTSTATUS status;

	status = NtQueryInformationFile(h, &iosb, &info, sizeof(info),
	    FilePipeLocalInformation);
	if (status == STATUS_ACCESS_DENIED)
		return 0;
	return status != STATUS_SUCCESS ||
	    info.NamedPipeState != PIPE_IS_CONNECTED;
}

static uint32_t
pipe_events(HANDLE h, int flags)
{
	uint32_t events = 0;
	DWORD n = 0;

	if ((flags & O_ACCMODE) != O_WRONLY) {
		if (!PeekNamedPipe(h, NULL, 0, NULL, &n, NULL))
			events |= HUNG_UP;
		else if (n > 0)
			events |= CAN_READ;
	}
	if ((flags & O_ACCMODE) != O_RDONLY)
		events |= CAN_WRITE | (has_no_reader(h) ? IS_BROKEN : 0);
	return events;
}

/* Lock held; *look: NT cannot be asked to wait. */
static uint32_t
events_of(struct stream_news *s, int *look)
{
	HANDLE h = (HANDLE)s->f->handle;
	int some = 0;
	uint32_t events;

	*look = 1;
	if (!s->is_console)
		return pipe_events(h, file_flags(s->f));
	if (!s->is_input)
		return CAN_WRITE;
	events = s->rest || has_input(s, &some) ? CAN_READ : 0;
	*look = some;
	return events;
}

/* Lock held: nothing holds, so somebody has to notice when it does. */
static void
wait_for(struct stream_news *s, int look)
{
	if (s->waiting)
		return;
	s->waiting = 1;
	if (look)
		(void)expiry_set(&s->tick, TIME_MONOTONIC,
		    timebase_after(TIME_MONOTONIC, s->pause));
	else
		pool_wait_set(s->wait, s->f->handle);
}

/* On a thread of the pool. */
static void
look(void *arg)
{
	struct stream_news *s = arg;
	uint32_t events;
	int looks, resized;

	lock_write(&s->lock);
	s->waiting = 0;
	if ((s->pause *= 2) > TICK_MAX)
		s->pause = TICK_MAX;
	events = events_of(s, &looks);
	if ((events & AWAITED) == 0 && s->told->watches != NULL)
		wait_for(s, looks);
	resized = s->resized;
	s->resized = 0;
	unlock_write(&s->lock);
	if (resized)
		(void)console_look(1);
	if ((events & AWAITED) != 0)
		watch_notify(s->told, events);
}

uint32_t
stream_news_poll(struct stream_news *s)
{
	uint32_t events;
	int looks;

	lock_write(&s->lock);
	s->pause = TICK_MIN;
	events = events_of(s, &looks);
	if ((events & AWAITED) == 0 && (!s->is_console || s->is_input))
		wait_for(s, looks);
	/* Who polls has locks that a signal would want. */
	if (s->resized)
		(void)expiry_set(&s->tick, TIME_MONOTONIC,
		    timebase_now(TIME_MONOTONIC));
	unlock_write(&s->lock);
	return events;
}

/*
 * NT gives a line in parts, and does not say that there is more.  Who waits for
 * an edge is told of the next one because the watching begins again here.
 */
void
stream_news_read(struct stream_news *s, size_t len, size_t n, char last)
{
	DWORD mode;

	lock_write(&s->lock);
	if (s->is_input)
		s->rest = n > 0 && n == len && last != '\n' &&
		    GetConsoleMode((HANDLE)s->f->handle, &mode) &&
		    (mode & ENABLE_LINE_INPUT) != 0;
	s->pause = TICK_MIN;
	if (s->told->watches != NULL)
		wait_for(s, 1);
	unlock_write(&s->lock);
}

void
stream_news_for(struct stream_news *s, struct file *f)
{
	s->told = f;
}

/*
 * NT tells of the window only who has asked.  What changed since the last watch
 * is told as the rest is, by the first look: who polls has locks.
 */
static int
ask_for_window(HANDLE h)
{
	DWORD mode;

	if (GetConsoleMode(h, &mode))
		(void)SetConsoleMode(h, mode | ENABLE_WINDOW_INPUT);
	return console_look(0);
}

struct stream_news *
stream_news_new(struct file *f)
{
	struct stream_news *s;
	DWORD n;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return NULL;
	s->f = s->told = f;
	s->pause = TICK_MIN;
	s->is_console = is_console(f->handle);
	s->is_input = s->is_console &&
	    GetNumberOfConsoleInputEvents((HANDLE)f->handle, &n);
	if (expiry_open(&s->tick, look, s) != 0)
		goto free_news;
	if (s->is_input && pool_wait_new(look, s, &s->wait) != 0)
		goto close_tick;
	if (s->is_input)
		s->resized = ask_for_window((HANDLE)f->handle);
	return s;

close_tick:
	expiry_close(&s->tick);
free_news:
	free(s);
	return NULL;
}

void
stream_news_free(struct stream_news *s)
{
	if (s == NULL)
		return;
	pool_wait_free(s->wait);
	expiry_close(&s->tick);
	free(s);
}
