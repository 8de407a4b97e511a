/* <pwd.h>, <grp.h>, uname() and their kin: what daemons ask at the start. */
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "support/fails.h"
#include "support/host.h"
#include "support/main.h"

#define NOBODY 3999999999U

static char buf[20000];

/* getpwuid(), getpwnam(): one and the same entry. */
START_TEST(the_user_has_an_entry)
{
	struct passwd *pw = getpwuid(geteuid());
	char name[256];
	struct stat st;

	ck_assert_ptr_nonnull(pw);
	ck_assert_uint_gt(strlen(pw->pw_name), 0);
	ck_assert_uint_lt(strlen(pw->pw_name), sizeof(name));
	ck_assert_uint_eq(pw->pw_uid, geteuid());
	ck_assert_uint_eq(pw->pw_gid, getegid());
	ck_assert_ptr_nonnull(pw->pw_passwd);
	ck_assert_ptr_nonnull(pw->pw_gecos);
	ck_assert_int_eq(stat(pw->pw_dir, &st), 0);
	ck_assert(S_ISDIR(st.st_mode));
	ck_assert_int_eq(access(pw->pw_shell, X_OK), 0);
	(void)strcpy(name, pw->pw_name);
	pw = getpwnam(name);
	ck_assert_ptr_nonnull(pw);
	ck_assert_str_eq(pw->pw_name, name);
	ck_assert_uint_eq(pw->pw_uid, geteuid());
}
END_TEST

/* "If the requested entry was not found, errno shall not be changed." */
START_TEST(an_unknown_user_has_none)
{
	struct passwd pw, *found = &pw;

	errno = 7;
	ck_assert_ptr_null(getpwuid(NOBODY));
	ck_assert_int_eq(getpwuid_r(NOBODY, &pw, buf, sizeof(buf), &found), 0);
	ck_assert_ptr_null(found);
	found = &pw;
	ck_assert_int_eq(getpwnam_r("no-such user!", &pw, buf, sizeof(buf),
	    &found), 0);
	ck_assert_ptr_null(found);
}
END_TEST

/* getpwuid_r(), ERANGE; _SC_GETPW_R_SIZE_MAX is "suggested". */
START_TEST(the_strings_are_in_the_buffer)
{
	long size = sysconf(_SC_GETPW_R_SIZE_MAX);
	struct passwd pw, *found = NULL;

	ck_assert_int_gt(size, 0);
	ck_assert_int_le(size, (long)sizeof(buf));
	ck_assert_int_eq(getpwuid_r(geteuid(), &pw, buf, (size_t)size, &found),
	    0);
	ck_assert_ptr_eq(found, &pw);
	ck_assert(pw.pw_name >= buf);
	ck_assert(pw.pw_shell < buf + size);
	ck_assert(pw.pw_dir >= buf);
	ck_assert_int_eq(getpwuid_r(geteuid(), &pw, buf, 3, &found), ERANGE);
	ck_assert_ptr_null(found);
}
END_TEST

/* getgrgid(), getgrnam() and the like. */
START_TEST(the_group_has_an_entry)
{
	struct group gr, *found = getgrgid(getegid());
	char name[256];

	ck_assert_ptr_nonnull(found);
	ck_assert_uint_eq(found->gr_gid, getegid());
	ck_assert_uint_lt(strlen(found->gr_name), sizeof(name));
	ck_assert_ptr_nonnull(found->gr_mem);
	(void)strcpy(name, found->gr_name);
	ck_assert_int_eq(getgrnam_r(name, &gr, buf + 1, sizeof(buf) - 1,
	    &found), 0);
	ck_assert_ptr_eq(found, &gr);
	ck_assert_str_eq(gr.gr_name, name);
	ck_assert_ptr_nonnull(gr.gr_mem);
	ck_assert_ptr_nonnull(getgrnam(name));
	ck_assert_int_eq(getgrgid_r(getegid(), &gr, buf, 3, &found), ERANGE);
	ck_assert_int_eq(getgrgid_r(NOBODY, &gr, buf, sizeof(buf), &found), 0);
	ck_assert_ptr_null(found);
}
END_TEST

