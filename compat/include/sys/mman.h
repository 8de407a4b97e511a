/* <sys/mman.h>: mapped files, memory and shared memory. */
#ifndef COMPAT_SYS_MMAN_H
#define COMPAT_SYS_MMAN_H

#include <bits/crt.h>
#include <bits/sym.h>
#include <sys/types.h>

#define PROT_NONE	0
#define PROT_READ	1
#define PROT_WRITE	2
#define PROT_EXEC	4

#define MAP_FAILED	((void *)-1)
#define MAP_SHARED	0x01
#define MAP_PRIVATE	0x02
#define MAP_SHARED_VALIDATE 0x03
#define MAP_TYPE	0x0f
#define MAP_FIXED	0x10
#define MAP_ANONYMOUS	0x20
#define MAP_ANON	MAP_ANONYMOUS
#define MAP_DENYWRITE	0x0800		/* ignored, as on Linux */
#define MAP_EXECUTABLE	0x1000		/* ignored, as on Linux */
#define MAP_LOCKED	0x2000		/* ignored: use mlock */
#define MAP_NORESERVE	0x4000		/* ignored: LIM-MMAP-8 */
#define MAP_POPULATE	0x8000		/* ignored: pages come when touched */
#define MAP_NONBLOCK	0x10000		/* ignored */
#define MAP_STACK	0x20000		/* ignored, as on Linux */
#define MAP_FIXED_NOREPLACE 0x100000
#define MAP_FILE	0

#define MS_ASYNC	1
#define MS_INVALIDATE	2
#define MS_SYNC		4

#define MADV_NORMAL	0
#define MADV_RANDOM	1
#define MADV_SEQUENTIAL	2
#define MADV_WILLNEED	3
#define MADV_DONTNEED	4
#define MADV_FREE	8
#define MADV_DONTFORK	10
#define MADV_DOFORK	11
#define MADV_HUGEPAGE	14
#define MADV_NOHUGEPAGE	15
#define MADV_DONTDUMP	16
#define MADV_DODUMP	17

#define POSIX_MADV_NORMAL	0
#define POSIX_MADV_RANDOM	1
#define POSIX_MADV_SEQUENTIAL	2
#define POSIX_MADV_WILLNEED	3
#define POSIX_MADV_DONTNEED	4

#define MCL_CURRENT	1
#define MCL_FUTURE	2
#define MCL_ONFAULT	4

#define MREMAP_MAYMOVE	1

#define MFD_CLOEXEC	1U

COMPAT_BEGIN_DECLS

/**
 * mmap(addr, len, prot, flags, fd, off):
 * Map len bytes of fd from off, or of zeros (MAP_ANONYMOUS).  off is a
 * multiple of sysconf(_SC_PAGESIZE), 4096; NT's own unit of 64 KiB does not
 * show.  flags has MAP_SHARED or MAP_PRIVATE.  addr counts with MAP_FIXED and
 * MAP_FIXED_NOREPLACE only.  The mapping outlives close(fd).  Bytes behind the
 * end of the file in its last page are zero; pages behind that fault (as
 * SIGBUS does on Linux) until the file has grown to them.
 *
 * Return the address, or MAP_FAILED with errno set to:
 *	EACCES		fd is not open for reading; or prot has PROT_WRITE,
 *			flags MAP_SHARED, and fd is not open for both; or the
 *			file may not be executed and prot has PROT_EXEC.
 *	EBADF		fd is not open.
 *	EEXIST		MAP_FIXED_NOREPLACE, and something is there.
 *	EINVAL		len is 0, off or a fixed addr is no multiple of the
 *			page size, neither MAP_SHARED nor MAP_PRIVATE.
 *	EMFILE		no handle is left.
 *	ENODEV		fd is no regular file.
 *	ENOMEM		no memory or addresses are left, or a fixed addr is
 *			one that NT cannot map at: LIM-MMAP-3.
 *	EOPNOTSUPP	MAP_SHARED_VALIDATE with an unknown flag.
 *	EOVERFLOW	off + len is more than an off_t holds.
 *
 * Source:	POSIX.1-2024; mmap(2) of Linux.
 * Limits:	LIM-MMAP-1, LIM-MMAP-3, LIM-MMAP-4, LIM-MMAP-8, LIM-FILE-6.
 */
void *mmap(void *, size_t, int, int, int, off_t) COMPAT_SYM(mmap);

/**
 * munmap(addr, len):
 * Unmap the pages of [addr, addr + len), of any number of mappings; pages that
 * are not mapped are passed over.
 *
 * Return 0, or -1 with errno set to:
 *	EINVAL		addr is no multiple of the page size, len is 0 or too
 *			much.
 *	ENOMEM		a mapping would have to be cut in two, and there is
 *			no memory for it.
 *
 * Source:	POSIX.1-2024; munmap(2) of Linux.
 * Limits:	LIM-MMAP-2.
 */
int munmap(void *, size_t) COMPAT_SYM(munmap);

