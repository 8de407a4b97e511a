#include "fileio/attr.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "fileio/at_nt.h"
#include "fileio/stat_nt.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/access_nt.h"

#define MAY_EXECUTE 1		/* X_OK, W_OK, R_OK of <unistd.h> */
#define MAY_WRITE 2
#define MAY_READ 4

static int
basic_of(HANDLE h, FILE_BASIC_INFO *basic)
{
	if (!GetFileInformationByHandleEx(h, FileBasicInfo, basic,
	    sizeof(*basic)))
		return nt_errno(GetLastError());
	return 0;
}

/* Zero for a time means that it stays. */
static int
set_basic(HANDLE h, FILE_BASIC_INFO *basic)
{
	return nt.SetFileInformationByHandle(h, FileBasicInfo, basic,
	    sizeof(*basic)) ? 0 : nt_errno(GetLastError());
}

/*
 * POSIX lets the owner do this through any descriptor, NT through a handle
 * that was opened for it.  One that set a time would also no longer see to it
 * that writes do.
 */
static int
reopen(uintptr_t handle, ACCESS_MASK access, HANDLE *h)
{
	*h = nt.ReOpenFile((HANDLE)handle, access, SHARE_ALL,
	    FILE_FLAG_BACKUP_SEMANTICS);
	return *h == INVALID_HANDLE_VALUE ? nt_errno(GetLastError()) : 0;
}

/*
 * NT is asked by opening the file: it knows who may.  That somebody else has
 * it open and shares nothing comes up only when access is granted.
 */
static int
may(const struct at_name *n, ACCESS_MASK access, ULONG options)
{
	NTSTATUS status;
	HANDLE h;

	status = at_create(n, access, 0, FILE_OPEN, options, &h, NULL);
	if (status == STATUS_SHARING_VIOLATION)
		return 0;
	if (!NT_SUCCESS(status))
		return at_errno(n, status);
	(void)CloseHandle(h);
	return 0;
}

int
attr_access(const struct at_name *n, int mode, int flags)
{
	ACCESS_MASK access = 0;
	FILE_BASIC_INFO basic;
	HANDLE h;
	int err;

	if (n->special != AT_NO_SPECIAL)
		return mode & MAY_EXECUTE ? EACCES : 0;
	if ((err = at_open(n, FILE_READ_ATTRIBUTES, flags, &h)) != 0)
		return err;
	err = basic_of(h, &basic);
	(void)CloseHandle(h);
	if (err != 0 || mode == 0)
		return err;
	if (mode & MAY_READ)
		access |= FILE_READ_DATA;
	if (mode & MAY_WRITE)
		access |= FILE_WRITE_DATA;
	if (mode & MAY_EXECUTE)
		access |= FILE_EXECUTE;
	if (!(basic.FileAttributes & FILE_ATTRIBUTE_DIRECTORY)) {
		if ((mode & MAY_WRITE) &&
		    (basic.FileAttributes & FILE_ATTRIBUTE_READONLY))
			return EACCES;
		if ((mode & MAY_EXECUTE) && !is_executable(n->path))
			return EACCES;
	}
	return may(n, access, flags & AT_SYMLINK_NOFOLLOW ?
	    FILE_OPEN_REPARSE_POINT : 0);
}

/* "Nobody may write" is all that NT's attributes can say: LIM-FILE-1. */
static int
set_readonly(HANDLE h, FILE_BASIC_INFO *basic, mode_t mode)
{
	DWORD a = basic->FileAttributes & ~(DWORD)FILE_ATTRIBUTE_READONLY;

	if (basic->FileAttributes & FILE_ATTRIBUTE_DIRECTORY)
		return 0;
	if (!(mode & 0222))
		a |= FILE_ATTRIBUTE_READONLY;
	if (a == basic->FileAttributes)
		return 0;
	(void)memset(basic, 0, sizeof(*basic));
	basic->FileAttributes = a != 0 ? a : FILE_ATTRIBUTE_NORMAL;
	return set_basic(h, basic);
}

