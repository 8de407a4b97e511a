/* Channel numbers: unique, bounded, not reused while anything names them. */
#include "reactor/peer.h"
#include "private.h"
#include "support/tmpdir.h"

#include <check.h>
#include <stdlib.h>

/* Section 6: number reuse over 200,000 channels. */
START_TEST(two_hundred_thousand_numbers_are_never_given_twice)
{
	enum { LIVE = 100, ALL = 200000 };
	static struct rx_channel ch[LIVE];
	static bool used[RX_CHANNELS + 1];
	struct rx_table t = { .used = 0 };
	uint32_t i, old;

	ck_assert_int_eq(rx_table_init(&t, RX_CHANNELS), 0);
	for (i = 0; i < ALL; i++) {
		old = i % LIVE;
		if (i >= LIVE) {
			used[ch[old].number] = false;
			rx_table_unref(&t, ch[old].number);
		}
		ck_assert_int_eq(rx_table_alloc(&t, 1, RX_OPEN, &ch[old]), 0);
		ck_assert_uint_ge(ch[old].number, 1);
		ck_assert_uint_le(ch[old].number, RX_CHANNELS);
		ck_assert(!used[ch[old].number]);
		used[ch[old].number] = true;
	}
	ck_assert_uint_eq(t.used, LIVE);
	rx_table_destroy(&t);
}
END_TEST

/* Section 1: a full table is an error, never a spin. */
START_TEST(a_full_table_is_an_error)
{
	struct rx_channel *ch = calloc(RX_CHANNELS + 1, sizeof(*ch));
	struct rx_table t = { .used = 0 };
	uint32_t i;

	ck_assert_ptr_nonnull(ch);
	ck_assert_int_eq(rx_table_init(&t, RX_CHANNELS), 0);
	for (i = 0; i < RX_CHANNELS; i++)
		ck_assert_int_eq(rx_table_alloc(&t, 1, RX_OPEN, &ch[i]), 0);
	ck_assert_int_eq(rx_table_alloc(&t, 1, RX_OPEN, &ch[i]),
	    REACTOR_TABLE_FULL);
	rx_table_unref(&t, 777);
	ck_assert_int_eq(rx_table_alloc(&t, 1, RX_OPEN, &ch[i]), 0);
	ck_assert_uint_eq(ch[i].number, 777);
	rx_table_destroy(&t);
	free(ch);
}
END_TEST

/* Section 1: not handed out again while an old message could carry it. */
START_TEST(a_number_that_is_named_is_not_given_out)
{
	struct rx_channel one = { .number = 0 }, two = { .number = 0 };
	struct rx_table t = { .used = 0 };

	ck_assert_int_eq(rx_table_init(&t, 1), 0);
	ck_assert_int_eq(rx_table_alloc(&t, 1, RX_OPEN, &one), 0);
	ck_assert(rx_table_ref(&t, one.number));
	rx_table_unref(&t, one.number);
	ck_assert_int_eq(rx_table_alloc(&t, 1, RX_OPEN, &two),
	    REACTOR_TABLE_FULL);
	rx_table_unref(&t, one.number);
	ck_assert(!rx_table_ref(&t, one.number));
	ck_assert_int_eq(rx_table_alloc(&t, 1, RX_OPEN, &two), 0);
	rx_table_destroy(&t);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("table");
	TCase *t = tcase_create("table");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 0);
	tcase_add_test(t, two_hundred_thousand_numbers_are_never_given_twice);
	tcase_add_test(t, a_full_table_is_an_error);
	tcase_add_test(t, a_number_that_is_named_is_not_given_out);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	tmpdir_enter();
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	tmpdir_leave();
	return failed != 0;
}
