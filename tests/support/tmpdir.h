/* Scratch directories for tests. */
#ifndef SUPPORT_TMPDIR_H
#define SUPPORT_TMPDIR_H

struct proc;

/**
 * tmpdir_enter():
 * Make a fresh directory below the current one, and make it the current
 * directory.  Exit with a message when that cannot be done.
 */
void tmpdir_enter(void);

/**
 * tmpdir_name():
 * Its name, from where tmpdir_enter() was called.  Not known before: whose
 * directory has the process's number alone may be one that crashed.
 */
const char *tmpdir_name(void);

/**
 * tmpdir_spawn(argv, &p):
 * proc_spawn() in the directory where tmpdir_enter() was called, from which a
 * program's own path leads.
 */
int tmpdir_spawn(const char *const argv[], struct proc **);

/**
 * tmpdir_leave():
 * Go back and remove the directory with the plain files in it.
 */
void tmpdir_leave(void);

#endif
