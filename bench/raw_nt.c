#include "bench/raw.h"

#include <io.h>
#include <sys/locking.h>
#include <fcntl.h>

#include "nt/nt.h"

/*
 * shared: overlapped, as a program opens a file that several threads read.
 * alone: synchronous, which lets one call at a time in, and moves its position
 * with every one.
 */
static HANDLE shared, alone, out;
static int crt, crt_out;
static char buf[4096];

static OVERLAPPED
at(uint64_t off, HANDLE e)
{
	OVERLAPPED ov = { 0 };

	ov.Offset = (DWORD)off;
	ov.OffsetHigh = (DWORD)(off >> 32);
	ov.hEvent = e;
	return ov;
}

static int
shared_pread(int n)
{
	HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
	OVERLAPPED ov;
	DWORD got;
	int failed = 0;

	while (n-- > 0) {
		ov = at((uint64_t)n % 64 * 64, event);
		if (!ReadFile(shared, buf, 64, NULL, &ov) &&
		    GetLastError() != ERROR_IO_PENDING)
			failed = -1;
		if (!GetOverlappedResult(shared, &ov, &got, TRUE) || got != 64)
			failed = -1;
	}
	(void)CloseHandle(event);
	return failed;
}

static int
alone_pread(int n)
{
	OVERLAPPED ov;
	DWORD got;

	while (n-- > 0) {
		ov = at((uint64_t)n % 64 * 64, NULL);
		if (!ReadFile(alone, buf, 64, &got, &ov) || got != 64)
			return -1;
	}
	return 0;
}

static int
crt_pread(int n)
{
	while (n-- > 0)
		if (_lseeki64(crt, (int64_t)n % 64 * 64, 0) < 0 ||
		    _read(crt, buf, 64) != 64)
			return -1;
	return 0;
}

static int
alone_write(int n)
{
	DWORD put;

	if (SetFilePointer(out, 0, NULL, FILE_BEGIN) != 0)
		return -1;
	while (n-- > 0)
		if (!WriteFile(out, buf, 64, &put, NULL) || put != 64)
			return -1;
	return 0;
}

static int
crt_write(int n)
{
	if (_lseeki64(crt_out, 0, 0) != 0)
		return -1;
	while (n-- > 0)
		if (_write(crt_out, buf, 64) != 64)
			return -1;
	return 0;
}

static int
lock_pair(int n, uint64_t off, DWORD len)
{
	OVERLAPPED ov;

	while (n-- > 0) {
		ov = at(off, NULL);
		if (!LockFileEx(alone, LOCKFILE_EXCLUSIVE_LOCK |
		    LOCKFILE_FAIL_IMMEDIATELY, 0, len, 0, &ov))
			return -1;
		ov = at(off, NULL);
		if (!UnlockFileEx(alone, 0, len, 0, &ov))
			return -1;
	}
	return 0;
}

static int
lock_far(int n)
{
	return lock_pair(n, 0x7fffffffffffff00, 1);
}

static int
lock_range(int n)
{
	return lock_pair(n, 100, 10);
}

static int
crt_locking(int n)
{
	if (_lseeki64(crt, 200, 0) != 200)
		return -1;
	while (n-- > 0)
		if (_locking(crt, _LK_NBLCK, 10) != 0 ||
		    _locking(crt, _LK_UNLCK, 10) != 0)
			return -1;
	return 0;
}

static HANDLE
open_file(const wchar_t *name, DWORD access, DWORD how, DWORD flags)
{
	return CreateFileW(name, access, FILE_SHARE_READ | FILE_SHARE_WRITE |
	    FILE_SHARE_DELETE, NULL, how, flags, NULL);
}

static int
open_close(int n)
{
	HANDLE h;

	while (n-- > 0)
		if ((h = open_file(L"data", GENERIC_READ, OPEN_EXISTING,
		    FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OVERLAPPED)) ==
		    INVALID_HANDLE_VALUE || !CloseHandle(h))
			return -1;
	return 0;
}

static int
crt_open_close(int n)
{
	int fd;

	while (n-- > 0)
		if ((fd = _open("data", _O_RDONLY | _O_BINARY)) < 0 ||
		    _close(fd) != 0)
			return -1;
	return 0;
}

/* What stat() tells: size, times, links and the file's number. */
static int
open_ask_close(int n)
{
	BY_HANDLE_FILE_INFORMATION info;
	HANDLE h;

	while (n-- > 0)
		if ((h = open_file(L"data", FILE_READ_ATTRIBUTES, OPEN_EXISTING,
		    FILE_FLAG_BACKUP_SEMANTICS)) == INVALID_HANDLE_VALUE ||
		    !GetFileInformationByHandle(h, &info) || !CloseHandle(h))
			return -1;
	return 0;
}

/* Without links and number. */
static int
attributes(int n)
{
	WIN32_FILE_ATTRIBUTE_DATA data;

	while (n-- > 0)
		if (!GetFileAttributesExW(L"data", GetFileExInfoStandard,
		    &data))
			return -1;
	return 0;
}

const struct raw_op raw_ops[] = {
	{ "pread", "ReadFile, event", shared_pread, 0 },
	{ "pread", "ReadFile, synchronous", alone_pread, 0 },
	{ "pread", "_lseeki64, _read", crt_pread, 1 },
	{ "pread, 8 threads", "ReadFile, event", shared_pread, 0 },
	{ "pread, 8 threads", "ReadFile, synchronous", alone_pread, 0 },
	{ "write", "WriteFile, synchronous", alone_write, 0 },
	{ "write", "_write", crt_write, 1 },
	{ "flock", "LockFileEx", lock_far, 0 },
	{ "flock", "_locking", crt_locking, 1 },
	{ "fcntl", "LockFileEx", lock_range, 0 },
	{ "fcntl", "_locking", crt_locking, 1 },
	{ "open+close", "CreateFileW", open_close, 0 },
	{ "open+close", "_open", crt_open_close, 1 },
	{ "stat", "CreateFileW, ...ByHandle", open_ask_close, 0 },
	{ "stat", "GetFileAttributesExW (less)", attributes, 1 },
	{ 0 }
};

int
raw_begin(void)
{
	shared = open_file(L"data", GENERIC_READ, OPEN_EXISTING,
	    FILE_FLAG_OVERLAPPED);
	alone = open_file(L"data", GENERIC_READ | GENERIC_WRITE, OPEN_EXISTING,
	    0);
	out = open_file(L"raw.out", GENERIC_WRITE, CREATE_ALWAYS, 0);
	crt = _open("data", _O_RDWR | _O_BINARY);
	crt_out = _open("crt.out", _O_WRONLY | _O_CREAT | _O_BINARY, 0600);
	return shared == INVALID_HANDLE_VALUE ||
	    alone == INVALID_HANDLE_VALUE || out == INVALID_HANDLE_VALUE ||
	    crt < 0 || crt_out < 0 ? -1 : 0;
}

void
raw_end(void)
{
	(void)_close(crt);
	(void)_close(crt_out);
	(void)CloseHandle(out);
	(void)CloseHandle(alone);
	(void)CloseHandle(shared);
}