static int
is_within(const char *s, size_t size)
{
	return s >= buf && s + strlen(s) < buf + size;
}

/* The first size that is not too small is enough, and nothing is beyond it. */
START_TEST(no_byte_is_written_behind_the_buffer)
{
	struct passwd pw, *user;
	struct group gr, *group;
	size_t size = 0;
	int err;

	do {
		buf[++size] = '#';
		err = getpwuid_r(geteuid(), &pw, buf, size, &user);
		ck_assert_int_eq(buf[size], '#');
	} while (err == ERANGE && size < sizeof(buf) - 1);
	ck_assert_int_eq(err, 0);
	ck_assert(is_within(pw.pw_name, size) && is_within(pw.pw_dir, size) &&
	    is_within(pw.pw_passwd, size) && is_within(pw.pw_gecos, size) &&
	    is_within(pw.pw_shell, size));
	size = 0;
	do {
		buf[++size] = '#';
		err = getgrgid_r(getegid(), &gr, buf, size, &group);
		ck_assert_int_eq(buf[size], '#');
	} while (err == ERANGE && size < sizeof(buf) - 1);
	ck_assert_int_eq(err, 0);
	ck_assert(is_within(gr.gr_name, size) &&
	    is_within(gr.gr_passwd, size));
	ck_assert((char *)(gr.gr_mem + 1) <= buf + size);
}
END_TEST

/* setuid() and its kin: who one is already; -1 leaves a number alone. */
START_TEST(one_can_become_who_one_is)
{
	uid_t u[3] = { 9, 9, 9 };
	gid_t g[3] = { 9, 9, 9 };

	errno = 7;
	ck_assert_int_eq(setuid(getuid()) | seteuid(geteuid()), 0);
	ck_assert_int_eq(setgid(getgid()) | setegid(getegid()), 0);
	ck_assert_int_eq(setreuid(getuid(), (uid_t)-1), 0);
	ck_assert_int_eq(setregid((gid_t)-1, getegid()), 0);
	ck_assert_int_eq(setresuid((uid_t)-1, geteuid(), getuid()), 0);
	ck_assert_int_eq(setresgid(getgid(), (gid_t)-1, getgid()), 0);
	ck_assert_int_eq(getresuid(&u[0], &u[1], &u[2]), 0);
	ck_assert_int_eq(getresgid(&g[0], &g[1], &g[2]), 0);
	ck_assert_int_eq(errno, 7);
	ck_assert_uint_eq(u[0], getuid());
	ck_assert_uint_eq(u[1], geteuid());
	ck_assert_uint_eq(g[2], getgid());
	FAILS(setuid((uid_t)-1), EINVAL);
	FAILS(setgid((gid_t)-1), EINVAL);
}
END_TEST

/* getgroups(): 0 asks how many; EINVAL. */
START_TEST(groups_are_counted_first)
{
	static gid_t list[65536];
	volatile int negative = -1;
	int n = getgroups(0, NULL);

	ck_assert_int_ge(n, 0);
	ck_assert_int_eq(getgroups(65536, list), n);
	FAILS(getgroups(negative, list), EINVAL);
}
END_TEST

/* getlogin(): on Linux it takes a terminal or an audit session. */
START_TEST(the_login_name_is_the_users)
{
	char name[256], *static_name;
	int err = getlogin_r(name, sizeof(name));

	if (err == ENXIO || err == ENOTTY || err == ENOENT) {
		host_skip("getlogin", "nobody has logged in");
		return;
	}
	ck_assert_int_eq(err, 0);
	ck_assert_ptr_nonnull(static_name = getlogin());
	ck_assert_str_eq(static_name, name);
	ck_assert_ptr_nonnull(getpwnam(name));
	ck_assert_int_eq(getlogin_r(name, 1), ERANGE);
}
END_TEST

