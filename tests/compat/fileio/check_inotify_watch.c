/* inotify(7): watches, of directories and of files. */
#include <sys/eventfd.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/host.h"

#include "compat/fileio/inotify_util.h"

/* inotify(7), IN_ATTRIB: for the file, and for the directory's watch. */
START_TEST(attributes_are_told)
{
	int dir, file;
	uint32_t mask;
	const struct inotify_event *e;
	int i, of_file = 0, of_dir = 0;

	make("d/f", NULL);
	dir = watch("d", IN_ATTRIB);
	file = watch("d/f", IN_ATTRIB);
	ck_assert_int_eq(chmod("d/f", 0444), 0);
	for (i = 0; of_file == 0 || of_dir == 0; i++) {
		e = next();
		mask = e->mask;
		ck_assert_uint_eq(mask, IN_ATTRIB);
		of_file += e->wd == file && e->len == 0;
		of_dir += e->wd == dir && e->len > 0 &&
		    strcmp(e->name, "f") == 0;
	}
	ck_assert_int_eq(chmod("d/f", 0644), 0);
	ck_assert_int_eq(unlink("d/f"), 0);
}
END_TEST

/* A file that is watched itself has events without a name. */
START_TEST(a_file_can_be_watched)
{
	int wd;

	make("d/f", NULL);
	make("d/other", NULL);
	wd = watch("d/f", IN_MODIFY | IN_MOVE_SELF | IN_DELETE_SELF);
	make("d/other", "text");
	make("d/f", "text");
	(void)expect(wd, IN_MODIFY, "");
	ck_assert_int_eq(rename("d/f", "d/g"), 0);
	(void)expect(wd, IN_MOVE_SELF, "");
	make("d/g", "text again");
	(void)expect(wd, IN_MODIFY, "");
	ck_assert_int_eq(unlink("d/g"), 0);
	(void)expect(wd, IN_DELETE_SELF, "");
	(void)expect(wd, IN_IGNORED, "");
	FAILS(inotify_rm_watch(in, wd), EINVAL);
	ck_assert_int_eq(unlink("d/other"), 0);
	expect_none();
}
END_TEST

/* A file is gone when another one takes its name. */
START_TEST(a_file_that_is_replaced_is_gone)
{
	int wd;

	make("d/f", NULL);
	make("d/g", NULL);
	wd = watch("d/g", IN_MODIFY | IN_DELETE_SELF);
	ck_assert_int_eq(rename("d/f", "d/g"), 0);
	(void)expect(wd, IN_DELETE_SELF, "");
	(void)expect(wd, IN_IGNORED, "");
	make("d/g", "text");
	ck_assert_int_eq(unlink("d/g"), 0);
	expect_none();
}
END_TEST

/* inotify(7), IN_DELETE_SELF, IN_MOVE_SELF, of a directory. */
START_TEST(a_directory_tells_of_its_own_end)
{
	int wd;

	ck_assert_int_eq(mkdir("d/s", 0755), 0);
	wd = watch("d/s", IN_CREATE | IN_MOVE_SELF | IN_DELETE_SELF);
	ck_assert_int_eq(rename("d/s", "d/t"), 0);
	(void)expect(wd, IN_MOVE_SELF, "");
	make("d/t/f", NULL);
	(void)expect(wd, IN_CREATE, "f");
	ck_assert_int_eq(unlink("d/t/f"), 0);
	ck_assert_int_eq(rmdir("d/t"), 0);
	(void)expect(wd, IN_DELETE_SELF, "");
	(void)expect(wd, IN_IGNORED, "");
	FAILS(access("d/t", F_OK), ENOENT);
	expect_none();
}
END_TEST

/* inotify_add_watch(2): the same file has the same watch. */
START_TEST(a_file_has_one_watch)
{
	int wd = watch("d", IN_CREATE);

	ck_assert_int_eq(inotify_add_watch(in, "./d/../d/.", IN_DELETE), wd);
	make("d/f", NULL);
	ck_assert_int_eq(unlink("d/f"), 0);
	(void)expect(wd, IN_DELETE, "f");
	ck_assert_int_eq(inotify_add_watch(in, "d", IN_CREATE | IN_MASK_ADD),
	    wd);
	make("d/f", NULL);
	(void)expect(wd, IN_CREATE, "f");
	ck_assert_int_eq(unlink("d/f"), 0);
	(void)expect(wd, IN_DELETE, "f");
	FAILS(inotify_add_watch(in, "d", IN_CREATE | IN_MASK_CREATE), EEXIST);
	expect_none();
}
END_TEST

