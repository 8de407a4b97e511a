/* Faults without a handler: POSIX.1-2024, XSH 2.4.3, and wait(). */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compat/process/kid.h"
#include "compat/signal/fault.h"
#include "support/main.h"

#define PAGE 4096

static void
touch_behind_file(void)
{
	int fd = open("short", O_RDWR | O_CREAT, 0600);
	char *p = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
	    0);

	if (fd >= 0 && p != MAP_FAILED)
		touch(p + 2 * PAGE);
}

static void
end_by(const char *how)
{
	if (strstr(how, "segv") != NULL)
		touch(NULL);
	else if (strstr(how, "bus") != NULL)
		touch_behind_file();
	else if (strstr(how, "full") != NULL)
		(void)deeper(0);
	else if (strstr(how, "fpe") != NULL)
		divide();
	else if (strstr(how, "ill") != NULL)
		illegal();
	else if (strstr(how, "trap") != NULL)
		__asm__ volatile("int3");
}

/* Each call leaves a byte. */
static void
go_on(int signo)
{
	int fd = open("handled", O_WRONLY | O_CREAT | O_APPEND, 0600);

	(void)signo;
	if (fd < 0 || write(fd, "x", 1) != 1)
		_exit(98);
	(void)close(fd);
}

static void *
end_by_thread(void *how)
{
	end_by(how);
	return NULL;
}

static int
end_thread_by(char *how)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, end_by_thread, how) != 0)
		return 5;
	(void)pthread_join(thread, NULL);
	return 6;
}

static int
fault_role(char *argv[])
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP };
	char *how = argv[2];
	struct sigaction act;
	sigset_t set;
	size_t i;

	/* A sanitizer has handlers. */
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		(void)signal(faults[i], SIG_DFL);

	sigemptyset(&set);
	sigaddset(&set, SIGSEGV);
	if (strncmp(how, "ignored", 7) == 0)
		(void)signal(SIGSEGV, SIG_IGN);
	memset(&act, 0, sizeof(act));
	act.sa_handler = go_on;
	act.sa_flags = SA_RESETHAND;
	if (strncmp(how, "own stack", 9) == 0 && give_stack() != 0)
		return 4;
	if (strncmp(how, "blocked", 7) == 0 || strncmp(how, "once", 4) == 0 ||
	    strncmp(how, "own stack", 9) == 0)
		(void)sigaction(SIGSEGV, &act, NULL);
	if (strncmp(how, "blocked", 7) == 0)
		(void)sigprocmask(SIG_BLOCK, &set, NULL);
	if (strncmp(how, "thread", 6) == 0)
		return end_thread_by(how);
	end_by(how);
	return 3;
}

static void
ends_by(const char *how, int signo)
{
	int status = kid_end(kid_start(NULL, "fault", how, (char *)NULL));

	ck_assert_msg(WIFSIGNALED(status), "%s: status %#x", how, status);
	ck_assert_msg(WTERMSIG(status) == signo, "%s: signal %d", how,
	    WTERMSIG(status));
}

/* How often the handler ran in those that ended so far. */
static int
times_handled(void)
{
	struct stat st;

	return stat("handled", &st) == 0 ? (int)st.st_size : 0;
}

/* XSH 2.4.3: the default action; a fault cannot be ignored or put off. */
START_TEST(a_fault_without_handler_ends_the_process)
{
	ends_by("segv", SIGSEGV);
	ends_by("full", SIGSEGV);
	ends_by("bus", SIGBUS);
	ends_by("fpe", SIGFPE);
	ends_by("ill", SIGILL);
	ends_by("trap", SIGTRAP);
	ends_by("ignored segv", SIGSEGV);
	ends_by("blocked segv", SIGSEGV);
	ck_assert_int_eq(times_handled(), 0);
	ends_by("once segv", SIGSEGV);
	ck_assert_int_eq(times_handled(), 1);
	ck_assert_int_eq(unlink("handled"), 0);
}
END_TEST

/* Whichever thread has it. */
START_TEST(a_fault_in_a_thread_ends_the_process)
{
	ends_by("thread segv", SIGSEGV);
	ends_by("thread full", SIGSEGV);
	ends_by("thread fpe", SIGFPE);
}
END_TEST

/* A handler without SA_ONSTACK has no room on a full stack. */
START_TEST(a_full_stack_has_no_room_for_a_handler)
{
	ends_by("own stack full", SIGSEGV);
	ck_assert_int_eq(times_handled(), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const struct kid_role roles[] = {
		{ "fault", fault_role }, { NULL, NULL },
	};
	static const TTest *tests[3];
	int n = 0;

	kid_main_with(argc, argv, roles);
	tests[n++] = a_fault_without_handler_ends_the_process;
	tests[n++] = a_fault_in_a_thread_ends_the_process;
	tests[n++] = a_full_stack_has_no_room_for_a_handler;
	return run_cases("ends by faults", tests, n);
}
