/*
 * Files when NT refuses: the errno, and nothing lost or left behind.  Numbers
 * are of Microsoft's list of system error codes.
 */
#include <fcntl.h>
#include <sys/file.h>
#include <sys/uio.h>
#include <unistd.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "compat/nt/fault_run.h"
#include "support/host.h"

static int
make(const char *name, const char *text)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (int)strlen(text));
	return fd;
}

static void
ck_text(int fd, const char *text)
{
	char buf[64] = "";

	ck_assert_int_eq(pread(fd, buf, sizeof(buf) - 1, 0),
	    (int)strlen(text));
	ck_assert_str_eq(buf, text);
}

/* POSIX.1-2024 write(), ENOSPC: no room for even one byte. */
START_TEST(full_disk_loses_nothing)
{
	int fd = make("full", "hello");

	fault_set("NtWriteFile", 0, 1, S_FULL);
	FAILS(write(fd, "xxx", 3), ENOSPC);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 5);
	fault_set("pending", 0, 1, S_FULL);
	FAILS(pwrite(fd, "hel", 3, 0), ENOSPC);
	ck_assert_int_eq(fcntl(fd, F_SETFL, O_APPEND), 0);
	fault_set("NtWriteFile", 0, 1, 0xC0000802u);	/* QUOTA_EXCEEDED */
	FAILS(write(fd, "xxx", 3), EDQUOT);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 5);
	ck_assert_int_eq(write(fd, "!", 1), 1);
	ck_text(fd, "hello!");
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* "only as many bytes as there is room for shall be written" */
START_TEST(full_disk_in_the_middle_is_a_short_count)
{
	static char big[70000], back[70000];
	struct iovec iov[2] = { { big, 3 }, { big, 70000 } };
	int fd = make("short", "hello");

	memset(big, 'b', sizeof(big));
	fault_set("NtWriteFile", 1, FOR_EVER, S_FULL);
	ck_assert_int_eq(writev(fd, iov, 2), 3);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 8);
	fault_reset();
	/* NT writes all or nothing: less is tried until it fits. */
	fault_set("NtWriteFile", 0, 2, S_FULL);
	ck_assert_int_eq(write(fd, big, 20000), 4088);
	fault_reset();
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 4096);
	ck_assert_int_eq(pread(fd, back, 70000, 0), 4096);
	ck_assert_mem_eq(back + 5, big, 4091);
	fault_short(2);
	ck_assert_int_eq(write(fd, "12345", 5), 2);
	fault_set("NtWriteFile", 0, 1, S_FULL);
	FAILS(write(fd, "345", 3), ENOSPC);
	fault_reset();
	ck_assert_int_eq(write(fd, "345", 3), 3);
	ck_assert_int_eq(pread(fd, back, 70000, 4096), 5);
	ck_assert_mem_eq(back, "12345", 5);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* NT has an event for a transfer; Wine needs none, and is made to use one. */
