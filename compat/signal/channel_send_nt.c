/* The sender's side of the channel. */
#include "signal/channel.h"

#include <string.h>

#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "process/pe_nt.h"
#include "signal/channel_nt.h"
#include "signal/state.h"

/*
 * How long a process may take to answer.  A suspended one does not; POSIX
 * would queue the signal, but then nobody could say that it is queued.
 */
#define ANSWER_MS 5000

/*
 * A process that has just been made has no channel until the loader has called
 * its constructors.  One of libcompat's that is younger than this is given the
 * time.
 */
#define YOUNG_MS 2000
#define YOUNG_STEP_MS 5

/* How long a process that has closed its pipe may still seem to live. */
#define ENDING_MS 1000

/* A process that keeps cutting us off is as one that does not answer. */
#define TRIES 3

struct target {
	DWORD pid;
	uint64_t start;
	HANDLE process;			/* NULL: nobody has needed it */
	HANDLE pipe;
	ULONGLONG deadline;
	int sent;			/* a message is in the pipe */
	struct channel_answer answer;
};

/* The last connection, for the next signal: most go where the last one went. */
static struct lock last_lock;
static struct target last;

static int
has_ended(const struct target *t, DWORD ms)
{
	return WaitForSingleObject(t->process, ms) == WAIT_OBJECT_0;
}

static int
is_young(const struct target *t)
{
	FILETIME now;
	uint64_t ticks;

	GetSystemTimeAsFileTime(&now);
	ticks = (uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime;
	return ticks - t->start < YOUNG_MS * UINT64_C(10000);
}

static DWORD
time_left(const struct target *t)
{
	ULONGLONG now = GetTickCount64();

	return now < t->deadline ? (DWORD)(t->deadline - now) : 0;
}

/* Is it worth another try?  0, or why not. */
static int
wait_for_pipe(const struct target *t, const wchar_t *name, DWORD code)
{
	switch (code) {
	case ERROR_FILE_NOT_FOUND:
		if (!is_young(t) || !pe_runs_compat(t->process))
			return has_ended(t, t->sent ? ENDING_MS : 0) ?
			    ESRCH : EPERM;
		return has_ended(t, YOUNG_STEP_MS) ? ESRCH : 0;
	case ERROR_PIPE_BUSY:
		if (time_left(t) == 0)
			return EAGAIN;
		(void)WaitNamedPipeW(name, time_left(t));
		return 0;
	case ERROR_ACCESS_DENIED:
		return EPERM;
	default:
		return has_ended(t, 0) ? ESRCH : nt_errno(code);
	}
}

/* The pipe must be that process's own: a name is anybody's to take. */
static int
check_server(const struct target *t)
{
	ULONG pid;

	return GetNamedPipeServerProcessId(t->pipe, &pid) && pid == t->pid ?
	    0 : EPERM;
}

static int
connect_to(struct target *t)
{
	wchar_t name[CHANNEL_NAME_MAX];
	int err;

	channel_name(t->pid, t->start, name);
	for (;;) {
		t->pipe = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, 0,
		    NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED |
		    SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION, NULL);
		if (t->pipe != INVALID_HANDLE_VALUE)
			break;
		if ((err = wait_for_pipe(t, name, GetLastError())) != 0)
			return err;
	}
	if ((err = check_server(t)) != 0)
		(void)CloseHandle(t->pipe);
	return err;
}

/*
 * Collect an operation that has been begun.  The wait is not alertable: kill()
 * knows no EINTR, and what comes meanwhile is handled after it.
 */
static int
finish(struct target *t, BOOL ok, OVERLAPPED *ov, DWORD want)
{
	DWORD n = 0;

	if (!ok && GetLastError() != ERROR_IO_PENDING)
		return EPIPE;
	if (WaitForSingleObject(ov->hEvent, time_left(t)) != WAIT_OBJECT_0)
		(void)CancelIoEx(t->pipe, ov);
	if (GetOverlappedResult(t->pipe, ov, &n, TRUE))
		return n == want ? 0 : EPIPE;
	return GetLastError() == ERROR_OPERATION_ABORTED ? ETIMEDOUT : EPIPE;
}

/*
 * EPIPE: the other side has gone; ETIMEDOUT: it does not answer; EAGAIN: its
 * queue is full.
 */
