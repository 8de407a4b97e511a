/*
 * Taking numbers for fdtable.c, from the CRT where it has them too.
 */
#ifndef FD_TAKE_H
#define FD_TAKE_H

#include "fd/lock.h"

/*
 * numbers_lock: the slots' changes and the numbers.  Never held over a call of
 * the CRT, whose hooks take it.  numbers_alloc: over taking a number from the
 * CRT or giving it back; comes before numbers_lock and the CRT's own locks.
 */
extern struct lock numbers_lock;
extern struct lock numbers_alloc;

/*
 * Take the lowest number from min on that neither table uses: 0, EMFILE or
 * what NT says.  With numbers_alloc.
 */
int number_take(int min, int *fdp);

/*
 * Get a placeholder to fd, which is free or the CRT's: 0, EBUSY, ENOSYS.  The
 * number is not taken yet.  With numbers_alloc.  Inherited: the CRT's handle is
 * to stay open, and may stay in its table.
 */
int number_take_at(int fd, int inherited);

/*
 * The number is free again.  number_drop(), with numbers_lock, says whether its
 * placeholder is to go back to the CRT, and number_dropped(), with numbers_alloc
 * only, does that: nobody can take the number while it is on its way.
 */
int number_drop(int fd);
void number_dropped(int fd, int give_back);

#endif
