/*
 * The own process's channel: a thread that sleeps until a client comes.  It
 * serves several at once, so that one that says nothing, or nonsense, holds up
 * no other; who has said nothing for a while is cut off.
 */
#include "signal/channel.h"

#include <string.h>

#include "nt/access_nt.h"
#include "process/child.h"
#include "process/handoff.h"
#include "signal/channel_nt.h"
#include "signal/preempt.h"
#include "signal/state.h"

#define CLIENTS 16			/* at once; the others wait */
#define PATIENCE_MS 3000		/* with one that says nothing */
#define STACK_SIZE (64 * 1024)
#define BUFFER_SIZE 256

enum client_state {
	ABSENT,				/* no instance of the pipe yet */
	LISTENING,
	READING,			/* a message, or the end */
	ANSWERING,
};

struct client {
	OVERLAPPED ov;			/* first: the packet points here */
	HANDLE pipe;
	enum client_state state;
	int served;			/* has had an answer */
	int cut;			/* we do not want it any more */
	ULONG pid;
	ULONGLONG deadline;
	struct channel_message in;
	unsigned char more;		/* behind in: was there too much? */
	struct channel_answer out;
};

/* The owner and the system may connect, and nobody else. */
static SECURITY_ATTRIBUTES *access_list;

static wchar_t name[CHANNEL_NAME_MAX];
static struct client clients[CLIENTS];
static HANDLE port;

uint64_t
channel_start_time(HANDLE process)
{
	FILETIME start, end, kernel, user;

	if (!GetProcessTimes(process, &start, &end, &kernel, &user))
		return 0;
	return (uint64_t)start.dwHighDateTime << 32 | start.dwLowDateTime;
}

void
channel_name(DWORD pid, uint64_t start, wchar_t to[CHANNEL_NAME_MAX])
{
	(void)swprintf(to, CHANNEL_NAME_MAX,
	    L"\\\\.\\pipe\\libcompat-sig-%lu-%08lx%08lx", pid,
	    (unsigned long)(start >> 32), (unsigned long)(uint32_t)start);
}

static HANDLE
instance_new(DWORD first)
{
	return CreateNamedPipeW(name, PIPE_ACCESS_DUPLEX |
	    FILE_FLAG_OVERLAPPED | first, PIPE_TYPE_MESSAGE |
	    PIPE_READMODE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS,
	    CLIENTS, BUFFER_SIZE, BUFFER_SIZE, 0, access_list);
}

/*
 * Begin an operation.  Return 0 when no packet will come: then it has failed,
 * or, with ConnectNamedPipe, the client was there already.
 */
static int
begun(BOOL ok)
{
	return ok || GetLastError() == ERROR_IO_PENDING;
}

static int
begin_read(struct client *c)
{
	memset(&c->ov, 0, sizeof(c->ov));
	c->state = READING;
	c->deadline = GetTickCount64() + PATIENCE_MS;
	return begun(ReadFile(c->pipe, &c->in,
	    sizeof(c->in) + sizeof(c->more), NULL, &c->ov));
}

/* The sender's id is what NT says it is, not what its message says. */
static int
welcome(struct client *c)
{
	c->served = c->cut = 0;
	return GetNamedPipeClientProcessId(c->pipe, &c->pid) && begin_read(c);
}

static void
close_instance(struct client *c)
{
	(void)CloseHandle(c->pipe);
	c->state = ABSENT;
}

static void
listen_on(struct client *c)
{
	for (;;) {
		memset(&c->ov, 0, sizeof(c->ov));
		c->state = LISTENING;
		if (begun(ConnectNamedPipe(c->pipe, &c->ov)))
			return;
		if (GetLastError() == ERROR_PIPE_CONNECTED) {
			if (welcome(c))
				return;
		} else if (GetLastError() != ERROR_NO_DATA) {
			close_instance(c);
			return;
		}
		(void)DisconnectNamedPipe(c->pipe);
	}
}

/* Its operation comes back, and with it the end; or one more message. */
static void
cut_off(struct client *c)
{
	c->cut = 1;
	(void)CancelIoEx(c->pipe, &c->ov);
	c->deadline = GetTickCount64() + PATIENCE_MS;
}

/* Senders keep their connection, for the next signal. */
static void
cut_off_idle(void)
{
	struct client *c, *oldest = NULL;

	for (c = clients; c < clients + CLIENTS; c++)
		if (c->state == READING && c->served && !c->cut &&
		    (oldest == NULL || c->deadline < oldest->deadline))
			oldest = c;
	if (oldest != NULL)
		cut_off(oldest);
}

/* Is somebody free for the next client?  If not, who could be? */
static int
is_listening(struct client **absent)
{
	struct client *c;

	*absent = NULL;
	for (c = clients; c < clients + CLIENTS; c++) {
		if (c->state == LISTENING)
			return 1;
		if (c->state == ABSENT)
			*absent = c;
	}
	return 0;
}

/* A new instance may have its client before we listen: then one more. */
static void
keep_listening(void)
{
	struct client *c;

	while (!is_listening(&c)) {
		if (c == NULL) {
			cut_off_idle();
			return;
		}
		if ((c->pipe = instance_new(0)) == INVALID_HANDLE_VALUE)
			return;
		if (CreateIoCompletionPort(c->pipe, port, 0, 1) == NULL) {
			(void)CloseHandle(c->pipe);
			return;
		}
		listen_on(c);
		if (c->state == ABSENT)
			return;
	}
}