/* inotify(7), IN_ONESHOT. */
START_TEST(a_oneshot_watch_tells_once)
{
	int wd = watch("d", IN_CREATE | IN_ONESHOT);

	make("d/f", NULL);
	make("d/g", NULL);
	(void)expect(wd, IN_CREATE, "f");
	(void)expect(wd, IN_IGNORED, "");
	ck_assert_int_eq(unlink("d/f"), 0);
	ck_assert_int_eq(unlink("d/g"), 0);
	expect_none();
	ck_assert_int_gt(watch("d", IN_CREATE), wd);
}
END_TEST

/* inotify_rm_watch(2). */
START_TEST(a_watch_can_be_removed)
{
	int wd = watch("d", IN_CREATE), e = eventfd(0, 0);

	ck_assert_int_eq(inotify_rm_watch(in, wd), 0);
	(void)expect(wd, IN_IGNORED, "");
	make("d/f", NULL);
	ck_assert_int_eq(unlink("d/f"), 0);
	expect_none();
	FAILS(inotify_rm_watch(in, wd), EINVAL);
	FAILS(inotify_rm_watch(in, 4711), EINVAL);
	FAILS(inotify_rm_watch(in, -1), EINVAL);
	FAILS(inotify_rm_watch(e, 1), EINVAL);
	FAILS(inotify_rm_watch(1999, 1), EBADF);
	ck_assert_int_eq(close(e), 0);
}
END_TEST

/* The errors of inotify_init1(2) and inotify_add_watch(2). */
START_TEST(bad_arguments_are_refused)
{
	int e = eventfd(0, 0);

	make("d/f", NULL);
	FAILS(inotify_init1(1), EINVAL);
	FAILS(inotify_add_watch(1999, "d", IN_CREATE), EBADF);
	FAILS(inotify_add_watch(e, "d", IN_CREATE), EINVAL);
	FAILS(inotify_add_watch(in, "d", 0), EINVAL);
	FAILS(inotify_add_watch(in, "d", IN_CREATE | IN_MASK_ADD |
	    IN_MASK_CREATE), EINVAL);
	FAILS(inotify_add_watch(in, "", IN_CREATE), ENOENT);
	FAILS(inotify_add_watch(in, "none", IN_CREATE), ENOENT);
	FAILS(inotify_add_watch(in, "d/f/x", IN_CREATE), ENOTDIR);
	FAILS(inotify_add_watch(in, "d/f", IN_MODIFY | IN_ONLYDIR), ENOTDIR);
	ck_assert_int_gt(watch("d", IN_CREATE | IN_ONLYDIR), 0);
	ck_assert_int_eq(unlink("d/f"), 0);
	ck_assert_int_eq(close(e), 0);
}
END_TEST

static void *
watch_and_end(void *arg)
{
	*(int *)arg = inotify_add_watch(in, "d", IN_CREATE);
	return NULL;
}

/* The thread that asked may end. */
START_TEST(a_watch_outlives_its_thread)
{
	pthread_t t;
	int wd = -1;

	ck_assert_int_eq(pthread_create(&t, NULL, watch_and_end, &wd), 0);
	ck_assert_int_eq(pthread_join(t, NULL), 0);
	ck_assert_int_gt(wd, 0);
	make("d/f", NULL);
	(void)expect(wd, IN_CREATE, "f");
	ck_assert_int_eq(unlink("d/f"), 0);
}
END_TEST

/* Two instances do not disturb each other, nor what is closed with watches. */
START_TEST(instances_are_apart)
{
	int i, other, before = 0;

	for (i = 0; i < 20; i++) {
		if (i == 10)
			before = host_handles();
		ck_assert_int_ge(other = inotify_init1(0), 0);
		ck_assert_int_gt(inotify_add_watch(other, "d", IN_ALL_EVENTS),
		    0);
		ck_assert_int_gt(inotify_add_watch(other, ".", IN_ALL_EVENTS),
		    0);
		ck_assert_int_eq(close(other), 0);
	}
	ck_assert_int_le(host_handles(), before + 3);
	i = watch("d", IN_CREATE);
	make("d/f", NULL);
	(void)expect(i, IN_CREATE, "f");
	ck_assert_int_eq(unlink("d/f"), 0);
}
END_TEST

int
main(void)
{
	static const TTest *tests[10];
	int n = 0;

	tests[n++] = attributes_are_told;
	tests[n++] = a_file_can_be_watched;
	tests[n++] = a_file_that_is_replaced_is_gone;
	tests[n++] = a_directory_tells_of_its_own_end;
	tests[n++] = a_file_has_one_watch;
	tests[n++] = a_oneshot_watch_tells_once;
	tests[n++] = a_watch_can_be_removed;
	tests[n++] = bad_arguments_are_refused;
	tests[n++] = a_watch_outlives_its_thread;
	tests[n++] = instances_are_apart;
	return run(tests, n);
}
