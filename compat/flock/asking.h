/*
 * The turn of asking.  NT tells what is locked only to those who try to lock,
 * and two who try at once take each other for somebody who holds a lock.
 */
#ifndef FLOCK_ASKING_H
#define FLOCK_ASKING_H

/* One process of the session at a time: 0 or an errno. */
int asking_begin(void);
void asking_end(void);

#endif