START_TEST(transfers_with_an_event_are_the_same)
{
	char buf[8] = "";
	unsigned int before;
	int fd = make("event", ""), i;

	fault_as_nt(1);
	ck_assert_int_eq(write(fd, "hello", 5), 5);
	before = fault_handles();
	for (i = 0; i < 100; i++)
		ck_assert_int_eq(pread(fd, buf, 8, 1), 4);
	ck_assert_str_eq(buf, "ello");
	ck_assert_int_eq(pread(fd, buf, 8, 5), 0);
	ck_assert_int_eq(fcntl(fd, F_SETFL, O_APPEND), 0);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	ck_assert_int_eq(write(fd, "!", 1), 1);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 6);
	fault_set("pending", 0, 1, S_DATA);
	FAILS(pread(fd, buf, 8, 0), EIO);
	ck_assert_uint_eq(fault_handles(), before);
	fault_as_nt(0);
	ck_text(fd, "hello!");
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* The lock of an append (Wine) or the size after it: nothing is half done. */
START_TEST(refused_append_writes_nothing)
{
	int fd = make("append", "abc");

	ck_assert_int_eq(fcntl(fd, F_SETFL, O_APPEND), 0);
	if (host_is_wine()) {
		fault_set("CreateMutexW", 0, 1, NO_RESOURCES);
		FAILS(write(fd, "x", 1), ENOBUFS);
		fault_reset();
	}
	fault_set("NtWriteFile", 0, 1, S_DATA);
	FAILS(write(fd, "x", 1), EIO);
	ck_assert_int_eq(write(fd, "d", 1), 1);
	ck_text(fd, "abcd");
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* posix_fallocate(), ENOSPC; a file system that has no holes, EOPNOTSUPP. */
START_TEST(refused_space_changes_nothing)
{
	char buf[8];
	int fd = make("space", "hello"), wo = open("space", O_WRONLY);

	fault_set("CreateFileMappingW", 0, 1, FULL);
	ck_assert_int_eq(posix_fallocate(fd, 0, 100000), ENOSPC);
	fault_set("CreateFileMappingW", 0, 2, DENIED);
	ck_assert_int_eq(posix_fallocate(wo, 0, 100000), EACCES);
	fault_set("ReOpenFile", 0, 1, DENIED);
	ck_assert_int_eq(posix_fallocate(wo, 0, 100000), EACCES);
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), 5);
	ck_assert_int_eq(posix_fallocate(wo, 0, 100), 0);
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), 100);
	fault_set("DeviceIoControl", 0, 1, 1);	/* INVALID_FUNCTION */
	FAILS(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 5),
	    EOPNOTSUPP);
	fault_set("DeviceIoControl", 0, 1, 1117);	/* IO_DEVICE */
	FAILS(fallocate(fd, FALLOC_FL_ZERO_RANGE, 0, 5), EIO);
	fault_set("DeviceIoControl", 0, 1, 1117);
	FAILS(lseek(fd, 0, SEEK_DATA), EIO);
	/* All is data where NT does not know. */
	fault_set("DeviceIoControl", 0, 2, 50);	/* NOT_SUPPORTED */
	ck_assert_int_eq(lseek(fd, 1, SEEK_DATA), 1);
	ck_assert_int_eq(lseek(fd, 1, SEEK_HOLE), 100);
	ck_assert_int_eq(pread(fd, buf, 8, 0), 8);
	ck_assert_mem_eq(buf, "hello\0\0\0", 8);
	ck_assert_int_eq(close(wo), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* The answer of fsync() is what a program's promise rests on. */
START_TEST(failed_flush_is_told)
{
	int fd = make("sync", "hello"), ro = open("sync", O_RDONLY);

	ck_assert_int_ge(ro, 0);
	fault_set("FlushFileBuffers", 0, 1, FULL);
	FAILS(fsync(fd), ENOSPC);
	fault_set("FlushFileBuffers", 0, 1, 1117);	/* ERROR_IO_DEVICE */
	FAILS(fdatasync(fd), EIO);
	/* Through the second handle that a read-only one needs. */
	fault_set("FlushFileBuffers", 0, 1, DENIED);
	fault_set("ReOpenFile", 0, 1, DENIED);
	FAILS(fsync(ro), EACCES);
	fault_set("FlushFileBuffers", 0, 1, DENIED);
	ck_assert_int_eq(fsync(ro), 0);
	fault_set("FlushFileBuffers", 0, 2, DENIED);
	FAILS(fsync(ro), EACCES);
	ck_assert_int_eq(close(ro), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(failed_read_is_eio_and_stays)
{
	int fd = make("read", "hello");
	char buf[8] = "";

	ck_assert_int_eq(lseek(fd, 2, SEEK_SET), 2);
	fault_set("NtReadFile", 0, 1, S_DATA);
	FAILS(read(fd, buf, 3), EIO);
	fault_set("pending", 0, 1, S_DATA);
	FAILS(read(fd, buf, 3), EIO);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 2);
	ck_assert_int_eq(read(fd, buf, 3), 3);
	ck_assert_str_eq(buf, "llo");
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* Every code is an errno, and the descriptor is free again. */
START_TEST(refused_open_leaves_nothing)
{
	static const struct {
		uint32_t code;
		int err;
	} sample[] = { { 0xC0000043u, EACCES }, { 0xC000011Fu, EMFILE },
	    { S_FULL, ENOSPC }, { S_READ_ONLY, EROFS },
	    { S_NO_RESOURCES, ENOBUFS }, { 0xC0000056u, ENOENT },
	    { 0xCFFFFFFFu, EIO } };
	int fd = make("open", ""), next, i;

	for (i = 0; i < 7; i++) {
		fault_set("NtCreateFile", 0, 1, sample[i].code);
		FAILS(open("open", O_RDWR), sample[i].err);
	}
	fault_set("EndOfFileInfo", 0, 1, 1224);	/* ERROR_USER_MAPPED_FILE */
	FAILS(open("open", O_RDWR | O_TRUNC), EBUSY);
	ck_assert_int_eq(next = open("open", O_RDWR), fd + 1);
	fault_set("EndOfFileInfo", 0, 1, FULL);
	FAILS(ftruncate(next, 100), ENOSPC);
	ck_assert_int_eq(lseek(next, 0, SEEK_END), 0);
	ck_assert_int_eq(close(next), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* No number without a placeholder, once those that wait are used up. */
START_TEST(open_without_a_number_leaves_nothing)
{
	int fd = make("number", ""), i;
	unsigned int before;

	numbers_use_up(0);
	before = fault_handles();
	for (i = 0; i < 200; i++) {
		FAILS(open("number", O_RDWR), ENOBUFS);
		FAILS(dup(fd), ENOBUFS);
	}
	ck_assert_uint_eq(fault_handles(), before);
	fault_reset();
	numbers_free();
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(odd_lock_status_is_an_errno)
{
	int a = make("lock", ""), b = open("lock", O_RDWR);

	fault_set("LockFileEx", 0, 1, 36);	/* SHARING_BUFFER_EXCEEDED */
	FAILS(flock(a, LOCK_EX), ENFILE);
	fault_set("LockFileEx", 0, 1, 50);	/* ERROR_NOT_SUPPORTED */
	FAILS(flock(a, LOCK_EX | LOCK_NB), ENOTSUP);
	fault_set("LockFileEx", 0, 1, 33);	/* ERROR_LOCK_VIOLATION */
	FAILS(flock(a, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	fault_set("LockFileEx", 0, 1, 997);	/* ERROR_IO_PENDING */
	fault_set("GetOverlappedResult", 0, 1, 33);
	FAILS(flock(a, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	/* None of them left a lock. */
	ck_assert_int_eq(flock(b, LOCK_EX | LOCK_NB), 0);
	fault_set("UnlockFileEx", 0, 1, NO_RESOURCES);
	FAILS(flock(b, LOCK_UN), ENOBUFS);
	FAILS(flock(a, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	ck_assert_int_eq(flock(b, LOCK_UN), 0);
	ck_assert_int_eq(flock(a, LOCK_EX | LOCK_NB), 0);
	ck_assert_int_eq(close(b), 0);
	ck_assert_int_eq(close(a), 0);
}
END_TEST

/* The exclusive lock and the shared one on top are both gone afterwards. */
START_TEST(failed_downgrade_can_be_undone)
{
	int a = make("down", ""), b = open("down", O_RDWR);

	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	fault_set("UnlockFileEx", 0, 1, NO_RESOURCES);
	FAILS(flock(a, LOCK_SH), ENOBUFS);
	ck_assert_int_eq(flock(a, LOCK_UN), 0);
	ck_assert_int_eq(flock(b, LOCK_EX | LOCK_NB), 0);
	ck_assert_int_eq(flock(b, LOCK_UN), 0);
	/* Or tried again. */
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	fault_set("UnlockFileEx", 0, 1, NO_RESOURCES);
	FAILS(flock(a, LOCK_SH), ENOBUFS);
	ck_assert_int_eq(flock(a, LOCK_SH), 0);
	ck_assert_int_eq(flock(b, LOCK_SH | LOCK_NB), 0);
	ck_assert_int_eq(flock(a, LOCK_UN), 0);
	ck_assert_int_eq(flock(b, LOCK_EX | LOCK_NB), 0);
	ck_assert_int_eq(close(b), 0);
	ck_assert_int_eq(close(a), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		full_disk_loses_nothing,
		full_disk_in_the_middle_is_a_short_count,
		transfers_with_an_event_are_the_same,
		refused_append_writes_nothing,
		refused_space_changes_nothing,
		failed_flush_is_told,
		failed_read_is_eio_and_stays,
		refused_open_leaves_nothing,
		open_without_a_number_leaves_nothing,
		odd_lock_status_is_an_errno,
		failed_downgrade_can_be_undone,
	};

	return fault_run("faults of files", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
