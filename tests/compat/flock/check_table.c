/*
 * The shared table of record locks, without the sharing: against a model, and
 * killed at every note of its journal.  journal_note() and journal_commit()
 * come here first (the linker's --wrap).
 */
#include "flock/table.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "compat/flock/model.h"
#include "compat/flock/need.h"
#include "support/main.h"

#define FILES 3
#define OWNERS 6

void __real_journal_note(struct lock_table *, const void *, int64_t, uint64_t);
void __wrap_journal_note(struct lock_table *, const void *, int64_t, uint64_t);
void __real_journal_commit(struct lock_table *);
void __wrap_journal_commit(struct lock_table *);

static struct lock_table *table, *before;
static struct model model[FILES];
static jmp_buf killed;
static long countdown = -1;		/* moments to live; -1: for ever */

static void
moment(void)
{
	if (countdown >= 0 && countdown-- == 0)
		longjmp(killed, 1);
}

void
__wrap_journal_note(struct lock_table *t, const void *p, int64_t old,
    uint64_t size)
{
	moment();
	__real_journal_note(t, p, old, size);
	moment();
}

void
__wrap_journal_commit(struct lock_table *t)
{
	moment();
	__real_journal_commit(t);
	moment();
}

/* Two files share a bucket or not, as it comes; owners 4 and 5 are ofds. */
static struct lock_key
key(int file)
{
	struct lock_key k = { 7, { (uint64_t)file * 0x1000, 1 } };

	return k;
}

static struct lock_owner
owner(int n)
{
	struct lock_owner o = { { 1000 + (uint64_t)(n % 4), 40 }, 0 };

	o.ofd = n < 4 ? 0 : (uint64_t)n;
	return o;
}

static struct lock_request
request(int file, const struct model_lock *l)
{
	struct lock_request q = { key(file), owner(l->owner), l->type,
	    l->start, l->end };

	return q;
}

static void
new_table(void)
{
	int i;

	free(table);
	ck_assert_ptr_nonnull(table = calloc(1, sizeof(*table)));
	for (i = 0; i < FILES; i++)
		model_clear(&model[i]);
}

/* Only what is in use is copied. */
static void
copy(struct lock_table *to, const struct lock_table *from)
{
	(void)memcpy(to, from, offsetof(struct lock_table, file));
	(void)memcpy(to->file, from->file,
	    (from->files.high + 1) * sizeof(to->file[0]));
	(void)memcpy(to->holder, from->holder,
	    (from->holders.high + 1) * sizeof(to->holder[0]));
	(void)memcpy(to->range, from->range,
	    (from->ranges.high + 1) * sizeof(to->range[0]));
}

static uint32_t
count_free(const struct lock_pool *pool, const uint32_t *next, size_t stride)
{
	uint32_t i, n = 0;

	for (i = pool->free; i != 0; n++) {
		NEED(i <= pool->high);
		NEED(n <= pool->high);
		i = *(const uint32_t *)(const void *)((const char *)next +
		    i * stride);
	}
	return n;
}

static uint32_t
check_holder(uint32_t h)
{
	const struct lock_holder *holder = &table->holder[h];
	uint32_t i, last = 0, n = 0;

	for (i = holder->first; i != 0; i = table->range[i].next) {
		NEED(table->range[i].prev == last);
		NEED(table->range[i].start <= table->range[i].end);
		if (last != 0)
			NEED(table->range[last].end < table->range[i].start);
		last = i;
		n++;
	}
	NEED(holder->last == last);
	return n;
}

/* Every entry is in one list, and every list leads both ways. */
static void
check_links(void)
{
	uint32_t b, f, h, last, files = 0, holders = 0, ranges = 0;

	for (b = 0; b < TABLE_BUCKETS; b++)
		for (f = table->bucket[b]; f != 0; f = table->file[f].next) {
			files++;
			last = 0;
			for (h = table->file[f].first; h != 0;
			    h = table->holder[h].next) {
				NEED(table->holder[h].prev == last);
				NEED(table->holder[h].file == f);
				ranges += check_holder(h);
				holders++;
				last = h;
			}
			NEED(table->file[f].last == last);
		}
	NEED(files == table->files.used);
	NEED(holders == table->holders.used);
	NEED(ranges == table->ranges.used);
	files += count_free(&table->files, &table->file[0].next,
	    sizeof(table->file[0]));
	NEED(files == table->files.high);
	holders += count_free(&table->holders, &table->holder[0].next,
	    sizeof(table->holder[0]));
	NEED(holders == table->holders.high);
	ranges += count_free(&table->ranges, &table->range[0].next,
	    sizeof(table->range[0]));
	NEED(ranges == table->ranges.high);
}

