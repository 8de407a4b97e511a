/* inet_pton(3), inet_ntop(3), inet_aton(3), getaddrinfo(3), getnameinfo(3). */
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *
same4(const char *text)
{
	static char out[INET_ADDRSTRLEN];
	struct in_addr a;

	if (inet_pton(AF_INET, text, &a) != 1)
		return "?";
	return inet_ntop(AF_INET, &a, out, sizeof(out));
}

static const char *
same6(const char *text)
{
	static char out[INET6_ADDRSTRLEN];
	struct in6_addr a;

	if (inet_pton(AF_INET6, text, &a) != 1)
		return "?";
	return inet_ntop(AF_INET6, &a, out, sizeof(out));
}

/* RFC 4291 §2.2, RFC 5952; the texts are those that glibc gives. */
START_TEST(addresses_have_one_text)
{
	static const char *const six[][2] = {
		{ "::", "::" }, { "::1", "::1" }, { "1::", "1::" },
		{ "0:0:0:0:0:0:0:0", "::" },
		{ "FE80::0001:0:0", "fe80::1:0:0" },
		{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
		{ "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8" },
		{ "1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8" },
		{ "::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8" },
		{ "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0" },
		{ "::ffff:1.2.3.4", "::ffff:1.2.3.4" },
		{ "::ffff:102:304", "::ffff:1.2.3.4" },
		{ "::1.2.3.4", "::1.2.3.4" },
		{ "64:ff9b::1.2.3.4", "64:ff9b::102:304" },
		{ ":", "?" }, { ":::", "?" }, { "1::2::3", "?" },
		{ "1:2:3:4:5:6:7", "?" }, { "1:2:3:4:5:6:7:8:9", "?" },
		{ "12345::", "?" }, { "g::", "?" }, { "1:", "?" },
		{ ":1", "?" }, { "::1.2.3", "?" }, { "", "?" },
		{ "1.2.3.4", "?" }, { "::1:", "?" },
		{ "1:2:3:4:5:6:7:1.2.3.4", "?" },
	};
	static const char *const bad4[] = { "", "1.2.3", "1.2.3.4.5",
	    "256.1.1.1", "1.2.3.x", "1..2.3", " 1.2.3.4", "1.2.3.4 ",
	    "01.2.3.4", "1.2.3.", "0x1.2.3.4" };
	size_t i;

	ck_assert_str_eq(same4("127.0.0.1"), "127.0.0.1");
	ck_assert_str_eq(same4("255.255.255.255"), "255.255.255.255");
	ck_assert_str_eq(same4("0.0.0.0"), "0.0.0.0");
	for (i = 0; i < sizeof(bad4) / sizeof(*bad4); i++)
		ck_assert_msg(strcmp(same4(bad4[i]), "?") == 0, "%s", bad4[i]);
	for (i = 0; i < sizeof(six) / sizeof(*six); i++)
		ck_assert_msg(strcmp(same6(six[i][0]), six[i][1]) == 0,
		    "%s: %s", six[i][0], same6(six[i][0]));
}
END_TEST

START_TEST(bad_families_and_short_buffers)
{
	struct in_addr a = { 0 };
	char buf[4];

	errno = 0;
	ck_assert_int_eq(inet_pton(12345, "1.2.3.4", &a), -1);
	ck_assert_int_eq(errno, EAFNOSUPPORT);
	errno = 0;
	ck_assert_ptr_null(inet_ntop(AF_INET, &a, buf, sizeof(buf)));
	ck_assert_int_eq(errno, ENOSPC);
	errno = 0;
	ck_assert_ptr_null(inet_ntop(12345, &a, buf, sizeof(buf)));
	ck_assert_int_eq(errno, EAFNOSUPPORT);
}
END_TEST

/* inet_aton(3): the old forms. */
START_TEST(old_forms_are_understood)
{
	static const struct {
		const char *text;
		uint32_t value;
	} good[] = {
		{ "1.2.3.4", 0x01020304 }, { "127.1", 0x7f000001 },
		{ "1.2.3", 0x01020003 }, { "0x7f000001", 0x7f000001 },
		{ "010.0.0.1", 0x08000001 }, { "1.65536", 0x01010000 },
	};
	struct in_addr a;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
		ck_assert_int_eq(inet_aton(good[i].text, &a), 1);
		ck_assert_uint_eq(ntohl(a.s_addr), good[i].value);
	}
	ck_assert_int_eq(inet_aton("1.2.3.256", &a), 0);
	ck_assert_int_eq(inet_aton("1.2.3.4.5", &a), 0);
	ck_assert_int_eq(inet_aton("x", &a), 0);
	ck_assert_uint_eq(inet_addr("1.2.3.x"), INADDR_NONE);
	a.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_str_eq(inet_ntoa(a), "127.0.0.1");
	ck_assert_uint_eq(htons(0x1234), 0x3412);
}
END_TEST

