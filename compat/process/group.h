/*
 * Process groups and sessions.  NT has none that would do.  A process knows
 * its own, and nobody else can change them: a child has always exec'd.  It has
 * them from its parent; who wants to know asks it, by its channel
 * (signal/channel.h), so that nothing is left of a process that is killed.  A
 * parent that lives is told of changes, because it wants to know after the
 * child's end too.
 */
#ifndef PROCESS_GROUP_H
#define PROCESS_GROUP_H

#include <stddef.h>
#include <stdint.h>

struct membership {
	uint32_t group, session;
};

/* Before main, and before the channel answers. */
void group_init(void);

struct membership group_own(void);

/*
 * Any process's: 0, ESRCH, EPERM (native, and no child) or EAGAIN (it does not
 * answer).
 */
int group_find(int64_t pid, struct membership *);

/*
 * Call visit for each process with libcompat but the caller, and for each child
 * that nobody has waited for, until it returns something other than 0.  0, or
 * an errno when NT does not tell: then it was not called.
 */
typedef int group_visitor(int64_t pid, const struct membership *, void *arg);
int group_each(group_visitor *, void *arg);

/*
 * Does the group have a member, in that session (0: in any)?  0, EPERM or an
 * errno.
 */
int group_check(uint32_t group, uint32_t session);

/* census_nt.c: the numbers of all processes, to be freed. */
int census_take(uint32_t **pids, size_t *n);

/*
 * Ask the process what it is a member of, by its channel, and visit it if it
 * says.  It keeps its number meanwhile.
 */
int census_visit(int64_t pid, group_visitor *, void *arg);

#endif
