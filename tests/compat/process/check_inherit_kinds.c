/* Shared memory, devices and directories that a child has from its parent. */
#include <spawn.h>

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kid.h"
#include "support/main.h"

#define SIZE 300000

static char text[1000];

static unsigned char
pattern(size_t i, int seed)
{
	return (unsigned char)(i * 7 + i / 251 + (size_t)seed);
}

static void
fill(unsigned char *p, size_t n, int seed)
{
	size_t i;

	for (i = 0; i < n; i++)
		p[i] = pattern(i, seed);
}

static int
holds(const unsigned char *p, size_t n, int seed)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (p[i] != pattern(i, seed))
			return 0;
	return 1;
}

/*
 * fd: map it, find seed 1, make that 2; say "ready", wait for a byte at 0,
 * find seed 3; then make it twice as long and write behind its old end.
 */
static int
role_map(char *argv[])
{
	struct stat st;
	unsigned char *p;
	int fd = atoi(argv[2]);
	char c;

	if (fstat(fd, &st) != 0 || st.st_size != SIZE)
		return 1;
	p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		return 2;
	if (!holds(p, SIZE, 1))
		return 3;
	fill(p, SIZE, 2);
	kid_say("ready");
	if (read(0, &c, 1) != 1)
		return 4;
	if (!holds(p, SIZE, 3))
		return 5;
	if (ftruncate(fd, (off_t)2 * SIZE) != 0)
		return 6;
	if (pwrite(fd, "end", 3, (off_t)2 * SIZE - 3) != 3)
		return 7;
	return 0;
}

/* fd: wait for a byte at 0, write it at the offset, say all from there on. */
static int
role_edit(char *argv[])
{
	int fd = atoi(argv[2]);
	char c;

	if (read(0, &c, 1) != 1 || write(fd, &c, 1) != 1 ||
	    read(fd, text, sizeof(text) - 1) < 0)
		return 1;
	kid_say(text);
	return 0;
}

/* fd: is "here" in that directory? */
static int
role_here(char *argv[])
{
	return faccessat(atoi(argv[2]), "here", F_OK, 0) == 0 ? 0 : errno;
}

static const struct kid_role own[] = {
	{ "map", role_map }, { "edit", role_edit }, { "here", role_here },
	{ NULL, NULL },
};

/* With a child that has fd at 50, and no other. */
static void
share(int fd, unsigned char *p)
{
	posix_spawn_file_actions_t a;
	int in[2], out[2];
	struct stat st;
	pid_t pid;

	fill(p, SIZE, 1);
	ck_assert_int_eq(pipe2(in, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, fd, 50);
	(void)posix_spawn_file_actions_adddup2(&a, in[0], 0);
	(void)posix_spawn_file_actions_adddup2(&a, out[1], 1);
	pid = kid_start(&a, "map", "50", NULL);
	ck_assert_int_eq(close(in[0]), 0);
	ck_assert_int_eq(close(out[1]), 0);
	(void)kid_read(out[0], text, 6);
	ck_assert_str_eq(text, "ready");
	ck_assert_int_eq(holds(p, SIZE, 2), 1);
	fill(p, SIZE, 3);
	ck_assert_int_eq(write(in[1], "x", 1), 1);
	ck_assert_int_eq(kid_status(pid), 0);
	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert_int_eq(st.st_size, 2 * SIZE);
	ck_assert_int_eq(pread(fd, text, 4, 2 * SIZE - 3), 3);
	ck_assert_int_eq(memcmp(text, "end", 3), 0);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(in[1]), 0);
	ck_assert_int_eq(close(out[0]), 0);
}

static unsigned char *
map(int fd)
{
	unsigned char *p;

	ck_assert_int_eq(ftruncate(fd, SIZE), 0);
	p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ck_assert_ptr_ne(p, MAP_FAILED);
	return p;
}

