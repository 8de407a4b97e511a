/*
 * Shared memory objects, memfd_create, mappings between processes, and what
 * NT cannot (LIMITATIONS.md, LIM-MMAP).
 */
#include <sys/mman.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compat/mman/util.h"
#include "support/main.h"
#include "support/proc.h"
#include "support/tmpdir.h"

#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

static const char *self;
static char name[40];

/* shm_open(): a size of 0, then as ftruncate says; two descriptors, one. */
START_TEST(an_object_is_shared_by_its_name)
{
	int a = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600), b;
	unsigned char *p, *q, c = 0;
	struct stat st;

	ck_assert_int_ge(a, 0);
	ck_assert_int_eq(fcntl(a, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fstat(a, &st), 0);
	ck_assert(st.st_size == 0 && S_ISREG(st.st_mode));
	ck_assert_int_eq(ftruncate(a, 3 * PAGE), 0);
	ck_assert_int_ge(b = shm_open(name, O_RDONLY, 0), 0);
	p = map_ok(3 * PAGE, RW, MAP_SHARED, a, 0);
	q = map_ok(2 * PAGE, PROT_READ, MAP_SHARED, b, PAGE);
	p[PAGE + 1] = 'n';
	ck_assert_int_eq(q[1], 'n');
	ck_assert_int_eq(pread(b, &c, 1, PAGE + 1), 1);
	ck_assert_int_eq(c, 'n');
	NO_MAP(mmap(NULL, PAGE, RW, MAP_SHARED, b, 0), EACCES);
	ck_assert_int_eq(shm_unlink(name), 0);
	FAILS(shm_open(name, O_RDWR, 0), ENOENT);
	p[PAGE + 2] = 'u';
	ck_assert_int_eq(q[2], 'u');
	ck_assert_int_eq(munmap(p, 3 * PAGE), 0);
	ck_assert_int_eq(munmap(q, 2 * PAGE), 0);
	ck_assert(close(a) == 0 && close(b) == 0);
}
END_TEST