/* uname() */
START_TEST(the_system_says_what_it_is)
{
	char host[256];
	struct utsname u;

	errno = 7;
	ck_assert_int_ge(uname(&u), 0);
	ck_assert_int_eq(errno, 7);
	ck_assert_int_eq(gethostname(host, sizeof(host)), 0);
	ck_assert_str_eq(u.nodename, host);
	ck_assert_str_eq(u.machine, "x86_64");
	ck_assert_uint_gt(strlen(u.sysname), 0);
	ck_assert_uint_gt(strlen(u.release), 0);
	ck_assert_uint_gt(strlen(u.version), 0);
}
END_TEST

/* pathconf(), fpathconf(): also what of the call's own is wrong. */
START_TEST(files_have_limits)
{
	int fd = open("f", O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pathconf("f", _PC_NAME_MAX), 255);
	ck_assert_int_eq(fpathconf(fd, _PC_PATH_MAX), PATH_MAX);
	ck_assert_int_eq(pathconf(".", _PC_PIPE_BUF), PIPE_BUF);
	ck_assert_int_ge(pathconf("f", _PC_LINK_MAX), 8);
	ck_assert_int_eq(fpathconf(fd, _PC_NO_TRUNC), 1);
	FAILS(fpathconf(fd, 9999), EINVAL);
	FAILS(fpathconf(-1, _PC_PATH_MAX), EBADF);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(unlink("f"), 0);
}
END_TEST

/* confstr(): the size with its NUL; cut off when it does not fit. */
START_TEST(the_standard_path_is_known)
{
	size_t n = confstr(_CS_PATH, NULL, 0);
	char cut[3] = "--";

	ck_assert_uint_gt(n, 3);
	ck_assert_uint_lt(n, sizeof(buf));
	ck_assert_uint_eq(confstr(_CS_PATH, buf, sizeof(buf)), n);
	ck_assert_uint_eq(strlen(buf), n - 1);
	ck_assert_uint_eq(confstr(_CS_PATH, cut, sizeof(cut)), n);
	ck_assert_uint_eq(strlen(cut), 2);
	ck_assert_int_eq(strncmp(cut, buf, 2), 0);
	errno = 0;
	ck_assert_uint_eq(confstr(-1, buf, sizeof(buf)), 0);
	ck_assert_int_eq(errno, EINVAL);
}
END_TEST

/* ttyname(), tcgetpgrp(), tcsetpgrp(): ENOTTY, EBADF. */
START_TEST(a_file_is_no_terminal)
{
	int fd = open("f", O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	ck_assert_int_ge(fd, 0);
	errno = 0;
	ck_assert_ptr_null(ttyname(fd));
	ck_assert_int_eq(errno, ENOTTY);
	ck_assert_int_eq(ttyname_r(fd, buf, sizeof(buf)), ENOTTY);
	FAILS(tcgetpgrp(fd), ENOTTY);
	FAILS(tcsetpgrp(fd, getpgrp()), ENOTTY);
	FAILS(tcgetpgrp(-1), EBADF);
	ck_assert_int_eq(ttyname_r(-1, buf, sizeof(buf)), EBADF);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(unlink("f"), 0);
}
END_TEST

int
main(void)
{
	static const TTest *tests[12];
	int n = 0;

	tests[n++] = the_user_has_an_entry;
	tests[n++] = an_unknown_user_has_none;
	tests[n++] = the_strings_are_in_the_buffer;
	tests[n++] = the_group_has_an_entry;
	tests[n++] = no_byte_is_written_behind_the_buffer;
	tests[n++] = one_can_become_who_one_is;
	tests[n++] = groups_are_counted_first;
	tests[n++] = the_login_name_is_the_users;
	tests[n++] = the_system_says_what_it_is;
	tests[n++] = files_have_limits;
	tests[n++] = the_standard_path_is_known;
	tests[n++] = a_file_is_no_terminal;
	return run_cases("user", tests, n);
}
