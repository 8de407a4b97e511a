/*
 * Random calls against a model of bytes: what is in the file, what each page
 * of each mapping shows, and which pages there are.  The same numbers on every
 * system, so the same calls and the same answers.
 */
#include <sys/mman.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/mman/util.h"
#include "support/main.h"

#define PAGES 80		/* of the file, at most */
#define SLOTS 10
#define STEPS 12000

enum kind { NONE, ANON, SHARED, PRIVATE };

struct page {
	int live, prot;
	int own;		/* its bytes are not the file's */
	int known;		/* what they are is specified */
	unsigned int version;	/* of the file's page when it was mapped */
	unsigned char bytes[PAGE];
};

static struct slot {
	enum kind kind;
	unsigned char *at;
	int pages, off;
	struct page *page;
} slot[SLOTS];

static struct {
	int fd, size;		/* in bytes */
	unsigned char bytes[PAGES * PAGE];
	unsigned int version[PAGES];
} file;

static uint64_t seed;
static unsigned int did[16];

static int
roll(int n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (int)((seed >> 20) % (unsigned int)n);
}

/* Is the page one that the file has, or anonymous? */
static int
backed(const struct slot *s, int i)
{
	return s->kind == ANON || (s->off + i) * PAGE < file.size;
}

/* The bytes that page i shows now; NULL when nobody can say. */
static const unsigned char *
expected(const struct slot *s, int i)
{
	struct page *p = &s->page[i];
	int n = s->off + i;

	if (s->kind == SHARED)
		return file.bytes + n * PAGE;
	if (!p->own && p->version != file.version[n])
		p->known = 0;
	if (!p->known)
		return NULL;
	return p->own ? p->bytes : file.bytes + n * PAGE;
}

static void
check_page(const struct slot *s, int i)
{
	const unsigned char *want;

	if (!s->page[i].live || !backed(s, i) ||
	    !(s->page[i].prot & PROT_READ))
		return;
	if ((want = expected(s, i)) != NULL)
		ck_assert_mem_eq(s->at + i * PAGE, want, PAGE);
}

static void
check_all(void)
{
	int i, j;

	for (i = 0; i < SLOTS; i++)
		for (j = 0; j < slot[i].pages; j++)
			check_page(&slot[i], j);
}

static void
fresh(struct slot *s, int i, int prot)
{
	struct page *p = &s->page[i];

	p->live = 1;
	p->prot = prot;
	p->own = s->kind == ANON;
	p->known = 1;
	p->version = s->kind == ANON ? 0 : file.version[s->off + i];
	(void)memset(p->bytes, 0, PAGE);
}

static int
any_prot(void)
{
	static const int prots[] = { RW, RW, RW, PROT_READ, PROT_NONE };

	return prots[roll(5)];
}

static void
do_map(void)
{
	struct slot *s = &slot[roll(SLOTS)];
	int prot = any_prot(), i;

	if (s->kind != NONE)
		return;
	s->kind = (enum kind)(1 + roll(3));
	s->pages = 1 + roll(roll(4) ? 8 : 40);
	s->off = roll(PAGES - s->pages + 1);
	s->page = calloc((size_t)s->pages, sizeof(*s->page));
	s->at = map_ok((size_t)s->pages * PAGE - (size_t)roll(PAGE), prot,
	    s->kind == ANON ? MAP_PRIVATE | MAP_ANONYMOUS :
	    s->kind == SHARED ? MAP_SHARED : MAP_PRIVATE,
	    s->kind == ANON ? -1 : file.fd,
	    s->kind == ANON ? 0 : (long long)s->off * PAGE);
	for (i = 0; i < s->pages; i++)
		fresh(s, i, prot);
	did[0]++;
}

/*
 * A slot that is used, and some pages of it: live ones, as in the holes that
 * munmap leaves Linux may have put another slot.
 */
