/*
 * Which descriptor numbers are in use, and which of the CRT's we hold though
 * they are free ("parked": a placeholder waits there, see README.md).  Plain
 * bookkeeping; every call is made under the table's lock.
 */
#ifndef FD_NUMBERS_H
#define FD_NUMBERS_H

#include <stdatomic.h>

/* Numbers from here on are not given out.  FD_MAX or less. */
extern atomic_int number_limit;

/* The lowest number from min on that is not in use, or -1. */
int number_next(int min);

int number_is_busy(int fd);
int number_is_parked(int fd);

/* Use the number; a parked one is no longer parked. */
void number_use(int fd);

/* It is free, and a placeholder of ours waits under it in the CRT or not. */
void number_free(int fd, int parked);

/* How many are parked. */
int number_parked(void);

#endif
