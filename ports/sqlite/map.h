/* One byte of a file, tried for a lock from here. */
#ifndef SQLITE_MAP_H
#define SQLITE_MAP_H

/* Return 0, or 1 when the file cannot be opened. */
int map_open(const char *file);

/*
 * '.' when the byte could be locked, 'r' when only for reading, 'W' when not
 * at all, '?' when the attempt failed otherwise.  Leaves it unlocked.
 */
char map_try(long offset);

void map_close(void);

#endif