static struct slot *
part(int *first, int *n)
{
	struct slot *s = &slot[roll(SLOTS)];
	int max, i;

	if (s->kind == NONE)
		return NULL;
	*first = roll(s->pages);
	max = 1 + roll(s->pages - *first);
	for (i = *first; i < *first + max && s->page[i].live; i++)
		;
	*n = i - *first;
	return *n > 0 ? s : NULL;
}

static void
forget(struct slot *s)
{
	free(s->page);
	*s = (struct slot){ .kind = NONE };
}

static void
do_unmap(void)
{
	struct slot *s;
	int first, n, i;

	if ((s = part(&first, &n)) == NULL)
		return;
	ck_assert_int_eq(munmap(s->at + first * PAGE, (size_t)n * PAGE), 0);
	for (i = first; i < first + n; i++) {
		s->page[i].live = 0;
		ck_assert(!mapped(s->at + i * PAGE));
	}
	ck_assert(!readable(s->at + first * PAGE));
	FAILS(mprotect(s->at + first * PAGE, (size_t)n * PAGE, RW), ENOMEM);
	FAILS(madvise(s->at + first * PAGE, (size_t)n * PAGE, MADV_NORMAL),
	    ENOMEM);
	for (i = 0; i < s->pages && !s->page[i].live; i++)
		;
	if (i == s->pages)
		forget(s);
	did[1]++;
}

static void
do_protect(void)
{
	int first, n, i, prot = any_prot();
	struct slot *s;

	if ((s = part(&first, &n)) == NULL)
		return;
	ck_assert_int_eq(mprotect(s->at + first * PAGE, (size_t)n * PAGE,
	    prot), 0);
	for (i = first; i < first + n; i++)
		s->page[i].prot = prot;
	did[2]++;
}

static void
do_store(void)
{
	int first, n, off, i, end;
	const unsigned char *was;
	struct page *p;
	struct slot *s;

	if ((s = part(&first, &n)) == NULL)
		return;
	p = &s->page[first];
	if (!p->live || !(p->prot & PROT_WRITE) || !backed(s, first))
		return;
	end = s->kind == ANON ? PAGE : file.size - (s->off + first) * PAGE;
	off = roll(end < PAGE ? end : PAGE);
	n = 1 + roll((end < PAGE ? end : PAGE) - off);
	was = expected(s, first);
	if (s->kind == PRIVATE && !p->own) {
		if (was != NULL)
			(void)memcpy(p->bytes, was, PAGE);
		p->own = 1;
	}
	for (i = off; i < off + n; i++) {
		unsigned char c = (unsigned char)roll(256);

		s->at[first * PAGE + i] = c;
		if (s->kind == SHARED)
			file.bytes[(s->off + first) * PAGE + i] = c;
		else
			p->bytes[i] = c;
	}
	if (s->kind == SHARED)
		file.version[s->off + first]++;
	did[3]++;
}

static void
do_write(void)
{
	unsigned char buf[3 * PAGE];
	int n = 1 + roll((int)sizeof(buf)), off = roll(PAGES * PAGE - n), i;

	/* Grows the file now and then. */
	if (off + n > file.size && roll(10) != 0)
		return;
	for (i = 0; i < n; i++)
		buf[i] = (unsigned char)roll(256);
	ck_assert_int_eq(pwrite(file.fd, buf, (size_t)n, off), n);
	(void)memcpy(file.bytes + off, buf, (size_t)n);
	for (i = off / PAGE; i <= (off + n - 1) / PAGE; i++)
		file.version[i]++;
	/* The page in which the file ended shows what was added, too. */
	if (off + n > file.size)
		file.size = off + n;
	did[4]++;
}

static void
do_read(void)
{
	unsigned char buf[3 * PAGE];
	int n = 1 + roll((int)sizeof(buf)), off = roll(PAGES * PAGE), want;

	want = off >= file.size ? 0 : file.size - off < n ?
	    file.size - off : n;
	ck_assert_int_eq(pread(file.fd, buf, (size_t)n, off), want);
	ck_assert_mem_eq(buf, file.bytes + off, (size_t)want);
	did[5]++;
}