static int
transact(struct target *t, const struct channel_message *m)
{
	struct channel_answer *answer = &t->answer;
	OVERLAPPED ov = { .hEvent = NULL };
	int err;

	if ((err = nt_event_take(&ov.hEvent)) != 0)
		return err;
	err = finish(t, WriteFile(t->pipe, m, sizeof(*m), NULL, &ov), &ov,
	    sizeof(*m));
	if (err == 0) {
		t->sent = 1;
		err = finish(t, ReadFile(t->pipe, answer, sizeof(*answer),
		    NULL, &ov), &ov, sizeof(*answer));
	}
	nt_event_give(ov.hEvent);
	if (err != 0)
		return err;
	if (answer->version != CHANNEL_VERSION)
		return EPERM;
	return answer->result == CHANNEL_QUEUED ? 0 : EAGAIN;
}

static void
take_last(struct target *t)
{
	struct target none = { .pid = 0 };

	lock_write(&last_lock);
	if (last.pid == t->pid) {
		t->start = last.start;
		t->pipe = last.pipe;
		last = none;
	}
	unlock_write(&last_lock);
}

static void
keep_last(const struct target *t)
{
	HANDLE old;

	lock_write(&last_lock);
	old = last.pipe;
	last.pid = t->pid;
	last.start = t->start;
	last.pipe = t->pipe;
	unlock_write(&last_lock);
	if (old != NULL)
		(void)CloseHandle(old);
}

/* ESRCH also when the id is another process's by now. */
static int
find_process(struct target *t)
{
	uintptr_t process;
	uint64_t start;
	int err;

	if (t->process != NULL)
		return 0;
	if ((err = sig_process_open(t->pid, &process)) != 0)
		return err;
	t->process = (HANDLE)process;
	start = channel_start_time(t->process);
	if (t->sent && start != t->start)
		return ESRCH;
	t->start = start;
	return has_ended(t, 0) ? ESRCH : 0;
}

static int
send_once(struct target *t, const struct channel_message *m)
{
	int err;

	if (t->pipe == NULL) {
		if ((err = find_process(t)) != 0)
			return err;
		if ((err = connect_to(t)) != 0) {
			t->pipe = NULL;
			return err;
		}
	}
	err = transact(t, m);
	if (err == 0 || err == EAGAIN) {
		keep_last(t);
		return err;
	}
	(void)CloseHandle(t->pipe);
	t->pipe = NULL;
	return err;
}

/*
 * A connection that was cut off while the process lives on did not bring the
 * message: again.
 */
static int
exchange(struct target *t, const struct channel_message *m)
{
	int err, tries;

	t->deadline = GetTickCount64() + ANSWER_MS;
	take_last(t);
	for (tries = 0; tries < TRIES; tries++)
		if ((err = send_once(t, m)) != EPIPE)
			break;
	if (t->process != NULL)
		(void)CloseHandle(t->process);
	return err == EPIPE || err == ETIMEDOUT ? EAGAIN : err;
}

/*
 * A process that the signal ended gives no answer, and one that ends by itself
 * throws its signals away, as POSIX lets it: then, once the message was sent,
 * kill() has succeeded.
 */
int
channel_send(int64_t pid, const siginfo_t *info)
{
	struct channel_message m = {
		.version = CHANNEL_VERSION,
		.signo = info->si_signo,
		.code = info->si_code,
		.uid = info->si_uid,
		.pid = info->si_pid,
		.value = (uintptr_t)info->si_value.sival_ptr,
	};
	struct target t = { .pid = (DWORD)pid };
	int err = exchange(&t, &m);

	return err == ESRCH && t.sent ? 0 : err;
}

int
channel_ask(int64_t pid, struct membership *of)
{
	struct channel_message m = { .version = CHANNEL_VERSION,
	    .code = CHANNEL_ASK };
	struct target t = { .pid = (DWORD)pid };
	int err = exchange(&t, &m);

	if (err == 0)
		*of = t.answer.of;
	return err;
}

void
channel_tell(int64_t parent, const struct membership *of)
{
	struct channel_message m = { .version = CHANNEL_VERSION,
	    .code = CHANNEL_MOVED,
	    .value = (uint64_t)of->session << 32 | of->group };
	struct target t = { .pid = (DWORD)parent };

	(void)exchange(&t, &m);
}