/* Does the table hold what the model does, but for one owner's? */
static void
check_equal(int file, int except)
{
	static struct model_lock list[MODEL_OWNERS * MODEL_CELLS];
	int i = 0, n = model_ranges(&model[file], list);
	struct lock_key k = key(file);
	struct lock_owner o, not = owner(except);
	const struct lock_holder *holder;
	uint32_t f, h, r;

	for (f = 1; f <= table->files.high; f++)
		if (key_equal(&table->file[f].key, &k))
			break;
	h = f <= table->files.high ? table->file[f].first : 0;
	for (; h != 0; h = holder->next) {
		holder = &table->holder[h];
		if (except >= 0 && process_equal(&holder->owner.process,
		    &not.process))
			continue;
		for (r = holder->first; r != 0; r = table->range[r].next) {
			while (i < n && except >= 0 &&
			    list[i].owner % 4 == except % 4)
				i++;
			NEED(i < n);
			o = owner(list[i].owner);
			NEED(owner_equal(&o, &holder->owner));
			NEED((int)table->range[r].type == list[i].type);
			NEED(table->range[r].start == list[i].start);
			NEED(table->range[r].end == list[i].end);
			i++;
		}
	}
	while (i < n && except >= 0 && list[i].owner % 4 == except % 4)
		i++;
	NEED(i == n);
}

static struct model_lock
any_lock(void)
{
	static const int types[] = { F_RDLCK, F_WRLCK, F_UNLCK, F_RDLCK };
	struct model_lock l;

	l.owner = rand() % OWNERS;
	l.type = types[rand() % 4];
	l.start = rand() % MODEL_BYTES;
	l.end = l.start + rand() % (MODEL_BYTES - (int)l.start);
	if (rand() % 8 == 0)
		l.end = INT64_MAX;
	if (rand() % 3 == 0 && l.end > l.start + 4 && l.end != INT64_MAX)
		l.end = l.start + 4;
	return l;
}

/* Results, conflicts and state, after each of many operations. */
START_TEST(the_table_does_what_the_model_does)
{
	struct model_lock l, want;
	struct lock_request q, found;
	struct lock_owner o;
	int count = 0, file, held, i, left = 0;

	new_table();
	srand(1);
	for (i = 0; i < 20000; i++) {
		l = any_lock();
		file = rand() % FILES;
		q = request(file, &l);
		held = table_conflict(table, &q, &found);
		NEED(held == model_conflict(&model[file], &l, &want));
		if (held) {
			o = owner(want.owner);
			NEED(owner_equal(&found.owner, &o));
			NEED(found.type == want.type);
			NEED(found.start == want.start);
			NEED(found.end == want.end);
		}
		NEED(table_lock(table, &q, &found, &count) ==
		    model_lock(&model[file], &l));
		check_equal(file, -1);
		if (i % 100 == 0)
			check_links();
	}
	for (file = 0; file < FILES; file++)
		left += model[file].n;
	ck_assert_int_eq(count, left);
	check_links();
}
END_TEST

/* Return 1 when it was done, 0 when it was killed after n moments. */
static int
live_for(long n, const struct lock_request *q)
{
	struct lock_request found;
	int count = 0;

	countdown = n;
	if (setjmp(killed) != 0) {
		countdown = -1;
		return 0;
	}
	(void)table_lock(table, q, &found, &count);
	countdown = -1;
	return 1;
}

/* Others keep what they have; nothing is left of the dead one. */
static void
bury(int who)
{
	struct lock_owner dead = owner(who);
	int file;

	table_recover(table);
	check_links();
	for (file = 0; file < FILES; file++)
		check_equal(file, who);
	table_purge(table, &dead.process);
	check_links();
	for (file = 0; file < FILES; file++)
		check_equal(file, who);
}

/* So that holders and files go, too. */
static void
unlock_all(struct model_lock *l)
{
	l->type = F_UNLCK;
	l->start = 0;
	l->end = INT64_MAX;
}

START_TEST(a_kill_at_any_moment_harms_nobody_else)
{
	struct model_lock l;
	struct lock_request q;
	long n, kills = 0;
	int file, i;

	new_table();
	ck_assert_ptr_nonnull(before = calloc(1, sizeof(*before)));
	srand(2);
	for (i = 0; i < 1000; i++) {
		l = any_lock();
		if (rand() % 3 == 0)
			unlock_all(&l);
		file = rand() % FILES;
		q = request(file, &l);
		copy(before, table);
		for (n = 0; !live_for(n, &q); n++) {
			bury(l.owner);
			copy(table, before);
			kills++;
		}
		(void)model_lock(&model[file], &l);
		check_equal(file, -1);
	}
	ck_assert_int_gt(kills, 5000);
	free(before);
}
END_TEST

