/*
 * NT's rules where Wine is laxer, for programs that run under Wine: libstrict
 * replaces calls of the library's table (nt/calls_nt.h), and whoever is linked
 * with it and has COMPAT_TEST_STRICT=1 in the environment lives by them.  With
 * 2 they hold between such processes only, at a tenth of the cost.
 *
 *   * Byte-range locks are mandatory.  A read is refused (33) where another
 *     file object holds an exclusive lock, a write where another one holds any
 *     lock or this one holds a shared lock.
 *   * A LockFileEx that waits on an overlapped handle is granted when it can
 *     be, and can be cancelled; an immediate one may be "pending" and done.
 *   * A lock wants a handle that may read or write.
 *   * Unlocking what is not locked is ERROR_NOT_LOCKED (158).
 *   * Reads and writes of overlapped handles may complete at once.
 *
 * Sources: the pages of LockFileEx, UnlockFileEx, ReadFile and WriteFile of
 * the Win32 API.  Other processes' locks are found by asking for a lock of the
 * range: programs of ours wait for each other meanwhile, but a native one that
 * asks for the same range in that moment is refused it.
 */
#ifndef SUPPORT_STRICT_H
#define SUPPORT_STRICT_H

/**
 * strict_start():
 * Begin, if the environment says so.  A constructor does it too: a program
 * that does not call it links with -Wl,-u,strict_start.
 */
void strict_start(void);

/** strict_is_on(): is it? */
int strict_is_on(void);

/** strict_refusals(): how many reads and writes were refused so far. */
unsigned int strict_refusals(void);

#endif
