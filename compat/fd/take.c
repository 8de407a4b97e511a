/*
 * Taking numbers, from the CRT where it has them too.
 */
#include "fd/take.h"

#include <errno.h>
#include <stdlib.h>

#include "fd/crt.h"
#include "fd/fdtable.h"
#include "fd/numbers.h"

/* Placeholders that we keep under free numbers, to spare NT the making. */
#define PARK_MAX 256

struct lock numbers_lock;
struct lock numbers_alloc;

static int
number_take_if_ours(int min, int crt_is_full, int *fdp)
{
	int fd, ours = 0;

	lock_write(&numbers_lock);
	for (fd = number_next(min); fd >= 0; fd = number_next(fd + 1)) {
		if ((ours = fd >= CRT_LIMIT || number_is_parked(fd)))
			number_use(fd);
		if (ours || !crt_is_full)
			break;
	}
	unlock_write(&numbers_lock);
	*fdp = fd;
	return ours;
}

static void
park(int fd)
{
	lock_write(&numbers_lock);
	number_free(fd, 1);
	unlock_write(&numbers_lock);
}

/*
 * The CRT gives its lowest free number.  What it gives below want is free for
 * us too and is parked; surplus is how many of them.
 */
static int
reserve(int min, int want, int *fdp)
{
	int *surplus = NULL;
	int err, fd, n = 0, stale, taken = 0;

	if (want > 0 && (surplus = malloc((size_t)want * sizeof(*surplus))) ==
	    NULL)
		return ENOMEM;
	while ((err = crt_reserve(&fd)) == 0) {
		lock_write(&numbers_lock);
		/* Busy: someone closed our placeholder, here is another. */
		stale = number_is_busy(fd);
		taken = fd >= min && fd <= want && !stale;
		if (taken)
			number_use(fd);
		else if (!stale)
			number_free(fd, 1);
		unlock_write(&numbers_lock);
		if (taken || fd > want)
			break;
		if (!stale)
			surplus[n++] = fd;
	}
	*fdp = taken ? fd : -1;
	while (n-- > 16) {
		lock_write(&numbers_lock);
		number_free(surplus[n], 0);
		unlock_write(&numbers_lock);
		if (crt_release(surplus[n]) != 0)
			park(surplus[n]);
	}
	free(surplus);
	return err;
}

int
number_take(int min, int *fdp)
{
	uintptr_t handle;
	int err, fd, crt_is_full = 0;

	for (fd = min; ; ) {
		if (number_take_if_ours(fd, crt_is_full, &fd)) {
			*fdp = fd;
			return 0;
		}
		if (fd < 0)
			return EMFILE;
		if (crt_handle(fd, &handle) == 0) {
			fd++;
			continue;
		}
		if ((err = reserve(min, fd, fdp)) == 0 && *fdp >= 0)
			return 0;
		if (err == EMFILE)
			crt_is_full = 1;
		else if (err != 0)
			return err;
	}
}

int
number_drop(int fd)
{
	int keep = number_parked() < PARK_MAX;

	number_free(fd, keep);
	return !keep && fd < CRT_LIMIT;
}

void
number_dropped(int fd, int give_back)
{
	if (give_back && crt_release(fd) != 0)
		park(fd);
}

int
number_take_at(int fd, int inherited)
{
	uintptr_t handle;
	int err, got;

	if (crt_handle(fd, &handle) != 0) {
		if ((err = reserve(fd, fd, &got)) == 0 && got < 0)
			err = EBUSY;	/* the CRT was faster */
		return err;
	}
	if (crt_is_placeholder(handle))
		return 0;
	if (!crt_is_led())
		return inherited ? 0 : ENOSYS;
	return crt_replace(fd, inherited);
}

void
fd_steer_crt(int fd)
{
	int got;

	lock_write(&numbers_alloc);
	if (fd > 0)
		(void)reserve(fd, fd - 1, &got);
	unlock_write(&numbers_alloc);
}
