/* gethostbyname(3), gethostbyaddr(3), inet(3): what programs of old call. */
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "support/main.h"

static int
has(const struct hostent *h, uint32_t addr)
{
	char **a;

	addr = htonl(addr);
	for (a = h->h_addr_list; *a != NULL; a++)
		if (memcmp(*a, &addr, sizeof(addr)) == 0)
			return 1;
	return 0;
}

/* gethostbyname(3). */
START_TEST(this_host_has_a_name)
{
	struct hostent *h = gethostbyname("localhost");

	ck_assert_ptr_nonnull(h);
	ck_assert_int_eq(h->h_addrtype, AF_INET);
	ck_assert_int_eq(h->h_length, 4);
	ck_assert_ptr_nonnull(h->h_aliases);
	ck_assert_uint_gt(strlen(h->h_name), 0);
	ck_assert(has(h, INADDR_LOOPBACK));
}
END_TEST

/* gethostbyname(3): a number is its own name, whatever its form. */
START_TEST(numbers_are_their_own_names)
{
	struct hostent *h;

	ck_assert_ptr_nonnull(h = gethostbyname("1.2.3.4"));
	ck_assert_str_eq(h->h_name, "1.2.3.4");
	ck_assert(has(h, 0x01020304));
	ck_assert_ptr_null(h->h_addr_list[1]);
	ck_assert_ptr_null(h->h_aliases[0]);
	ck_assert_ptr_nonnull(h = gethostbyname("127.1"));
	ck_assert_str_eq(h->h_name, "127.1");
	ck_assert(has(h, INADDR_LOOPBACK));
}
END_TEST

/* gethostbyname(3): h_errno; errno is not what tells. */
START_TEST(an_address_that_cannot_be_is_not_found)
{
	h_errno = 0;
	ck_assert_ptr_null(gethostbyname("1.2.3.400"));
	ck_assert_int_eq(h_errno, HOST_NOT_FOUND);
	h_errno = 0;
	ck_assert_ptr_null(gethostbyname("::1"));
	ck_assert_int_eq(h_errno, HOST_NOT_FOUND);
}
END_TEST

/* gethostbyaddr(3). */
START_TEST(an_address_has_a_name)
{
	struct in_addr lo = { htonl(INADDR_LOOPBACK) };
	struct hostent *h = gethostbyaddr(&lo, sizeof(lo), AF_INET);

	ck_assert_ptr_nonnull(h);
	ck_assert_uint_gt(strlen(h->h_name), 0);
	ck_assert_int_eq(h->h_addrtype, AF_INET);
	ck_assert_int_eq(h->h_length, 4);
	ck_assert(has(h, INADDR_LOOPBACK));
	ck_assert_ptr_null(h->h_addr_list[1]);
}
END_TEST

/* gethostbyaddr(3): NETDB_INTERNAL; glibc: EAFNOSUPPORT for both. */
START_TEST(bad_addresses_have_their_own_errors)
{
	struct in_addr lo = { htonl(INADDR_LOOPBACK) };

	errno = h_errno = 0;
	ck_assert_ptr_null(gethostbyaddr(&lo, sizeof(lo), 12345));
	ck_assert_int_eq(h_errno, NETDB_INTERNAL);
	ck_assert_int_eq(errno, EAFNOSUPPORT);
	errno = h_errno = 0;
	ck_assert_ptr_null(gethostbyaddr(&lo, 3, AF_INET));
	ck_assert_int_eq(h_errno, NETDB_INTERNAL);
	ck_assert_int_eq(errno, EAFNOSUPPORT);
}
END_TEST

static void *
fail_in_thread(void *arg)
{
	int *ok = arg;

	*ok = h_errno == 0;
	(void)gethostbyname("1.2.3.400");
	*ok &= h_errno == HOST_NOT_FOUND;
	return NULL;
}

/* gethostbyname(3), ATTRIBUTES: each thread has its own. */
START_TEST(another_threads_error_is_not_ours)
{
	pthread_t t;
	int ok = 0;

	h_errno = TRY_AGAIN;
	ck_assert_int_eq(pthread_create(&t, NULL, fail_in_thread, &ok), 0);
	ck_assert_int_eq(pthread_join(t, NULL), 0);
	ck_assert(ok);
	ck_assert_int_eq(h_errno, TRY_AGAIN);
}
END_TEST