#define CHMOD_ACCESS (FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES | \
	READ_CONTROL | SYNCHRONIZE)

static int
chmod_handle(HANDLE h, mode_t mode, int may_set)
{
	FILE_BASIC_INFO basic;
	int err, private = is_private(mode);

	if ((err = basic_of(h, &basic)) != 0)
		return err;
	if (private != nt_is_private(h)) {
		err = may_set ? nt_set_private(h, (basic.FileAttributes &
		    FILE_ATTRIBUTE_DIRECTORY) != 0, private) : EPERM;
		/* Under Wine the two are one: the mode of a file of Linux. */
		if (err != 0 || (err = basic_of(h, &basic)) != 0)
			return err;
	}
	return set_readonly(h, &basic, mode);
}

/* A link's own mode cannot be set, on Linux neither. */
static int
is_link(HANDLE h)
{
	struct stat st;

	return stat_disk(h, NULL, &st) == 0 && S_ISLNK(st.st_mode);
}

int
attr_chmod(const struct at_name *n, mode_t mode, int flags)
{
	HANDLE h;
	int err, may_set = 1;

	if (n->special != AT_NO_SPECIAL)
		return EPERM;
	err = at_open(n, CHMOD_ACCESS | WRITE_DAC, flags, &h);
	if (err == EACCES) {
		may_set = 0;
		err = at_open(n, CHMOD_ACCESS, flags, &h);
	}
	if (err != 0)
		return err;
	if ((flags & AT_SYMLINK_NOFOLLOW) && is_link(h))
		err = EOPNOTSUPP;
	else
		err = chmod_handle(h, mode, may_set);
	(void)CloseHandle(h);
	return err;
}

int
attr_fchmod(uintptr_t handle, mode_t mode)
{
	HANDLE h;
	int err, may_set = 1;

	err = reopen(handle, CHMOD_ACCESS | WRITE_DAC, &h);
	if (err == EACCES) {
		may_set = 0;
		err = reopen(handle, CHMOD_ACCESS, &h);
	}
	if (err != 0)
		return err;
	err = chmod_handle(h, mode, may_set);
	(void)CloseHandle(h);
	return err;
}

/* 0 leaves the time as it is: NT's own zero, in 1601, cannot be set. */
static int
to_ticks(const struct timespec *t, LARGE_INTEGER *ticks)
{
	FILETIME now;

	switch (t->tv_nsec) {
	case UTIME_OMIT:
		ticks->QuadPart = 0;
		return 0;
	case UTIME_NOW:
		GetSystemTimePreciseAsFileTime(&now);
		ticks->LowPart = now.dwLowDateTime;
		ticks->HighPart = (LONG)now.dwHighDateTime;
		return 0;
	default:
		return from_timespec(t, ticks);
	}
}

static int
set_times(HANDLE h, const struct timespec times[2])
{
	FILE_BASIC_INFO basic;
	int err;

	(void)memset(&basic, 0, sizeof(basic));
	if ((err = to_ticks(&times[0], &basic.LastAccessTime)) != 0 ||
	    (err = to_ticks(&times[1], &basic.LastWriteTime)) != 0)
		return err;
	return set_basic(h, &basic);
}

int
attr_utimens(const struct at_name *n, const struct timespec times[2],
    int flags)
{
	HANDLE h;
	int err;

	if (n->special != AT_NO_SPECIAL)
		return EPERM;
	if ((err = at_open(n, FILE_WRITE_ATTRIBUTES, flags, &h)) != 0)
		return err;
	err = set_times(h, times);
	(void)CloseHandle(h);
	return err;
}

int
attr_futimens(uintptr_t handle, const struct timespec times[2])
{
	HANDLE h;
	int err;

	err = reopen(handle, FILE_WRITE_ATTRIBUTES | SYNCHRONIZE, &h);
	if (err != 0)
		return err;
	err = set_times(h, times);
	(void)CloseHandle(h);
	return err;
}
