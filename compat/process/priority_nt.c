#include "process/priority.h"

#include <stdatomic.h>

#include "nt/errmap.h"
#include "nt/nt.h"
#include "signal/open_nt.h"

/*
 * The first value that has a class, in order, and what the class counts as
 * when nobody has told us more.
 */
static const struct {
	int from, usual;
	DWORD class;
} classes[] = {
	{ -20, -15, HIGH_PRIORITY_CLASS },
	{ -10, -5, ABOVE_NORMAL_PRIORITY_CLASS },
	{ 0, 0, NORMAL_PRIORITY_CLASS },
	{ 1, 5, BELOW_NORMAL_PRIORITY_CLASS },
	{ 11, 15, IDLE_PRIORITY_CLASS },
};
#define CLASSES (sizeof(classes) / sizeof(classes[0]))

#define UNKNOWN INT32_MAX

static atomic_int own = UNKNOWN;

static DWORD
class_of(int nice)
{
	size_t i = CLASSES - 1;

	while (i > 0 && nice < classes[i].from)
		i--;
	return classes[i].class;
}

static int
usual(DWORD class)
{
	size_t i;

	for (i = 0; i < CLASSES; i++)
		if (classes[i].class == class)
			return classes[i].usual;
	return classes[0].usual;	/* NT's realtime class */
}

/* Somebody else may have changed the class: then the value is of no account. */
int
priority_own(void)
{
	DWORD class = GetPriorityClass(GetCurrentProcess());
	int nice = own;

	return nice != UNKNOWN && class_of(nice) == class ? nice :
	    usual(class);
}

int
priority_set_own(int nice)
{
	if (!SetPriorityClass(GetCurrentProcess(), class_of(nice)))
		return nt_errno(GetLastError());
	own = nice;
	return 0;
}

int
priority_of(int64_t pid, int *nice)
{
	HANDLE h;
	DWORD class;
	int err;

	if ((err = sig_process_open_for(pid, 0, &h)) != 0)
		return err;
	if ((class = GetPriorityClass(h)) == 0)
		err = nt_errno(GetLastError());
	(void)CloseHandle(h);
	*nice = usual(class);
	return err;
}

int
priority_set(int64_t pid, int nice)
{
	HANDLE h;
	int err;

	err = sig_process_open_for(pid, PROCESS_SET_INFORMATION, &h);
	if (err != 0)
		return err;
	if (!SetPriorityClass(h, class_of(nice)))
		err = nt_errno(GetLastError());
	(void)CloseHandle(h);
	return err;
}