static int
is_good(const struct channel_message *m)
{
	if (m->version != CHANNEL_VERSION)
		return 0;
	if (m->code == CHANNEL_ASK || m->code == CHANNEL_MOVED)
		return m->signo == 0;
	return m->signo > 0 && m->signo < NSIG &&
	    m->signo != SIGKILL && m->signo != SIGSTOP &&
	    (m->code == SI_USER || m->code == SI_QUEUE);
}

static int
queue(const struct client *c)
{
	const struct channel_message *m = &c->in;
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = m->signo;
	info.si_code = m->code;
	info.si_pid = (pid_t)(c->pid == startup_doorkeeper() ? m->pid : c->pid);
	info.si_uid = (uid_t)m->uid;
	info.si_value.sival_ptr = (void *)(uintptr_t)m->value;
	return sig_send(0, &info) == 0 ? CHANNEL_QUEUED : CHANNEL_FULL;
}

static int
receive(struct client *c)
{
	uint64_t value = c->in.value;

	c->out.version = CHANNEL_VERSION;
	c->out.result = CHANNEL_QUEUED;
	if (c->in.code == CHANNEL_MOVED)
		child_moved(c->pid, (struct membership){ (uint32_t)value,
		    (uint32_t)(value >> 32) });
	else if (c->in.code != CHANNEL_ASK)
		c->out.result = queue(c);
	/* For a group, the process in whose place we run is the member. */
	if (startup_doorkeeper() != 0)
		c->out.of = (struct membership){ 0 };
	else
		c->out.of = group_own();
	c->served = 1;
	memset(&c->ov, 0, sizeof(c->ov));
	c->state = ANSWERING;
	return begun(WriteFile(c->pipe, &c->out, sizeof(c->out), NULL,
	    &c->ov));
}

/*
 * Who has gone makes room; who is cut off may not have read its answer yet,
 * which a disconnection would throw away and a close does not.  Without an
 * answer the sender knows that its message was not read.
 */
static void
dismiss(struct client *c)
{
	if (c->cut) {
		close_instance(c);
		return;
	}
	(void)DisconnectNamedPipe(c->pipe);
	listen_on(c);
}

/* After the answer comes the client's end, or one more message. */
static void
advance(struct client *c, BOOL ok, DWORD n)
{
	switch (c->state) {
	case LISTENING:
		ok = ok && welcome(c);
		break;
	case READING:
		ok = ok && n == sizeof(c->in) && is_good(&c->in) && receive(c);
		break;
	default:
		ok = ok && !c->cut && begin_read(c);
		break;
	}
	if (!ok)
		dismiss(c);
	keep_listening();
}

/* Return how long it is until the next client's time is up. */
static DWORD
cut_off_silent(void)
{
	ULONGLONG now = GetTickCount64(), left, least = INFINITE;
	struct client *c;

	for (c = clients; c < clients + CLIENTS; c++) {
		if (c->state != READING && c->state != ANSWERING)
			continue;
		if (c->deadline <= now)
			cut_off(c);
		left = c->deadline - now;
		if (left < least)
			least = left;
	}
	return (DWORD)least;
}

static DWORD WINAPI
serve(void *arg)
{
	DWORD n, silence, turn;
	OVERLAPPED *ov;
	ULONG_PTR key;
	BOOL ok;

	(void)arg;
	listen_on(&clients[0]);
	keep_listening();
	for (;;) {
		silence = cut_off_silent();
		turn = preempt_turn();
		ok = GetQueuedCompletionStatus(port, &n, &key, &ov,
		    turn < silence ? turn : silence);
		if (ov != NULL)
			advance((struct client *)ov, ok, n);
		else if (!ok && GetLastError() != WAIT_TIMEOUT)
			return 0;
	}
}

void
channel_wake(void)
{
	if (port != NULL)
		(void)PostQueuedCompletionStatus(port, 0, 0, NULL);
}

/*
 * The pipe exists when main() begins: a child that has said a word to its
 * parent can be signalled.  A process whose channel cannot be made goes on
 * without: sending to it is EPERM.
 */
void
channel_init(void)
{
	HANDLE pipe, thread;

	channel_name(GetCurrentProcessId(),
	    channel_start_time(GetCurrentProcess()), name);
	if (nt_private(NT_FILE, &access_list) != 0)
		return;
	pipe = instance_new(FILE_FLAG_FIRST_PIPE_INSTANCE);
	if (pipe == INVALID_HANDLE_VALUE)
		return;
	clients[0].pipe = pipe;
	if ((port = CreateIoCompletionPort(pipe, NULL, 0, 1)) == NULL)
		goto close_pipe;
	thread = CreateThread(NULL, STACK_SIZE, serve, NULL,
	    STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
	if (thread == NULL)
		goto close_port;
	(void)CloseHandle(thread);
	return;

close_port:
	(void)CloseHandle(port);
close_pipe:
	(void)CloseHandle(pipe);
}
