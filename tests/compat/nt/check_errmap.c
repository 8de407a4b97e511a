/*
 * The error map alone: no Windows number reaches errno.  The codes are those
 * of Microsoft's list of system error codes and of Winsock's.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "fd/names.h"
#include "nt/errmap.h"
#include "support/main.h"

/* A sample of each kind, by number: names would need NT's headers. */
START_TEST(known_codes_have_their_errno)
{
	static const struct {
		uint32_t code;
		int err;
	} sample[] = {
		{ 0, 0 }, { 2, ENOENT }, { 3, ENOENT }, { 5, EACCES },
		{ 6, EBADF }, { 8, ENOMEM }, { 17, EXDEV }, { 33, EAGAIN },
		{ 80, EEXIST }, { 109, EPIPE }, { 112, ENOSPC },
		{ 145, ENOTEMPTY }, { 183, EEXIST }, { 206, ENAMETOOLONG },
		{ 232, EPIPE }, { 267, ENOTDIR }, { 1920, ENXIO },
		{ 10035, EWOULDBLOCK }, { 10036, EINPROGRESS },
		{ 10037, EALREADY }, { 10038, ENOTSOCK },
		{ 10048, EADDRINUSE }, { 10054, ECONNRESET },
		{ 10056, EISCONN }, { 10057, ENOTCONN }, { 10058, EPIPE },
		{ 10060, ETIMEDOUT }, { 10061, ECONNREFUSED },
	};
	unsigned int i;

	for (i = 0; i < sizeof(sample) / sizeof(sample[0]); i++)
		ck_assert_int_eq(nt_errno(sample[i].code), sample[i].err);
	ck_assert_int_eq(nt_status_errno(0), 0);
	ck_assert_int_eq(nt_status_errno((int32_t)0xC0000034), ENOENT);
	ck_assert_int_eq(nt_status_errno((int32_t)0xC0000022), EACCES);
	ck_assert_int_eq(nt_status_errno((int32_t)0xC0000120), ECANCELED);
	ck_assert_int_eq(nt_status_errno((int32_t)0xC000020D), ECONNRESET);
}
END_TEST

/* What is not listed is EIO, and no result is a Windows number. */
START_TEST(unknown_codes_are_eio)
{
	uint32_t code;
	int err;

	for (code = 1; code < 16000; code++) {
		err = nt_errno(code);
		ck_assert(err > 0 && err < 200);
		ck_assert_int_ne(err, 140);	/* the CRT's EWOULDBLOCK */
	}
	ck_assert_int_eq(nt_errno(15999), EIO);
	ck_assert_int_eq(nt_errno(0xffffffff), EIO);
	ck_assert_int_eq(nt_status_errno((int32_t)0xC0FFFFFF), EIO);
}
END_TEST

/* strerror() has a sentence for each. */
START_TEST(every_errno_has_a_sentence)
{
	uint32_t code;

	for (code = 1; code < 16000; code++)
		ck_assert_ptr_null(strstr(strerror(nt_errno(code)),
		    "Unknown"));
	ck_assert_str_eq(strerror(ECONNREFUSED), "Connection refused");
	ck_assert_str_eq(strerror(ENOENT), "No such file or directory");
	ck_assert_int_eq(EWOULDBLOCK, EAGAIN);
}
END_TEST

int
main(void)
{
	static const TTest *tests[4];
	int n = 0;

	tests[n++] = known_codes_have_their_errno;
	tests[n++] = unknown_codes_are_eio;
	tests[n++] = every_errno_has_a_sentence;
	return run_cases("errmap", tests, n);
}
