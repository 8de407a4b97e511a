/*
 * What processes share of a description: its struct file_state, in memory of
 * NT's that has no name, with a lock that survives its holder.
 */
#ifndef FD_SHARE_H
#define FD_SHARE_H

#include <stdint.h>

struct file;
struct file_state;
struct share;

/*
 * Let f's state be shared, if it is not yet.  The two handles are f's, not
 * inheritable, and stay as long as f does.
 */
int file_share(struct file *f, uintptr_t *section, uintptr_t *mutex);

/*
 * Give f, which nobody else has yet, the state that another process shares.
 * Takes the handles over when it succeeds.
 */
int file_join(struct file *f, uintptr_t section, uintptr_t mutex);

void share_lock(struct share *);
void share_unlock(struct share *);
void share_close(struct share *);

#endif