/* herror(3), hstrerror(3). */
START_TEST(errors_have_texts)
{
	static const int codes[] = { NETDB_INTERNAL, NETDB_SUCCESS,
	    HOST_NOT_FOUND, TRY_AGAIN, NO_RECOVERY, NO_DATA, 12345 };
	int i, j, old, p[2];
	char line[200];
	ssize_t n;

	for (i = 0; i < 7; i++)
		for (j = 0; j < i; j++)
			ck_assert_str_ne(hstrerror(codes[i]),
			    hstrerror(codes[j]));
	ck_assert_str_eq(hstrerror(HOST_NOT_FOUND), "Unknown host");
	ck_assert_int_eq(pipe(p), 0);
	old = dup(2);
	ck_assert_int_eq(dup2(p[1], 2), 2);
	h_errno = HOST_NOT_FOUND;
	herror("here");
	h_errno = TRY_AGAIN;
	herror(NULL);
	ck_assert_int_eq(dup2(old, 2), 2);
	ck_assert_int_eq(close(old), 0);
	ck_assert_int_eq(close(p[1]), 0);
	n = read(p[0], line, sizeof(line) - 1);
	ck_assert_int_gt(n, 0);
	line[n] = '\0';
	ck_assert_str_eq(line, "here: Unknown host\n"
	    "Host name lookup failure\n");
	ck_assert_int_eq(close(p[0]), 0);
}
END_TEST

/* inet(3), inet_network(): a number in host order. */
START_TEST(networks_have_numbers)
{
	static const struct {
		const char *text;
		in_addr_t value;
	} cases[] = {
		{ "1.2.3.4", 0x01020304 }, { "127", 127 }, { "1.2", 0x0102 },
		{ "0x7f.1", 0x7f01 }, { "010.1", 0x0801 }, { "0", 0 },
		{ "1.2 ", 0x0102 }, { "256", INADDR_NONE },
		{ "1.2.3.4.5", INADDR_NONE }, { "x", INADDR_NONE },
		{ "", INADDR_NONE }, { "1..2", INADDR_NONE },
		{ "1.2x", INADDR_NONE }, { "1.", INADDR_NONE },
		{ ".1", INADDR_NONE }, { "1.2.3.4.", INADDR_NONE },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ck_assert_msg(inet_network(cases[i].text) == cases[i].value,
		    "%s: %x", cases[i].text, inet_network(cases[i].text));
}
END_TEST

/* inet(3): the classes. */
START_TEST(addresses_have_networks_by_class)
{
	static const struct {
		uint32_t addr, net, host;
	} cases[] = {
		{ 0x7f000001, 0x7f, 1 }, { 0x0a010203, 0x0a, 0x010203 },
		{ 0x80010203, 0x8001, 0x0203 },
		{ 0xbfff0203, 0xbfff, 0x0203 },
		{ 0xc0010203, 0xc00102, 3 }, { 0xdfffff03, 0xdfffff, 3 },
	};
	struct in_addr in;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		in.s_addr = htonl(cases[i].addr);
		ck_assert_uint_eq(inet_netof(in), cases[i].net);
		ck_assert_uint_eq(inet_lnaof(in), cases[i].host);
		in = inet_makeaddr(cases[i].net, cases[i].host);
		ck_assert_uint_eq(ntohl(in.s_addr), cases[i].addr);
	}
	/* The host's number is cut to its class. */
	in = inet_makeaddr(0xc00102, 0x1ff);
	ck_assert_uint_eq(ntohl(in.s_addr), 0xc00102ff);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		this_host_has_a_name,
		numbers_are_their_own_names,
		an_address_that_cannot_be_is_not_found,
		an_address_has_a_name,
		bad_addresses_have_their_own_errors,
		another_threads_error_is_not_ours,
		errors_have_texts,
		networks_have_numbers,
		addresses_have_networks_by_class,
	};

	return run_cases("hostent", tests, sizeof(tests) / sizeof(tests[0]));
}
