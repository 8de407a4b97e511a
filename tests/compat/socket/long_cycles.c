/* compat_close_abort(3): the port is free at once. */
#include <netinet/in.h>
#include <sys/socket.h>

#include <compat.h>
#include <errno.h>

#include <unistd.h>

#include "compat/socket/net.h"
#include "support/main.h"

#define CYCLES 10000

/* Both ports stay the same, so each connection needs the last one's gone. */
START_TEST(one_pair_of_ports_serves_ten_thousand_connections)
{
	struct sockaddr_in from, to;
	uint16_t port;
	int i, l = net_listen(&port), c, a;

	net_loopback(&to, port);
	net_loopback(&from, net_free_port());
	for (i = 0; i < CYCLES; i++) {
		c = socket(AF_INET, SOCK_STREAM, 0);
		ck_assert_int_ge(c, 0);
		ck_assert_msg(bind(c, (struct sockaddr *)&from,
		    sizeof(from)) == 0, "bind %d: %d", i, errno);
		ck_assert_msg(connect(c, (struct sockaddr *)&to,
		    sizeof(to)) == 0, "connect %d: %d", i, errno);
		a = accept(l, NULL, NULL);
		ck_assert_msg(a >= 0, "accept %d: %d", i, errno);
		ck_assert_int_eq(compat_close_abort(c), 0);
		ck_assert_int_eq(close(a), 0);
	}
	ck_assert_int_eq(close(l), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		one_pair_of_ports_serves_ten_thousand_connections,
	};

	return run_cases("cycles", tests, sizeof(tests) / sizeof(tests[0]));
}
