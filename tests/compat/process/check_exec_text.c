/*
 * execlp(), execvp(): a file that is no program is for the shell.  NT has none
 * for sure: COMPAT_SHELL, which Linux does not know, makes one of this program.
 */
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "kid.h"
#include "support/main.h"

static const char program[] = "printf '%s ' said \"$@\"\n";
static char text[200];

static int
ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

/* What sh makes of the program. */
static int
play_shell(char *argv[])
{
	int fd = open(argv[1], O_RDONLY), i;

	if (fd < 0)
		return 80;
	(void)kid_read(fd, text, sizeof(text));
	if (strcmp(text, program) != 0)
		return 81;
	kid_say("said ");
	for (i = 2; argv[i] != NULL; i++) {
		kid_say(argv[i]);
		kid_say(" ");
	}
	return 0;
}

/* By which, what: return errno. */
static int
role_by(char *argv[])
{
	char *args[] = { (char *)(uintptr_t)"zero", (char *)(uintptr_t)"one",
	    (char *)(uintptr_t)"two words", NULL };

	errno = 0;
	if (strcmp(argv[2], "execvp") == 0)
		(void)execvp(argv[3], args);
	else if (strcmp(argv[2], "execlp") == 0)
		(void)execlp(argv[3], "zero", "one", "two words",
		    (char *)NULL);
	else
		(void)execv(argv[3], args);
	return errno;
}

static const struct kid_role own[] = { { "by", role_by }, { NULL, NULL } };

static void
make(const char *name, const char *what)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0777);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, what, strlen(what)), (ssize_t)strlen(what));
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(chmod(name, 0777), 0);
}

/* "as if the process invoked the sh utility", which gets file and words. */
START_TEST(a_text_is_run_by_the_shell)
{
	static const char *const by[] = { "execvp", "execlp" };
	size_t i;

	make("text-for-sh", program);
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(kid_output(text, sizeof(text), "by", by[i],
		    "./text-for-sh", NULL), 0);
		ck_assert_str_eq(text, "said one two words ");
	}
	ck_assert_int_eq(unlink("text-for-sh"), 0);
}
END_TEST

/* The others say ENOEXEC, also when an interpreter is a text. */
START_TEST(a_text_is_no_program)
{
	char line[300], dir[200];

	make("text-for-sh", program);
	ck_assert_int_eq(kid_status(kid_start(NULL, "by", "execv",
	    "./text-for-sh", NULL)), ENOEXEC);
	ck_assert_ptr_nonnull(getcwd(dir, sizeof(dir)));
	(void)strcat(strcat(strcpy(line, "#!"), dir), "/text-for-sh\n");
	make("script", line);
	ck_assert_int_eq(kid_status(kid_start(NULL, "by", "execv",
	    "./script", NULL)), ENOEXEC);
	ck_assert_int_eq(unlink("script") | unlink("text-for-sh"), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[2];
	int n = 0;

	if (argc > 1 && ends_with(argv[1], "text-for-sh"))
		return play_shell(argv);
	kid_main_with(argc, argv, own);
	if (setenv("COMPAT_SHELL", kid_self(), 1) != 0)
		return 1;
	tests[n++] = a_text_is_run_by_the_shell;
	tests[n++] = a_text_is_no_program;
	return run_cases("exec of texts", tests, n);
}
