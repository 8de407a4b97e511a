/*
 * What processes share of a description: its struct file_state, in memory of
 * NT's that has no name, with a lock that survives its holder.
 */
#ifndef FD_SHARE_H
#define FD_SHARE_H

#include <stddef.h>
#include <stdint.h>

struct file;
struct file_state;
struct native_handle;
struct share;

/*
 * Let f's state be shared, if it is not yet.  The handles (native may be 0) are
 * f's, not inheritable, and stay as long as f does.
 */
int file_share(struct file *f, uintptr_t *section, uintptr_t *mutex,
    uintptr_t *native);

/*
 * For a file on the disk: a synchronous handle to it, which is f's, and stays.
 * From then on NT keeps the position, for plain programs to move, and
 * file_lock() looks there, in all processes that share it.  Where the file
 * could not be opened once more when it was first shared (it was removed) it is
 * f's own handle.
 */
int file_share_native(struct file *f, struct native_handle *);

/*
 * Give f, which nobody else has yet, the state that another process shares.
 * Takes the handles over when it succeeds.
 */
int file_join(struct file *f, uintptr_t section, uintptr_t mutex,
    uintptr_t native);

/*
 * Memory without a name for several processes, zeroed, and a mutex for it.
 * shared_lock() is true when the last holder died with it.
 */
int shared_new(size_t, uintptr_t *section, uintptr_t *mutex, void **view);

/* The same with names, of NT's, made or opened; for this user alone. */
int shared_by_name(const wchar_t *section_name, const wchar_t *mutex_name,
    size_t, uintptr_t *section, uintptr_t *mutex, void **view);

/* size (0: all): one that is smaller is an error. */
int shared_map(uintptr_t section, size_t size, void **view);
void shared_close(uintptr_t section, uintptr_t mutex, void *view);
int shared_lock(uintptr_t mutex);
void shared_unlock(uintptr_t mutex);

void share_lock(struct share *);
void share_unlock(struct share *);
void share_close(struct share *);

#endif
