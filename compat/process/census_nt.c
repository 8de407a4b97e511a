/* All processes, as NT counts them. */
#include "process/group.h"

#include <stdlib.h>

#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "signal/channel.h"
#include "signal/state.h"

#define FIRST_GUESS 512

/* NT does not say how many there are, only that the room was used up. */
int
census_take(uint32_t **pids, size_t *n)
{
	DWORD *list = NULL, *more, room = FIRST_GUESS, used;
	int err;

	for (;; room *= 2) {
		if ((more = realloc(list, room * sizeof(*list))) == NULL) {
			err = ENOMEM;
			break;
		}
		list = more;
		if (!nt.K32EnumProcesses(list, room * (DWORD)sizeof(*list),
		    &used)) {
			err = nt_errno(GetLastError());
			break;
		}
		if ((*n = used / sizeof(*list)) < room) {
			*pids = (uint32_t *)list;
			return 0;
		}
	}
	free(list);
	return err;
}

/* While we hold it open, NT gives the number to nobody else. */
int
census_visit(int64_t pid, group_visitor *visit, void *arg)
{
	struct membership m;
	uintptr_t process;
	int stop = 0;

	if (sig_process_open(pid, &process) != 0)
		return 0;
	if (channel_ask(pid, &m) == 0)
		stop = visit(pid, &m, arg);
	(void)CloseHandle((HANDLE)process);
	return stop;
}
