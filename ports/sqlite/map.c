/*
 * probe DATABASE: print which of the bytes that SQLite locks (os.h, wal.c) are
 * locked by other processes.  '.' is a free byte, 'r' has a shared lock, 'W' an
 * exclusive one; the bytes of the -shm file are WRITE, CKPT, RECOVER, READ0 to
 * READ4, and the dead man's switch behind '|'.
 */
#include "map.h"

#include <stdio.h>

#define PENDING		0x40000000L
#define RESERVED	(PENDING + 1)
#define SHARED		(PENDING + 2)
#define SHARED_SIZE	510
#define SHM		120
#define SHM_SIZE	8

/* What all bytes of the range are; '?' when they differ. */
static char
try_range(long from, long size)
{
	char first = map_try(from);
	long i;

	for (i = 1; i < size; i++)
		if (map_try(from + i) != first)
			return '?';
	return first;
}

int
main(int argc, char **argv)
{
	char shm[4096];
	int i;

	if (argc != 2 || map_open(argv[1]) != 0) {
		(void)fprintf(stderr, "usage: probe DATABASE\n");
		return 2;
	}
	(void)printf("pending=%c reserved=%c shared=%c", map_try(PENDING),
	    map_try(RESERVED), try_range(SHARED, SHARED_SIZE));
	map_close();
	(void)snprintf(shm, sizeof(shm), "%s-shm", argv[1]);
	if (map_open(shm) == 0) {
		(void)printf(" shm=");
		for (i = 0; i < SHM_SIZE; i++)
			(void)putchar(map_try(SHM + i));
		(void)printf("|%c", map_try(SHM + SHM_SIZE));
		map_close();
	}
	(void)putchar('\n');
	return 0;
}
