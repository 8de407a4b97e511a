#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "clock.h"

#define INTERVAL	100000000	/* ns between two lines */
#define MIB		1048576.0

static int shown;
static int64_t started, last;
static uint64_t total, before;	/* bytes of all files; of this so far */

void
progress_show(const char *name, uint64_t done, uint64_t size)
{
	static int terminal = -1;
	int64_t now;
	double rate;

	if (terminal == -1)
		terminal = isatty(STDERR_FILENO);
	if (!terminal)
		return;
	now = clock_now();
	if (started == 0)
		started = last = now;
	/* The count begins anew with each file. */
	total += done >= before ? done - before : done;
	before = done;
	if (now - last < INTERVAL)
		return;
	last = now;
	shown = 1;
	rate = (double)total / MIB * 1e9 / (double)(now - started);
	if (size == UINT64_MAX || size == 0)
		(void)fprintf(stderr, "\r\033[K%.40s %" PRIu64
		    " MiB, %.1f MiB/s", name, done >> 20, rate);
	else
		(void)fprintf(stderr, "\r\033[K%.40s %" PRIu64
		    " %%, %.1f MiB/s", name, done * 100 / size, rate);
	(void)fflush(stderr);
}

void
progress_clear(void)
{
	if (!shown)
		return;
	shown = 0;
	(void)fprintf(stderr, "\r\033[K");
	(void)fflush(stderr);
}