/* A purge that is killed is finished by the next one. */
START_TEST(a_kill_during_a_purge_harms_nobody_else)
{
	struct lock_owner dead = owner(1);
	struct lock_request found, q;
	struct model_lock l;
	int count = 0, file, i;
	volatile int done = 0;
	volatile long n;

	new_table();
	ck_assert_ptr_nonnull(before = calloc(1, sizeof(*before)));
	srand(3);
	for (i = 0; i < 300; i++) {
		l = any_lock();
		file = rand() % FILES;
		q = request(file, &l);
		(void)table_lock(table, &q, &found, &count);
		(void)model_lock(&model[file], &l);
	}
	copy(before, table);
	for (n = 0; !done; n++) {
		copy(table, before);
		countdown = n;
		if (setjmp(killed) == 0) {
			table_purge(table, &dead.process);
			done = 1;
		}
		countdown = -1;
		bury(1);
	}
	ck_assert_int_gt(n, 20);
	free(before);
}
END_TEST

/* Full is ENOLCK, and what was there is still there. */
START_TEST(a_full_table_refuses_and_stays_whole)
{
	struct model_lock l = { 0, F_WRLCK, 0, 0 };
	struct lock_request found, q = request(0, &l);
	int count = 0, i;

	new_table();
	for (i = 0; i < TABLE_RANGES - 1; i++) {
		q.start = q.end = 2 * i;
		NEED(table_lock(table, &q, &found, &count) == 0);
	}
	q.start = q.end = 2 * i;
	ck_assert_int_eq(table_lock(table, &q, &found, &count), ENOLCK);
	q.owner = owner(1);
	ck_assert_int_eq(table_lock(table, &q, &found, &count), ENOLCK);
	q.key = key(1);
	ck_assert_int_eq(table_lock(table, &q, &found, &count), ENOLCK);
	ck_assert_int_eq(count, 1);
	check_links();
	/* What needs no room still goes: a conversion, a merge, an unlock. */
	q = request(0, &l);
	q.type = F_RDLCK;
	ck_assert_int_eq(table_lock(table, &q, &found, &count), 0);
	q.end = 1;
	ck_assert_int_eq(table_lock(table, &q, &found, &count), 0);
	q.type = F_UNLCK;
	ck_assert_int_eq(table_lock(table, &q, &found, &count), 0);
	check_links();
	q.end = INT64_MAX;
	ck_assert_int_eq(table_lock(table, &q, &found, &count), 0);
	ck_assert_int_eq(count, 0);
	ck_assert_uint_eq(table->ranges.used, 0);
	check_links();
}
END_TEST

static void
let_wait(uint32_t slot, int who, int whom)
{
	struct model_lock l = { who, F_WRLCK, 0, 0 };
	struct lock_request q = request(0, &l);
	struct lock_owner o = owner(whom);

	table_wait(table, slot, &q, &o);
}

static int
deadlock(int who, int whom)
{
	static struct lock_process path[TABLE_WAITERS];
	struct lock_owner a = owner(who), b = owner(whom);

	return table_deadlock(table, &a, &b, path);
}

/* Cycles through any of a process's waiters; none through descriptions. */
START_TEST(a_deadlock_is_a_cycle)
{
	struct lock_process p = owner(0).process;
	struct lock_wake wake = { .any = 0 };
	struct lock_request q;
	struct model_lock l = { 3, F_UNLCK, 0, 0 };
	uint32_t i, slot[5];

	new_table();
	for (i = 0; i < 5; i++)
		slot[i] = table_reserve(table, &p);
	ck_assert_int_eq(deadlock(0, 1), 0);
	let_wait(slot[0], 1, 5);
	let_wait(slot[4], 5, 0);
	let_wait(slot[1], 1, 2);
	let_wait(slot[2], 2, 3);
	ck_assert_int_eq(deadlock(0, 1), 0);
	ck_assert_int_gt(deadlock(3, 1), 0);
	let_wait(slot[3], 3, 0);
	ck_assert_int_gt(deadlock(0, 1), 0);
	ck_assert_int_gt(deadlock(0, 3), 0);
	ck_assert_int_eq(deadlock(4, 3), 0);
	ck_assert_int_eq(deadlock(0, 5), 0);
	/* 2 is woken: it waits for 3 no more. */
	q = request(0, &l);
	table_wake(table, &q, &wake);
	ck_assert(wake.any && wake.bits[0] == 1ULL << slot[2]);
	ck_assert_int_eq(deadlock(0, 1), 0);
	ck_assert_int_gt(deadlock(0, 3), 0);
}
END_TEST

int
main(void)
{
	static const TTest *tests[8];
	int n = 0;

	tests[n++] = the_table_does_what_the_model_does;
	tests[n++] = a_kill_at_any_moment_harms_nobody_else;
	tests[n++] = a_kill_during_a_purge_harms_nobody_else;
	tests[n++] = a_full_table_refuses_and_stays_whole;
	tests[n++] = a_deadlock_is_a_cycle;
	return run_cases("table", tests, n);
}