static int
resolve(const char *host, const char *service, int flags, int family,
    int type, struct addrinfo **list)
{
	struct addrinfo hints;

	memset(&hints, 0, sizeof(hints));
	hints.ai_flags = flags;
	hints.ai_family = family;
	hints.ai_socktype = type;
	*list = NULL;
	return getaddrinfo(host, service, &hints, list);
}

/* getaddrinfo(3). */
START_TEST(numbers_need_no_server)
{
	const struct sockaddr_in *in;
	struct addrinfo *list, *a;
	int n = 0;

	ck_assert_int_eq(resolve("127.0.0.1", "8080", AI_NUMERICHOST |
	    AI_NUMERICSERV, AF_UNSPEC, SOCK_STREAM, &list), 0);
	ck_assert_ptr_null(list->ai_next);
	ck_assert_int_eq(list->ai_family, AF_INET);
	ck_assert_int_eq(list->ai_socktype, SOCK_STREAM);
	ck_assert_int_eq(list->ai_protocol, IPPROTO_TCP);
	ck_assert_uint_eq(list->ai_addrlen, sizeof(*in));
	in = (const struct sockaddr_in *)list->ai_addr;
	ck_assert_uint_eq(ntohs(in->sin_port), 8080);
	ck_assert_uint_eq(ntohl(in->sin_addr.s_addr), INADDR_LOOPBACK);
	freeaddrinfo(list);
	ck_assert_int_eq(resolve("::1", "1", 0, AF_INET6, 0, &list), 0);
	for (a = list; a != NULL; a = a->ai_next, n++)
		ck_assert_int_eq(a->ai_family, AF_INET6);
	ck_assert_int_eq(n, 3);
	freeaddrinfo(list);
	ck_assert_int_eq(resolve(NULL, "0", AI_PASSIVE, AF_INET, SOCK_STREAM,
	    &list), 0);
	in = (const struct sockaddr_in *)list->ai_addr;
	ck_assert_uint_eq(in->sin_addr.s_addr, htonl(INADDR_ANY));
	freeaddrinfo(list);
}
END_TEST

START_TEST(localhost_is_this_host)
{
	struct addrinfo *list, *a;
	int found = 0;

	ck_assert_int_eq(resolve("localhost", "80", 0, AF_INET, SOCK_STREAM,
	    &list), 0);
	for (a = list; a != NULL; a = a->ai_next)
		found |= ((const struct sockaddr_in *)a->ai_addr)->
		    sin_addr.s_addr == htonl(INADDR_LOOPBACK);
	freeaddrinfo(list);
	ck_assert(found);
}
END_TEST

START_TEST(bad_names_have_their_own_errors)
{
	struct addrinfo *list;

	ck_assert_int_eq(resolve("not-a-number", "1", AI_NUMERICHOST,
	    AF_UNSPEC, SOCK_STREAM, &list), EAI_NONAME);
	ck_assert_int_eq(resolve("127.0.0.1", "http", AI_NUMERICSERV,
	    AF_UNSPEC, SOCK_STREAM, &list), EAI_NONAME);
	ck_assert_int_eq(resolve(NULL, NULL, 0, AF_UNSPEC, SOCK_STREAM,
	    &list), EAI_NONAME);
	ck_assert_int_eq(resolve("127.0.0.1", "1", 0, 12345, SOCK_STREAM,
	    &list), EAI_FAMILY);
	ck_assert_int_eq(resolve("127.0.0.1", "1", 0x40000000, AF_INET,
	    SOCK_STREAM, &list), EAI_BADFLAGS);
	ck_assert_str_ne(gai_strerror(EAI_NONAME), gai_strerror(EAI_FAMILY));
}
END_TEST

/* getnameinfo(3). */
START_TEST(an_address_has_a_numeric_name)
{
	struct sockaddr_in in;
	char host[64], service[16], name[256];

	memset(&in, 0, sizeof(in));
	in.sin_family = AF_INET;
	in.sin_port = htons(8080);
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(getnameinfo((struct sockaddr *)&in, sizeof(in), host,
	    sizeof(host), service, sizeof(service), NI_NUMERICHOST |
	    NI_NUMERICSERV), 0);
	ck_assert_str_eq(host, "127.0.0.1");
	ck_assert_str_eq(service, "8080");
	ck_assert_int_eq(getnameinfo((struct sockaddr *)&in, sizeof(in), host,
	    4, NULL, 0, NI_NUMERICHOST), EAI_OVERFLOW);
	in.sin_family = 12345;
	ck_assert_int_eq(getnameinfo((struct sockaddr *)&in, sizeof(in), host,
	    sizeof(host), NULL, 0, NI_NUMERICHOST), EAI_FAMILY);
	ck_assert_int_eq(gethostname(name, sizeof(name)), 0);
	ck_assert_uint_gt(strlen(name), 0);
	errno = 0;
	ck_assert_int_eq(gethostname(name, 1), -1);
	ck_assert_int_eq(errno, ENAMETOOLONG);
}
END_TEST

