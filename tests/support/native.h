/*
 * A program that knows nothing of libcompat: files and their locks by Win32
 * alone.  NT only.  Results are Win32 codes, 0 for success.
 */
#ifndef SUPPORT_NATIVE_H
#define SUPPORT_NATIVE_H

#include <stdint.h>

struct native;

/**
 * native_open(path, share_delete, &n):
 * Open for reading and writing, made if need be, shared for both and, if asked
 * for, for deletion.
 */
unsigned int native_open(const char *path, int share_delete, struct native **);

/** native_lock(n, exclusive, off, len): by LockFileEx, without waiting. */
unsigned int native_lock(struct native *, int exclusive, uint64_t off,
    uint64_t len);

/** native_unlock(n, off, len): exactly as it was locked. */
unsigned int native_unlock(struct native *, uint64_t off, uint64_t len);

void native_close(struct native *);

/** native_print(text): to the standard output that Win32 knows of. */
unsigned int native_print(const char *text);

/** native_read(buf, n): from the standard input that Win32 knows of; or -1. */
int native_read(void *buf, unsigned int n);

#endif