static void
do_grow(void)
{
	int size = file.size + roll(4 * PAGE);

	if (size > PAGES * PAGE || roll(4) != 0)
		return;
	ck_assert_int_eq(ftruncate(file.fd, size), 0);
	file.size = size;
	did[6]++;
}

/* New zeros on pages of private memory; not on shared views: LIM-MMAP-3. */
static void
do_replace(void)
{
	int first, n, i, prot = any_prot();
	unsigned char *p;
	struct slot *s;

	if ((s = part(&first, &n)) == NULL || s->kind != ANON)
		return;
	p = s->at + first * PAGE;
	ck_assert_ptr_eq(mmap(p, (size_t)n * PAGE, prot, MAP_PRIVATE |
	    MAP_ANONYMOUS | MAP_FIXED, -1, 0), p);
	for (i = first; i < first + n; i++)
		fresh(s, i, prot);
	did[7]++;
}

static void
do_discard(void)
{
	int first, n, i;
	struct slot *s;

	if ((s = part(&first, &n)) == NULL || s->kind != ANON)
		return;
	ck_assert_int_eq(madvise(s->at + first * PAGE, (size_t)n * PAGE,
	    MADV_DONTNEED), 0);
	for (i = first; i < first + n; i++)
		(void)memset(s->page[i].bytes, 0, PAGE);
	did[8]++;
}

static void
do_ask(void)
{
	int first, n;
	struct slot *s;

	if ((s = part(&first, &n)) == NULL)
		return;
	ck_assert(mapped(s->at + first * PAGE));
	if (backed(s, first))
		ck_assert_int_eq(readable(s->at + first * PAGE),
		    s->page[first].prot != PROT_NONE);
	did[9]++;
}

static void
do_sync(void)
{
	int first, n;
	struct slot *s;

	if (roll(20) != 0 || (s = part(&first, &n)) == NULL)
		return;
	ck_assert_int_eq(msync(s->at + first * PAGE, (size_t)n * PAGE,
	    MS_SYNC), 0);
	did[10]++;
}

/* All away; then the file can be made short again, on NT too. */
static void
start_over(void)
{
	int i, j;

	for (i = 0; i < SLOTS; i++) {
		for (j = 0; j < slot[i].pages; j++)
			if (slot[i].page[j].live)
				ck_assert_int_eq(munmap(slot[i].at + j * PAGE,
				    PAGE), 0);
		forget(&slot[i]);
	}
	file.size = roll(3 * PAGE);
	ck_assert_int_eq(ftruncate(file.fd, file.size), 0);
	(void)memset(file.bytes + file.size, 0,
	    sizeof(file.bytes) - (size_t)file.size);
}

static void
run(uint64_t start)
{
	static void (*const op[])(void) = { do_map, do_map, do_unmap,
	    do_protect, do_store, do_store, do_store, do_write, do_read,
	    do_grow, do_replace, do_discard, do_ask, do_sync };
	int i;

	seed = start * 0x9E3779B97F4A7C15u + 1;
	for (i = 0; i < 20; i++)
		(void)roll(2);
	for (i = 0; i < STEPS; i++) {
		op[roll(sizeof(op) / sizeof(op[0]))]();
		if (i % 25 == 0)
			check_all();
		if (i % 500 == 499)
			start_over();
	}
	check_all();
	start_over();
}

START_TEST(random_calls_do_what_the_model_says)
{
	int i;

	file.fd = open("model", O_RDWR | O_CREAT | O_TRUNC, 0644);
	ck_assert_int_ge(file.fd, 0);
	for (i = 1; i <= 4; i++)
		run((uint64_t)i);
	ck_assert_int_eq(close(file.fd), 0);
	(void)printf("map %u, munmap %u, mprotect %u, store %u, pwrite %u, "
	    "pread %u, ftruncate %u, MAP_FIXED %u, DONTNEED %u, asked %u, "
	    "msync %u\n", did[0], did[1], did[2], did[3], did[4], did[5],
	    did[6], did[7], did[8], did[9], did[10]);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { random_calls_do_what_the_model_says };

	return run_cases("mmap_model", tests, 1);
}
