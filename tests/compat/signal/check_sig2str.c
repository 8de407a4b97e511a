/* sig2str(), str2sig(): POSIX.1-2024.  NT only, for glibc has none so far. */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "support/main.h"

static const char *
name_of(int signo)
{
	static char name[SIG2STR_MAX];

	ck_assert_int_eq(sig2str(signo, name), 0);
	return name;
}

START_TEST(every_signal_has_a_name_that_leads_back)
{
	char name[SIG2STR_MAX];
	int signo, back, n = 0;

	for (signo = 1; signo < NSIG; signo++) {
		if (sig2str(signo, name) != 0)
			continue;
		back = -1;
		ck_assert_int_eq(str2sig(name, &back), 0);
		ck_assert_int_eq(back, signo);
		n++;
	}
	ck_assert_int_eq(n, NSIG - 1 - 2);	/* 6 and 16 are no signals */
	ck_assert_str_eq(name_of(SIGTERM), "TERM");
	ck_assert_str_eq(name_of(SIGCHLD), "CHLD");
	ck_assert_str_eq(name_of(SIGABRT), "ABRT");
}
END_TEST

/* XSH sig2str(): from RTMIN up to the middle, then from RTMAX down. */
START_TEST(realtime_signals_are_counted_from_the_nearer_end)
{
	int middle = (SIGRTMIN + SIGRTMAX) / 2;

	ck_assert_str_eq(name_of(SIGRTMIN), "RTMIN");
	ck_assert_str_eq(name_of(SIGRTMIN + 1), "RTMIN+1");
	ck_assert_str_eq(name_of(middle), "RTMIN+15");
	ck_assert_str_eq(name_of(middle + 1), "RTMAX-14");
	ck_assert_str_eq(name_of(SIGRTMAX - 1), "RTMAX-1");
	ck_assert_str_eq(name_of(SIGRTMAX), "RTMAX");
}
END_TEST

START_TEST(other_names_and_numbers_are_understood)
{
	int signo = 0;

	ck_assert_int_eq(str2sig("POLL", &signo), 0);
	ck_assert_int_eq(signo, SIGIO);
	ck_assert_int_eq(str2sig("9", &signo), 0);
	ck_assert_int_eq(signo, 9);
	ck_assert_int_eq(str2sig("64", &signo), 0);
	ck_assert_int_eq(signo, 64);
	ck_assert_int_eq(str2sig("RTMIN+30", &signo), 0);
	ck_assert_int_eq(signo, SIGRTMAX);
}
END_TEST

START_TEST(what_is_no_signal_is_refused)
{
	static const char *const bad[] = { "", "SIGTERM", "term", "0", "65",
	    "-1", "999", "1x", "RTMIN+", "RTMIN+31", "RTMAX-31", "RTMIN-1",
	    "RTMAX+1", "RTMIN+-1", " TERM" };
	char name[SIG2STR_MAX] = "kept";
	int signo = 4711;
	size_t i;

	errno = 7;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(str2sig(bad[i], &signo) == -1, "'%s'", bad[i]);
	ck_assert_int_eq(signo, 4711);
	ck_assert_int_eq(sig2str(0, name), -1);
	ck_assert_int_eq(sig2str(-1, name), -1);
	ck_assert_int_eq(sig2str(NSIG, name), -1);
	ck_assert_str_eq(name, "kept");
	ck_assert_int_eq(errno, 7);
}
END_TEST

int
main(void)
{
	static const TTest *tests[4];
	int n = 0;

	tests[n++] = every_signal_has_a_name_that_leads_back;
	tests[n++] = realtime_signals_are_counted_from_the_nearer_end;
	tests[n++] = other_names_and_numbers_are_understood;
	tests[n++] = what_is_no_signal_is_refused;
	return run_cases("sig2str", tests, n);
}
