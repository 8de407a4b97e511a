/*
 * <sys/socket.h> hands its structs and constants to Winsock as they are; here
 * they are compared with Winsock's own headers, from another file, because no
 * file can have both.
 */
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <check.h>
#include <stdlib.h>

#include "compat/socket/abi.h"

static const struct abi our_abi[] = { ABI_ROWS };

START_TEST(our_structs_and_constants_are_winsocks)
{
	size_t i;

	for (i = 0; our_abi[i].name != NULL; i++) {
		ck_assert_str_eq(our_abi[i].name, winsock_abi[i].name);
		ck_assert_msg(our_abi[i].value == winsock_abi[i].value,
		    "%s: ours %lld, Winsock's %lld", our_abi[i].name,
		    our_abi[i].value, winsock_abi[i].value);
	}
	ck_assert_uint_gt(i, 60);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("abi");
	TCase *tc = tcase_create("abi");
	SRunner *sr;
	int failed;

	tcase_add_test(tc, our_structs_and_constants_are_winsocks);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
