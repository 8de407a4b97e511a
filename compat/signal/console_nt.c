/* Console events.  compat_signal(7) has the table. */
#include "nt/nt.h"

#include <compat.h>

#include "signal/map.h"
#include "signal/retire.h"
#include "signal/state.h"
#include "signal/wait.h"

/*
 * NT ends a process 5 s after it sent CLOSE, LOGOFF or SHUTDOWN, or as soon as
 * the handler returns; a service gets 20 s for SHUTDOWN.  These are the
 * defaults that NT documents; the handler returns a little before.
 */
#define HOLD_MS 4750
#define HOLD_SERVICE_MS 19750

static HANDLE main_thread;

/* When NT loses its patience, by GetTickCount64(), and why; 0 is never. */
static atomic_ullong doom;
static atomic_int doom_event;

int
sig_is_service(void)
{
	DWORD session;

	return ProcessIdToSessionId(GetCurrentProcessId(), &session) &&
	    session == 0;
}

static DWORD
hold_time(DWORD type)
{
	return type == CTRL_SHUTDOWN_EVENT && sig_is_service() ?
	    HOLD_SERVICE_MS : HOLD_MS;
}

int64_t
compat_signal_grace(int *event)
{
	ULONGLONG end = atomic_load(&doom), now = GetTickCount64();

	if (end == 0)
		return -1;
	*event = atomic_load(&doom_event);
	return end > now ? (int64_t)(end - now) * 1000000 : 0;
}

static int
is_default(int signo)
{
	int fatal;

	lock_read(&sig_process.lock);
	fatal = sig_is_fatal(signo) && !sig_is_kept(signo);
	unlock_read(&sig_process.lock);
	return fatal;
}

/*
 * What NT's callback does, and tests call.  Return 0 to let NT do what it does
 * by default, which is to end the process, else 1.
 */
int
sig_console_event(unsigned long type)
{
	int signo;

	if (sig_is_retired()) {
		if (type >= CTRL_CLOSE_EVENT)
			(void)WaitForSingleObject(main_thread,
			    hold_time(type));
		return 1;
	}
	if (type >= SIG_EVENTS || (signo = sig_event_map[type]) == 0)
		return 0;
	/*
	 * NT sends LOGOFF to every service when any user logs off, and to
	 * programs that never asked for SIGHUP.
	 */
	if (type == CTRL_LOGOFF_EVENT && (sig_is_service() || is_default(signo)))
		return 1;
	if (is_default(signo))
		return 0;
	if (type >= CTRL_CLOSE_EVENT) {
		atomic_store(&doom_event, (int)type);
		atomic_store(&doom, GetTickCount64() + hold_time(type));
	}
	(void)sig_post(signo);
	/*
	 * NT waits as long as the handler runs.  When main ends, the process
	 * does, and this thread with it: then the program need not sit the
	 * time out.
	 */
	if (type >= CTRL_CLOSE_EVENT)
		(void)WaitForSingleObject(main_thread, hold_time(type));
	return 1;
}

static BOOL WINAPI
on_event(DWORD type)
{
	return sig_console_event(type);
}

void
sig_console_init(void)
{
	HANDLE self = GetCurrentProcess();

	(void)DuplicateHandle(self, GetCurrentThread(), self, &main_thread,
	    SYNCHRONIZE, FALSE, 0);
	(void)SetConsoleCtrlHandler(on_event, TRUE);
}

/*
 * A process made with CREATE_NEW_PROCESS_GROUP, or by a parent that ignores
 * CTRL+C, does not get it until it says that it wants to.
 */
void
sig_console_listen(void)
{
	(void)SetConsoleCtrlHandler(NULL, FALSE);
}
