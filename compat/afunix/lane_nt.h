/* The lane's sections and processes. */
#ifndef AFUNIX_LANE_NT_H
#define AFUNIX_LANE_NT_H

#include <stddef.h>
#include <stdint.h>

#include "afunix/lane.h"

/* As shared_new(), but made or opened by what both ends know. */
int lane_section(const unsigned char id[LANE_ID], size_t, uintptr_t *section,
    uintptr_t *mutex, void **view);

/* Open them, if one made them who may do all that we may. */
int lane_section_of(const unsigned char id[LANE_ID], size_t,
    uintptr_t *section, uintptr_t *mutex, void **view);

/*
 * Keep the two alive in who's process until it has them by name, also when this
 * one ends before: EPERM where it could not open them.  lane_taken(): it has.
 */
int lane_give(const struct lane_who *who, uintptr_t section, uintptr_t mutex,
    uint64_t given[2]);
void lane_taken(uint64_t given[2]);

/* This process; start is NT's time of its start, so that no other is meant. */
struct lane_who lane_self(void);

/*
 * A process to give handles to or take them from: 0, ESRCH when it has ended,
 * EPERM.  lane_process_start(): only when it started; 0: it has ended.
 */
int lane_process(const struct lane_who *, uintptr_t *process);
uint64_t lane_process_start(uint32_t pid);
void lane_process_close(uintptr_t process);

/* Let others run; turn: how often this was called already. */
void lane_pause(unsigned int turn);

/*
 * Have records of files made in a section of process's own, its handles among
 * its own too.  Nothing is left there when it fails.  EOPNOTSUPP: one of them
 * cannot be handed over.
 */
int lane_push(uintptr_t process, uint32_t pid, struct file *const *, uint32_t n,
    uint64_t *section);

/* Take it back: nobody will. */
void lane_unpush(uintptr_t process, uint32_t pid, struct file *const *,
    uint32_t n, uint64_t section);

/*
 * Make files of a mail, in this process.  peek: and leave it where it is.  A
 * file that cannot be made is NULL.  ESRCH...: nothing can.
 */
int lane_pull(const struct lane_mail *, int peek, struct file **);

#endif