/* memfd_create(2): the memory goes to the child with the descriptor. */
START_TEST(a_memfd_is_shared)
{
	int fd = memfd_create("m", MFD_CLOEXEC);
	unsigned char *p;

	ck_assert_int_ge(fd, 0);
	p = map(fd);
	share(fd, p);
	ck_assert_int_eq(munmap(p, SIZE), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* shm_open(): FD_CLOEXEC, which dup2 in the child clears. */
START_TEST(shared_memory_is_shared)
{
	unsigned char *p;
	char name[64];
	int fd;

	(void)snprintf(name, sizeof(name), "/inherit-%ld", (long)getpid());
	fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(shm_unlink(name), 0);
	p = map(fd);
	share(fd, p);
	ck_assert_int_eq(munmap(p, SIZE), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* The child has it when nobody else does any more. */
START_TEST(a_memfd_lives_as_long_as_the_child)
{
	posix_spawn_file_actions_t a;
	int fd = memfd_create("m", MFD_CLOEXEC), in[2], out[2];
	pid_t pid;

	ck_assert_int_eq(write(fd, "words", 5), 5);
	ck_assert_int_eq(lseek(fd, 1, SEEK_SET), 1);
	ck_assert_int_eq(pipe2(in, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, in[0], 0);
	(void)posix_spawn_file_actions_adddup2(&a, out[1], 1);
	(void)posix_spawn_file_actions_adddup2(&a, fd, 50);
	pid = kid_start(&a, "edit", "50", NULL);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(in[0]), 0);
	ck_assert_int_eq(close(out[1]), 0);
	ck_assert_int_eq(write(in[1], "x", 1), 1);
	ck_assert_int_eq(close(in[1]), 0);
	(void)kid_read(out[0], text, sizeof(text));
	ck_assert_str_eq(text, "rds");
	ck_assert_int_eq(kid_status(pid), 0);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(out[0]), 0);
}
END_TEST

static posix_spawn_file_actions_t actions;

static void
at(int fd, const char *path, int flags)
{
	(void)posix_spawn_file_actions_init(&actions);
	ck_assert_int_eq(posix_spawn_file_actions_addopen(&actions, fd, path,
	    flags, 0), 0);
}

static int
kid_ends(pid_t pid)
{
	(void)posix_spawn_file_actions_destroy(&actions);
	return kid_status(pid);
}

/* Linux: null(4), full(4), random(4); as a daemon's children have them. */
START_TEST(devices_are_what_they_were)
{
	at(0, "/dev/null", O_RDONLY);
	ck_assert_int_eq(kid_ends(kid_start(&actions, "drain", "0", "1",
	    NULL)), 91);
	at(0, "/dev/zero", O_RDONLY);
	ck_assert_int_eq(kid_ends(kid_start(&actions, "drain", "0", "9000",
	    NULL)), 0);
	at(60, "/dev/urandom", O_RDONLY);
	ck_assert_int_eq(kid_ends(kid_start(&actions, "drain", "60", "9000",
	    NULL)), 0);
	at(1, "/dev/null", O_WRONLY);
	ck_assert_int_eq(kid_ends(kid_start(&actions, "write", "1", "words",
	    NULL)), 0);
	at(1, "/dev/null", O_WRONLY);
	ck_assert_int_eq(kid_ends(kid_start(&actions, "nest", "printf",
	    "words", NULL)), 0);
	at(1, "/dev/full", O_WRONLY);
	ck_assert_int_eq(kid_ends(kid_start(&actions, "write", "1", "words",
	    NULL)), 99);
	at(2, "/dev/null", O_RDWR);
	ck_assert_int_eq(kid_ends(kid_start(&actions, "write", "2", "words",
	    NULL)), 0);
}
END_TEST

START_TEST(a_plain_program_gets_the_null_device)
{
	at(1, "/dev/null", O_WRONLY);
	ck_assert_int_eq(kid_ends(plain_start(&actions, "write", "1", "words",
	    NULL)), 0);
	at(0, "/dev/null", O_RDONLY);
	ck_assert_int_eq(kid_ends(plain_start(&actions, "cat", NULL)), 0);
	at(40, "/dev/null", O_RDWR);
	ck_assert_int_eq(kid_ends(plain_start(&actions, "closed", "40",
	    NULL)), 1);
}
END_TEST

/* At any number, that of the standard input too. */
START_TEST(a_directory_is_inherited)
{
	int fd;

	ck_assert_int_ge(fd = open("here", O_WRONLY | O_CREAT, 0666), 0);
	ck_assert_int_eq(close(fd), 0);
	at(0, ".", O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(kid_ends(kid_start(&actions, "here", "0", NULL)), 0);
	at(70, ".", O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(kid_ends(kid_start(&actions, "here", "70", NULL)), 0);
	at(70, "/", O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(kid_ends(kid_start(&actions, "here", "70", NULL)),
	    ENOENT);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[8];
	int n = 0;

	kid_main_with(argc, argv, own);
	tests[n++] = a_memfd_is_shared;
	tests[n++] = shared_memory_is_shared;
	tests[n++] = a_memfd_lives_as_long_as_the_child;
	tests[n++] = devices_are_what_they_were;
	tests[n++] = a_plain_program_gets_the_null_device;
	tests[n++] = a_directory_is_inherited;
	return run_cases("inherit_kinds", tests, n);
}