/**
 * mprotect(addr, len, prot):
 * Change the protection of pages, mapped here or by others (malloc).
 *
 * Return 0, or -1 with errno set to:
 *	EACCES		a file that is not open for writing, shared, would
 *			become writable; or a file executable that was not
 *			mapped so: LIM-MMAP-4.
 *	EINVAL		addr is no multiple of the page size, or prot unknown.
 *	ENOMEM		a page is not mapped; those before it are changed.
 *
 * Source:	POSIX.1-2024; mprotect(2) of Linux.
 */
int mprotect(void *, size_t, int) COMPAT_SYM(mprotect);

/**
 * msync(addr, len, flags):
 * With MS_SYNC, write what was changed in shared mappings to the disk, and
 * wait for it.  MS_ASYNC and MS_INVALIDATE have nothing to do: mappings, read
 * and write always agree.
 *
 * Return 0, or -1 with errno set to:
 *	EINVAL		addr is no multiple of the page size, or flags unknown,
 *			or both MS_ASYNC and MS_SYNC.
 *	EIO, ENOSPC	the disk did not take it.
 *	ENOMEM		a page is not mapped; the others are written.
 *
 * Source:	POSIX.1-2024.
 */
int msync(void *, size_t, int) COMPAT_SYM(msync);

/**
 * madvise(addr, len, advice), posix_madvise(addr, len, advice):
 * Say how pages will be used.  Only MADV_DONTNEED does something: anonymous
 * pages are given back and are zero from then on.  posix_madvise never changes
 * contents, returns the error and leaves errno alone.
 *
 * EINVAL for an unknown advice or a bad address, or MADV_DONTNEED of a private
 * mapping of a file (LIM-MMAP-6); ENOMEM where nothing is mapped.
 *
 * Source:	madvise(2) of Linux; POSIX.1-2024.
 */
int madvise(void *, size_t, int) COMPAT_SYM(madvise);
int posix_madvise(void *, size_t, int) COMPAT_SYM(posix_madvise);

/**
 * mlock(addr, len), munlock(addr, len):
 * Keep pages in memory.  NT's limit is the process's least working set, which
 * is raised as needed.
 *
 * Return 0, or -1 with errno set to:
 *	EINVAL		addr + len overflows.
 *	ENOMEM		a page is not mapped or not accessible; or NT refused.
 *	EPERM		the process may not raise its working set.
 *
 * Source:	POSIX.1-2024.
 */
int mlock(const void *, size_t) COMPAT_SYM(mlock);
int munlock(const void *, size_t) COMPAT_SYM(munlock);

/**
 * mlockall(flags), munlockall():
 * NT cannot: -1 with ENOSYS, or EINVAL for bad flags.  LIM-MMAP-5.
 */
int mlockall(int) COMPAT_SYM(mlockall);
int munlockall(void) COMPAT_SYM(munlockall);

/**
 * mremap(addr, len, new_len, flags):
 * Make a mapping shorter in place, or, with MREMAP_MAYMOVE, longer elsewhere.
 *
 * Return the address, or MAP_FAILED with errno set to:
 *	EFAULT		[addr, addr + len) is not of one mapping.
 *	EINVAL		flags, a bad address, a length of 0, or a private
 *			mapping of a file that is to grow: LIM-MMAP-7.
 *	ENOMEM		no room, or it would have to be moved.
 *
 * Source:	mremap(2) of Linux.
 */
void *mremap(void *, size_t, size_t, int, ...) COMPAT_SYM(mremap);

/**
 * shm_open(name, flags, mode), shm_unlink(name):
 * Open, make or remove a shared memory object: a file in a directory of the
 * user's, which lives until shm_unlink().  name is a slash and up to 200
 * plain characters, case counts.  flags: O_RDONLY or O_RDWR, O_CREAT, O_EXCL,
 * O_TRUNC.  FD_CLOEXEC is set.
 *
 * Return a descriptor (0 from shm_unlink), or -1 with errno set to:
 *	EACCES		the object may not be opened so.
 *	EEXIST		O_CREAT and O_EXCL, and it exists.
 *	EINVAL		the name has another slash or is empty (ENOENT from
 *			shm_unlink); flags has O_WRONLY.
 *	EMFILE		no descriptor is free.
 *	ENAMETOOLONG	the name.
 *	ENOENT		there is no such object.
 *
 * Source:	POSIX.1-2024.
 * Limits:	LIM-MMAP-9.
 */
int shm_open(const char *, int, mode_t) COMPAT_SYM(shm_open);
int shm_unlink(const char *) COMPAT_SYM(shm_unlink);

/**
 * memfd_create(name, flags):
 * Make a file without a name, for ftruncate, read, write and mmap.  flags: 0 or
 * MFD_CLOEXEC.  name (up to 249 bytes) is for debuggers only.
 *
 * Return a descriptor, or -1 with errno set to:
 *	EFAULT		name is NULL.
 *	EINVAL		another flag (there is no sealing), or a long name.
 *	EMFILE		no descriptor is free.
 *
 * Source:	memfd_create(2) of Linux.
 */
int memfd_create(const char *, unsigned int) COMPAT_SYM(memfd_create);

COMPAT_END_DECLS

#endif
