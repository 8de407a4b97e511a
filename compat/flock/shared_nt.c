/*
 * The table is a named section of the user's, in the session's name space
 * (LIM-LOCK-1).  It is there as long as one of the processes is that locks.
 *
 * A word in it says who is inside: process id, what of its start has room, and
 * whether somebody waits for the word.  Taking it is one instruction, and so is
 * giving it back; a process that dies inside is recognised by its word, and
 * the next one undoes what it had begun.
 *
 * Who finds the word taken takes the mutex, so that one thread alone waits for
 * it, on the event and on the death of the process inside.  NT gives the mutex
 * of a killed waiter to the next, who looks at the word anew: nothing is lost
 * when the event had been set for the other.
 */
#include "flock/shared_nt.h"

#include <errno.h>
#include <string.h>
#include <wchar.h>

#include "nt/calls_nt.h"
#include "nt/private_nt.h"
#include "signal/channel_nt.h"

#define WANTED 1ULL		/* in the word: set the event when leaving */
#define SPINS 200

static struct {
	INIT_ONCE once;
	int err;
	struct private_access access;
	wchar_t name[LOCK_NAME_MAX];
	HANDLE section, mutex, event;
	struct lock_process self;
	uint64_t word;
	struct lock_table *table;
} shared = { .once = INIT_ONCE_STATIC_INIT };

void
shared_name(wchar_t name[LOCK_NAME_MAX], const wchar_t *what, uint32_t number)
{
	(void)swprintf(name, LOCK_NAME_MAX, L"%ls-%ls%u", shared.name, what,
	    number);
}

SECURITY_ATTRIBUTES *
shared_access(void)
{
	return &shared.access.sa;
}

static void
name_table(void)
{
	size_t n;

	(void)wcscpy(shared.name, L"Local\\libcompat-locks-1-");
	n = wcslen(shared.name);
	private_user_text(&shared.access, shared.name + n,
	    LOCK_NAME_MAX - n - 16);
}

static int
open_objects(void)
{
	wchar_t name[LOCK_NAME_MAX];

	shared_name(name, L"table", 0);
	shared.section = nt.CreateFileMappingW(INVALID_HANDLE_VALUE,
	    shared_access(), PAGE_READWRITE, 0, sizeof(*shared.table), name);
	if (shared.section == NULL)
		return ENOLCK;
	shared_name(name, L"mutex", 0);
	shared.mutex = nt.CreateMutexW(shared_access(), FALSE, name);
	if (shared.mutex == NULL)
		goto close_section;
	shared_name(name, L"event", 0);
	shared.event = nt.CreateEventW(shared_access(), FALSE, FALSE, name);
	if (shared.event == NULL)
		goto close_mutex;
	if (!private_is_owner(&shared.access, shared.section))
		goto close_event;
	shared.table = nt.MapViewOfFile(shared.section,
	    FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, sizeof(*shared.table));
	if (shared.table != NULL)
		return 0;

close_event:
	(void)CloseHandle(shared.event);
close_mutex:
	(void)CloseHandle(shared.mutex);
close_section:
	(void)CloseHandle(shared.section);
	return ENOLCK;
}

static BOOL CALLBACK
open_once(INIT_ONCE *o, void *arg, void **ctx)
{
	uint64_t start = channel_start_time(GetCurrentProcess());

	(void)o;
	(void)arg;
	(void)ctx;
	shared.self.pid = GetCurrentProcessId();
	shared.self.start = start;
	shared.word = shared.self.pid << 32 | (start & 0x7FFFFFFF) << 1;
	if (!private_access_init(&shared.access))
		return FALSE;
	name_table();
	return open_objects() == 0;
}

/* When it fails, the next call tries again. */
int
shared_open(void)
{
	if (!InitOnceExecuteOnce(&shared.once, open_once, NULL, NULL))
		return ENOLCK;
	return 0;
}

const struct lock_process *
shared_self(void)
{
	return &shared.self;
}

HANDLE
shared_process(const struct lock_process *p, int *dead)
{
	HANDLE h = OpenProcess(SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION,
	    FALSE, (DWORD)p->pid);

	*dead = h == NULL && GetLastError() == ERROR_INVALID_PARAMETER;
	if (h != NULL && channel_start_time(h) != p->start) {
		(void)CloseHandle(h);
		*dead = 1;
		h = NULL;
	}
	return h;
}

/*
 * The process inside, by its word.  An id that was given away again has
 * another start.  NULL: it is dead, or cannot be opened.
 */
