/* random() and srandom() of POSIX.1-2024. */
#include <stdlib.h>

#include "support/main.h"

#define COUNT 1000

static long first[COUNT];

static void
fill(long *numbers)
{
	int i;

	for (i = 0; i < COUNT; i++)
		numbers[i] = random();
}

/* "behave as if initialized with srandom(1)"; the same seed, the same numbers */
START_TEST(a_seed_gives_the_same_numbers_again)
{
	static long again[COUNT];

	fill(first);
	srandom(1);
	fill(again);
	ck_assert_mem_eq(first, again, sizeof(first));
	srandom(2);
	fill(again);
	ck_assert_mem_ne(first, again, sizeof(first));
}
END_TEST

/* "in the range from 0 to 2^31-1": each bit is 1 about as often as 0. */
START_TEST(numbers_have_31_bits)
{
	int bit, i, ones;

	srandom(42);
	fill(first);
	for (bit = 0; bit < 31; bit++) {
		for (ones = i = 0; i < COUNT; i++)
			ones += (int)(first[i] >> bit & 1);
		ck_assert_int_gt(ones, COUNT / 3);
		ck_assert_int_lt(ones, COUNT * 2 / 3);
	}
	for (i = 0; i < COUNT; i++) {
		ck_assert(first[i] >= 0);
		ck_assert(first[i] <= 0x7fffffff);
	}
}
END_TEST

int
main(void)
{
	static const TTest *tests[2];

	tests[0] = a_seed_gives_the_same_numbers_again;
	tests[1] = numbers_have_31_bits;
	return run_cases("random", tests, 2);
}