/* The usual order: open, unlink, ftruncate, mmap, close. */
START_TEST(an_object_can_be_mapped_after_it_was_unlinked)
{
	int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	unsigned char *p;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(shm_unlink(name), 0);
	ck_assert_int_eq(ftruncate(fd, 20 * PAGE), 0);
	p = map_ok(20 * PAGE, RW, MAP_SHARED, fd, 0);
	ck_assert_int_eq(close(fd), 0);
	(void)memset(p, 'x', 20 * PAGE);
	ck_assert_int_eq(munmap(p, 20 * PAGE), 0);
	ck_assert_int_ge(fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600),
	    0);
	ck_assert_int_eq(shm_unlink(name), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* Case counts, and names may have what NT's files may not. */
START_TEST(names_are_bytes)
{
	char upper[80], odd[80], longest[400];
	int a, b, c;

	(void)snprintf(upper, sizeof(upper), "%sA", name);
	(void)snprintf(odd, sizeof(odd), "%sa:*?<>.", name);
	ck_assert_int_ge(a = shm_open(upper, O_RDWR | O_CREAT | O_EXCL, 0600),
	    0);
	upper[strlen(upper) - 1] = 'a';
	ck_assert_int_ge(b = shm_open(upper, O_RDWR | O_CREAT | O_EXCL, 0600),
	    0);
	ck_assert_int_ge(c = shm_open(odd, O_RDWR | O_CREAT | O_EXCL, 0600),
	    0);
	FAILS(shm_open(odd, O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST);
	ck_assert_int_eq(shm_unlink(upper), 0);
	ck_assert_int_eq(shm_unlink(odd), 0);
	FAILS(shm_unlink(upper), ENOENT);
	upper[strlen(upper) - 1] = 'A';
	ck_assert_int_eq(shm_unlink(upper), 0);
	(void)close(a), (void)close(b), (void)close(c);
	FAILS(shm_open("/", O_RDWR | O_CREAT, 0600), EINVAL);
	FAILS(shm_open("/a/b", O_RDWR | O_CREAT, 0600), EINVAL);
	(void)memset(longest, 'l', sizeof(longest));
	longest[0] = '/';
	longest[sizeof(longest) - 1] = '\0';
	/* POSIX says ENAMETOOLONG; glibc 2.36 EINVAL. */
	ck_assert_int_eq(shm_open(longest, O_RDWR | O_CREAT, 0600), -1);
	ck_assert(errno == ENAMETOOLONG || errno == EINVAL);
}
END_TEST

/* memfd_create(2). */
START_TEST(a_memfd_is_a_file_without_a_name)
{
	int fd = memfd_create("m", MFD_CLOEXEC), d;
	unsigned char *p, c = 0;
	struct stat st;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(write(fd, "hello", 5), 5);
	ck_assert_int_eq(ftruncate(fd, 2 * PAGE), 0);
	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert_int_eq(st.st_size, 2 * PAGE);
	p = map_ok(2 * PAGE, RW, MAP_SHARED, fd, 0);
	ck_assert_mem_eq(p, "hello", 5);
	ck_assert_int_ge(d = dup(fd), 0);
	ck_assert_int_eq(close(fd), 0);
	p[PAGE] = 'd';
	ck_assert_int_eq(pread(d, &c, 1, PAGE), 1);
	ck_assert_int_eq(c, 'd');
	ck_assert_int_eq(close(d), 0);
	ck_assert_int_eq(p[PAGE], 'd');
	ck_assert_int_eq(munmap(p, 2 * PAGE), 0);
}
END_TEST

START_TEST(memfd_flags_are_checked)
{
	char longest[300];

	(void)memset(longest, 'l', sizeof(longest));
	longest[250] = '\0';
	FAILS(memfd_create(longest, 0), EINVAL);
	FAILS(memfd_create("m", 0x8000), EINVAL);
	longest[249] = '\0';
	ck_assert_int_eq(close(memfd_create(longest, 0)), 0);
}
END_TEST

/*
 * The child of the next test: answers by writing to what it maps, and says
 * over its pipe when it did.
 */
static int
be_child(const char *object)
{
	int fd = shm_open(object, O_RDWR, 0);
	volatile unsigned char *p;
	char line[16];

	p = mmap(NULL, 40 * PAGE, RW, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED || close(fd) != 0)
		return 1;
	(void)printf("ready\n");
	(void)fflush(stdout);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		int n = atoi(line);

		p[n * PAGE + 1] = (unsigned char)(p[n * PAGE] + 1);
		(void)printf("done\n");
		(void)fflush(stdout);
	}
	return 0;
}

/* Two processes, one memory, that grows under both. */
START_TEST(processes_share_a_mapping)
{
	const char *argv[] = { self, "child", name, NULL };
	int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600), i;
	unsigned char *p;
	struct proc *child;
	char line[16];

	ck_assert_int_ge(fd, 0);
	p = map_ok(40 * PAGE, RW, MAP_SHARED, fd, 0);
	ck_assert_int_eq(tmpdir_spawn(argv, &child), 0);
	ck_assert_int_gt(proc_readline(child, line, sizeof(line)), 0);
	for (i = 0; i < 40; i++) {
		ck_assert_int_eq(ftruncate(fd, (i + 1) * PAGE), 0);
		p[i * PAGE] = (unsigned char)(i + 50);
		(void)snprintf(line, sizeof(line), "%d", i);
		ck_assert_int_eq(proc_writeline(child, line), 0);
		ck_assert_int_gt(proc_readline(child, line, sizeof(line)), 0);
		ck_assert_int_eq(((volatile unsigned char *)p)[i * PAGE + 1],
		    i + 51);
	}
	ck_assert_int_eq(proc_wait(child), 0);
	ck_assert_int_eq(shm_unlink(name), 0);
	ck_assert_int_eq(munmap(p, 40 * PAGE), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* mremap(2): contents move; shared mappings stay shared. */
START_TEST(mremap_moves_or_refuses)
{
	int fd = new_file("f", 30 * PAGE);
	unsigned char *p = map_ok(2 * PAGE, RW, ANON, -1, 0), *q;

	p[PAGE] = 'a';
	q = mremap(p, 2 * PAGE, 40 * PAGE, MREMAP_MAYMOVE);
	ck_assert_ptr_ne(q, MAP_FAILED);
	ck_assert_int_eq(q[PAGE], 'a');
	ck_assert_int_eq(q[39 * PAGE], 0);
	q[39 * PAGE] = 1;
	ck_assert_ptr_eq(mremap(q, 40 * PAGE, PAGE, 0), q);
	ck_assert(mapped(q) && !mapped(q + PAGE));
	ck_assert_int_eq(munmap(q, PAGE), 0);
	p = map_ok(PAGE, RW, MAP_SHARED, fd, 3 * PAGE);
	p[0] = 's';
	q = mremap(p, PAGE, 20 * PAGE, MREMAP_MAYMOVE);
	ck_assert_ptr_ne(q, MAP_FAILED);
	ck_assert_int_eq(q[0], 's');
	ck_assert_int_eq(q[19 * PAGE + 1], pattern(22 * PAGE + 1));
	ck_assert_int_eq(munmap(q, 20 * PAGE), 0);
	p = map_ok(PAGE, RW, ANON, -1, 0);
	NO_MAP(mremap(p + 1, PAGE, 2 * PAGE, MREMAP_MAYMOVE), EINVAL);
	NO_MAP(mremap(p, PAGE, 0, MREMAP_MAYMOVE), EINVAL);
	NO_MAP(mremap(p, PAGE, 2 * PAGE, 0x100), EINVAL);
	ck_assert_int_eq(munmap(p, PAGE), 0);
	NO_MAP(mremap(p, PAGE, 2 * PAGE, MREMAP_MAYMOVE), EFAULT);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	const TTest *const tests[] = { an_object_is_shared_by_its_name,
	    an_object_can_be_mapped_after_it_was_unlinked, names_are_bytes,
	    a_memfd_is_a_file_without_a_name, memfd_flags_are_checked,
	    processes_share_a_mapping, mremap_moves_or_refuses };

	if (argc == 3 && strcmp(argv[1], "child") == 0)
		return be_child(argv[2]);
	self = argv[0];
	(void)snprintf(name, sizeof(name), "/libcompat-%ld", (long)getpid());
	return run_cases("shm", tests, sizeof(tests) / sizeof(tests[0]));
}