static HANDLE
process_inside(uint64_t word, int *dead)
{
	HANDLE h = OpenProcess(SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION,
	    FALSE, (DWORD)(word >> 32));

	*dead = h == NULL && GetLastError() == ERROR_INVALID_PARAMETER;
	if (h != NULL &&
	    ((channel_start_time(h) << 1) ^ word) & 0xFFFFFFFE) {
		(void)CloseHandle(h);
		*dead = 1;
		h = NULL;
	}
	return h;
}

/*
 * Wait until who is inside leaves or dies; then it is dead.  What cannot be
 * opened is of this user all the same, and looked at again in a while.
 */
static int
wait_for_word(uint64_t word)
{
	HANDLE h[2] = { shared.event, NULL };
	DWORD result;
	int dead;

	h[1] = process_inside(word, &dead);
	if (dead)
		return 1;
	if (h[1] == NULL) {
		(void)WaitForSingleObject(shared.event, 100);
		return 0;
	}
	result = WaitForMultipleObjects(2, h, FALSE, INFINITE);
	(void)CloseHandle(h[1]);
	return result == WAIT_OBJECT_0 + 1;
}

static int
try_word(uint64_t old)
{
	return atomic_compare_exchange_strong_explicit(&shared.table->word,
	    &old, shared.word, memory_order_acquire, memory_order_relaxed);
}

static void
enter_slowly(void)
{
	atomic_uint_least64_t *word = &shared.table->word;
	uint64_t seen;

	(void)WaitForSingleObject(shared.mutex, INFINITE);
	for (;;) {
		seen = atomic_load(word);
		if (seen == 0) {
			if (try_word(0))
				break;
			continue;
		}
		if (!(seen & WANTED) && !atomic_compare_exchange_strong(word,
		    &seen, seen | WANTED))
			continue;
		seen |= WANTED;
		if (wait_for_word(seen) && try_word(seen))
			break;
	}
	(void)ReleaseMutex(shared.mutex);
}

struct lock_table *
shared_enter(void)
{
	int i;

	for (i = 0; i < SPINS; i++) {
		if (atomic_load_explicit(&shared.table->word,
		    memory_order_relaxed) == 0 && try_word(0))
			goto inside;
		YieldProcessor();
	}
	enter_slowly();
inside:
	table_recover(shared.table);
	return shared.table;
}

/* Killed before the event is set: who waits sees this process's end too. */
void
shared_leave(void)
{
	if (atomic_exchange_explicit(&shared.table->word, 0,
	    memory_order_release) & WANTED)
		(void)SetEvent(shared.event);
}

/*
 * All processes must come to the same key, whenever each of them asks.  Wine
 * says 0 for a file's volume when the name has been changed or removed since,
 * and as long as its mount manager is not up (measured on 8 and 10): there a
 * file is its number alone, LIM-LOCK-5.  nt_wine will not do: a test may say
 * that Wine is NT.
 */
static int
has_volumes(void)
{
	static atomic_int known;	/* 1: no, 2: yes */
	int now = atomic_load_explicit(&known, memory_order_relaxed);

	if (now == 0) {
		now = nt_lookup(L"ntdll.dll", "wine_get_version") != NULL ?
		    1 : 2;
		atomic_store_explicit(&known, now, memory_order_relaxed);
	}
	return now == 2;
}

/* Did NT want for memory?  Then it knows the form, and another process's. */
static int
is_shortage(DWORD code)
{
	return code == ERROR_NO_SYSTEM_RESOURCES ||
	    code == ERROR_NOT_ENOUGH_MEMORY;
}

/* FAT has the second form only. */
int
shared_key(uintptr_t handle, struct lock_key *key)
{
	BY_HANDLE_FILE_INFORMATION info;
	FILE_ID_INFO id;

	*key = (struct lock_key){ 0 };
	if (GetFileInformationByHandleEx((HANDLE)handle, FileIdInfo, &id,
	    sizeof(id))) {
		key->volume = id.VolumeSerialNumber;
		(void)memcpy(key->id, &id.FileId, sizeof(key->id));
	} else if (!is_shortage(GetLastError()) &&
	    GetFileInformationByHandle((HANDLE)handle, &info)) {
		key->volume = info.dwVolumeSerialNumber;
		key->id[0] = (uint64_t)info.nFileIndexHigh << 32 |
		    info.nFileIndexLow;
	} else
		return ENOLCK;
	if (!has_volumes())
		key->volume = 0;
	return 0;
}
