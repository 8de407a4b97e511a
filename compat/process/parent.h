/* The signal for the parent's end: prctl(PR_SET_PDEATHSIG). */
#ifndef PROCESS_PARENT_H
#define PROCESS_PARENT_H

/*
 * 0: none.  Nothing comes for a parent that has ended.  0, EINVAL, ENOSYS,
 * EPERM, ENOMEM.
 */
int parent_set_signal(int signo);
int parent_signal(void);

/*
 * Of a program that exec starts: the old one watched that parent until then,
 * so that an end in between counts.
 */
void parent_inherit_signal(int signo, int had_parent);

#endif