/* getaddrinfo(3): a protocol without a type means the type that goes with it. */
START_TEST(a_type_and_a_protocol_go_together)
{
	static const struct {
		int type, protocol, err, result_type, result_protocol;
	} cases[] = {
		{ 0, IPPROTO_UDP, 0, SOCK_DGRAM, IPPROTO_UDP },
		{ 0, IPPROTO_TCP, 0, SOCK_STREAM, IPPROTO_TCP },
		{ SOCK_STREAM, 0, 0, SOCK_STREAM, IPPROTO_TCP },
		{ SOCK_DGRAM, IPPROTO_UDP, 0, SOCK_DGRAM, IPPROTO_UDP },
		{ SOCK_STREAM, IPPROTO_UDP, EAI_SOCKTYPE, 0, 0 },
		{ SOCK_RAW, 0, EAI_SERVICE, 0, 0 },
		{ 0, 99, EAI_SERVICE, 0, 0 },
	};
	struct addrinfo hints, *list;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&hints, 0, sizeof(hints));
		hints.ai_socktype = cases[i].type;
		hints.ai_protocol = cases[i].protocol;
		ck_assert_int_eq(getaddrinfo("1.2.3.4", "80", &hints, &list),
		    cases[i].err);
		if (cases[i].err != 0)
			continue;
		ck_assert_int_eq(list->ai_socktype, cases[i].result_type);
		ck_assert_int_eq(list->ai_protocol, cases[i].result_protocol);
		ck_assert_ptr_null(list->ai_next);
		freeaddrinfo(list);
	}
}
END_TEST

/* getservbyname(), getservbyport(): ports are in network order. */
START_TEST(services_have_ports)
{
	struct servent *s;

	if ((s = getservbyname("ftp", "tcp")) == NULL) {
		printf("skipped: this system lists no services\n");
		return;
	}
	ck_assert_str_eq(s->s_name, "ftp");
	ck_assert_str_eq(s->s_proto, "tcp");
	ck_assert_int_eq(s->s_port, htons(21));
	ck_assert_ptr_nonnull(s->s_aliases);
	ck_assert_ptr_nonnull(s = getservbyport(htons(53), "udp"));
	ck_assert_str_eq(s->s_name, "domain");
	ck_assert_str_eq(s->s_proto, "udp");
	ck_assert_ptr_nonnull(getservbyname("ftp", NULL));
	ck_assert_ptr_null(getservbyname("no such service", NULL));
	ck_assert_ptr_null(getservbyport(htons(53), "no such protocol"));
}
END_TEST

/* getprotobyname(), getprotobynumber() */
START_TEST(protocols_have_numbers)
{
	struct protoent *p;

	if ((p = getprotobyname("tcp")) == NULL) {
		printf("skipped: this system lists no protocols\n");
		return;
	}
	ck_assert_str_eq(p->p_name, "tcp");
	ck_assert_int_eq(p->p_proto, IPPROTO_TCP);
	ck_assert_ptr_nonnull(p->p_aliases);
	ck_assert_ptr_nonnull(p = getprotobynumber(IPPROTO_UDP));
	ck_assert_str_eq(p->p_name, "udp");
	ck_assert_ptr_null(getprotobyname("no such protocol"));
	ck_assert_ptr_null(getprotobynumber(253));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("netdb");
	TCase *tc = tcase_create("netdb");
	SRunner *sr;
	int failed;

	tcase_add_test(tc, addresses_have_one_text);
	tcase_add_test(tc, bad_families_and_short_buffers);
	tcase_add_test(tc, old_forms_are_understood);
	tcase_add_test(tc, numbers_need_no_server);
	tcase_add_test(tc, localhost_is_this_host);
	tcase_add_test(tc, bad_names_have_their_own_errors);
	tcase_add_test(tc, an_address_has_a_numeric_name);
	tcase_add_test(tc, a_type_and_a_protocol_go_together);
	tcase_add_test(tc, services_have_ports);
	tcase_add_test(tc, protocols_have_numbers);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
