#include "fd/numbers.h"

#include <stdint.h>

#include "fd/crt.h"
#include "fd/fdtable.h"

#define WORDS (FD_MAX / 64)

/* full has a bit for each word of busy that has no free number left. */
static uint64_t busy[WORDS];
static uint64_t full[WORDS / 64];
atomic_int number_limit = FD_MAX;
static uint64_t parked[CRT_LIMIT / 64];
static int parked_count;

static uint64_t
bit(int n)
{
	return (uint64_t)1 << (n % 64);
}

/* The lowest word from w on with a free number, or WORDS. */
static int
word_next(int w)
{
	uint64_t open;
	int i = w / 64;

	if (w >= WORDS)
		return WORDS;
	open = ~full[i] & ~(bit(w) - 1);
	while (open == 0) {
		if (++i == WORDS / 64)
			return WORDS;
		open = ~full[i];
	}
	return i * 64 + __builtin_ctzll(open);
}

static int
lowest(int min)
{
	uint64_t open;
	int w = min / 64;

	if (min >= FD_MAX)
		return -1;
	open = ~busy[w] & ~(bit(min) - 1);
	if (open == 0) {
		if ((w = word_next(w + 1)) == WORDS)
			return -1;
		open = ~busy[w];
	}
	return w * 64 + __builtin_ctzll(open);
}

int
number_next(int min)
{
	int n = lowest(min);

	return n < number_limit ? n : -1;
}

int
number_is_busy(int fd)
{
	return (busy[fd / 64] & bit(fd)) != 0;
}

int
number_is_parked(int fd)
{
	return fd < CRT_LIMIT && (parked[fd / 64] & bit(fd)) != 0;
}

static void
unpark(int fd)
{
	if (number_is_parked(fd)) {
		parked[fd / 64] &= ~bit(fd);
		parked_count--;
	}
}

void
number_use(int fd)
{
	unpark(fd);
	busy[fd / 64] |= bit(fd);
	if (busy[fd / 64] == UINT64_MAX)
		full[fd / 64 / 64] |= bit(fd / 64);
}

void
number_free(int fd, int park)
{
	busy[fd / 64] &= ~bit(fd);
	full[fd / 64 / 64] &= ~bit(fd / 64);
	unpark(fd);
	if (park && fd < CRT_LIMIT) {
		parked[fd / 64] |= bit(fd);
		parked_count++;
	}
}

int
number_parked(void)
{
	return parked_count;
}
