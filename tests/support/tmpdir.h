/* Scratch directories for tests. */
#ifndef SUPPORT_TMPDIR_H
#define SUPPORT_TMPDIR_H

/**
 * tmpdir_enter():
 * Make a fresh directory below the current one, and make it the current
 * directory.  Exit with a message when that cannot be done.
 */
void tmpdir_enter(void);

/**
 * tmpdir_leave():
 * Go back and remove the directory with the plain files in it.
 */
void tmpdir_leave(void);

#endif
