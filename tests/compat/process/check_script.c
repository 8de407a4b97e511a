/* Which file posix_spawn() runs: #! lines, PATH. */
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kid.h"
#include "support/main.h"

static char text[8192];

static void
make_script(const char *name, const char *line)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0777);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, line, strlen(line)), (ssize_t)strlen(line));
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(chmod(name, 0777), 0);
}

/* posix_spawn's or posix_spawnp's result; what it says goes into "out". */
static int
run(const char *file, int search, pid_t *pid)
{
	char *argv[] = { (char *)(uintptr_t)"zero", (char *)(uintptr_t)"one",
	    (char *)(uintptr_t)"two words", NULL };
	posix_spawn_file_actions_t actions;
	int err;

	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawn_file_actions_addopen(&actions, 1, "out",
	    O_WRONLY | O_CREAT | O_TRUNC, 0644);
	err = (search ? posix_spawnp : posix_spawn)(pid, file, &actions, NULL,
	    argv, environ);
	(void)posix_spawn_file_actions_destroy(&actions);
	return err;
}

static const char *
output(void)
{
	int fd = open("out", O_RDONLY);

	ck_assert_int_ge(fd, 0);
	(void)kid_read(fd, text, sizeof(text));
	ck_assert_int_eq(close(fd), 0);
	return text;
}

/* What the interpreter was given: the file, and then argv[1]... */
static void
ran(const char *file, pid_t pid)
{
	static const char words[] = "3:one9:two words";
	const char *said;
	size_t n, tail = sizeof(words) - 1;

	ck_assert_int_eq(kid_status(pid), 0);
	said = output();
	n = strlen(said);
	ck_assert_uint_gt(n, tail + strlen(file));
	ck_assert_str_eq(said + n - tail, words);
	ck_assert_int_eq(strncmp(said + n - tail - strlen(file), file,
	    strlen(file)), 0);
}

/* exec family: "#!" names the interpreter, which gets one argument. */
START_TEST(a_script_is_given_to_its_interpreter)
{
	char line[5000];
	pid_t pid;

	(void)snprintf(line, sizeof(line), "#!%s args\nanything\n",
	    kid_self());
	make_script("script", line);
	ck_assert_int_eq(run("./script", 0, &pid), 0);
	ran("script", pid);
	ck_assert_int_eq(run("./script", 1, &pid), 0);
	ran("script", pid);
	(void)snprintf(line, sizeof(line), "#! %s \t args  \n", kid_self());
	make_script("script", line);
	ck_assert_int_eq(run("./script", 0, &pid), 0);
	ran("script", pid);
	make_script("script", "#!/no/such/interpreter-anywhere\n");
	ck_assert_int_eq(run("./script", 0, &pid), ENOENT);
	ck_assert_int_eq(unlink("script"), 0);
}
END_TEST

/* PATH: the first that can be run; what cannot is passed by. */
START_TEST(path_is_searched_in_order)
{
	const char *sep = strchr(getenv("PATH"), ';') != NULL ? ";" : ":";
	char line[5000], path[64], *old = strdup(getenv("PATH"));
	pid_t pid;

	ck_assert_int_eq(mkdir("p1", 0777), 0);
	ck_assert_int_eq(mkdir("p2", 0777), 0);
	ck_assert_int_eq(mkdir("p1/tool", 0777), 0);
	(void)snprintf(line, sizeof(line), "#!%s args\n", kid_self());
	make_script("p2/tool", line);
	make_script("tool2", line);
	ck_assert_int_eq(setenv("PATH", "p1", 1), 0);
	ck_assert_int_eq(run("tool", 1, &pid), EACCES);
	ck_assert_int_eq(run("tool2", 1, &pid), ENOENT);
	(void)snprintf(path, sizeof(path), "none%sp1%sp2", sep, sep);
	ck_assert_int_eq(setenv("PATH", path, 1), 0);
	ck_assert_int_eq(run("tool", 1, &pid), 0);
	ran("tool", pid);
	(void)snprintf(path, sizeof(path), "p1%s", sep);
	ck_assert_int_eq(setenv("PATH", path, 1), 0);
	ck_assert_int_eq(run("tool2", 1, &pid), 0);
	ran("tool2", pid);
	ck_assert_int_eq(run("tool2", 0, &pid), 0);
	ran("tool2", pid);
	ck_assert_int_eq(setenv("PATH", old, 1), 0);
	free(old);
	ck_assert_int_eq(unlink("p2/tool"), 0);
	ck_assert_int_eq(unlink("tool2"), 0);
	ck_assert_int_eq(rmdir("p1/tool"), 0);
	ck_assert_int_eq(rmdir("p1"), 0);
	ck_assert_int_eq(rmdir("p2"), 0);
	ck_assert_int_eq(unlink("out"), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[2];
	int n = 0;

	kid_main(argc, argv);
	tests[n++] = a_script_is_given_to_its_interpreter;
	tests[n++] = path_is_searched_in_order;
	return run_cases("scripts", tests, n);
}
