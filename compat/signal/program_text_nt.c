/*
 * Which code is the program's own.  This is linked into the program, also when
 * the rest of the library is a DLL, and into each DLL that wants it.
 *
 * In a static program everything is in one section: the program, this library,
 * winpthreads, mingw's part of the C runtime.  A thread may be interrupted in
 * the first and in none of the others, which hold locks.  GNU ld lays code out
 * by rules that can be checked:
 *
 *	.text		of each object, in the order of the link
 *	.text$...	(-ffunction-sections, C++), by name
 *	.text.*		(.text.startup has main()), in the order of the link
 *
 * What the program links comes before this library, and what it needs from
 * the runtime comes after.  So the program's are: .text up to the lowest
 * object of this library, .text$..., and .text.* up to this library's.  A
 * library that is linked behind us is not interrupted, which is safe.  The
 * contrary is looked for: the functions below, which have locks or call the
 * program with one held, must not be in what we take for the program's.
 */
#include "nt/nt.h"

#include "signal/program_text.h"

#define DATA_SECTION(name) ".section .rdata$compat_text$" name ",\"dr\"\n\t" \
	".p2align 2\n"
#define CODE_SECTION(name) ".section .text$" name ",\"xr\"\n"

/* The ends of what text_mark.h notes, and of .text$..., which sort so. */
__asm__(
    DATA_SECTION("a") "compat__text_first:\n\t.long 0\n\t"
    DATA_SECTION("z") "compat__text_last:\n\t.long 0\n\t"
    CODE_SECTION("00compat") "compat__grouped_first:\n\t.byte 0xcc\n\t"
    CODE_SECTION("zzzzzzzzcompat") "compat__grouped_last:\n\t.byte 0xcc\n\t"
    ".text\n");

struct mark {
	uint32_t text, other;		/* offsets in the image; 0: padding */
};

extern const uint32_t first[] __asm__("compat__text_first");
extern const uint32_t last[] __asm__("compat__text_last");
extern const char grouped_first[] __asm__("compat__grouped_first");
extern const char grouped_last[] __asm__("compat__grouped_last");
extern const char image[] __asm__("__ImageBase");

/*
 * One of each object of winpthreads, and of the runtime's that have locks;
 * null where the program does without.  Then what a program may replace, and
 * this library calls with a lock held.
 */
#define FUNCTIONS(X) \
	X(_pthread_time_in_ms) \
	X(clock_gettime) \
	X(nanosleep) \
	X(pthread_barrier_wait) \
	X(pthread_cond_wait) \
	X(pthread_mutex_lock) \
	X(pthread_rwlock_rdlock) \
	X(pthread_self) \
	X(pthread_spin_lock) \
	X(sched_get_priority_max) \
	X(sem_post) \
	X(__emutls_get_address) \
	X(__gdtoa) \
	X(__mingw_pformat) \
	X(__mingw_vfprintf) \
	X(__mingw_vsnprintf) \
	X(__mingw_vsnwprintf) \
	X(_strdup) \
	X(atoi) \
	X(calloc) \
	X(free) \
	X(getenv) \
	X(malloc) \
	X(memchr) \
	X(memcmp) \
	X(memcpy) \
	X(memmove) \
	X(memset) \
	X(qsort) \
	X(realloc) \
	X(strchr) \
	X(strcmp) \
	X(strcoll) \
	X(strcpy) \
	X(strcspn) \
	X(strdup) \
	X(strlen) \
	X(strncmp) \
	X(strpbrk) \
	X(strrchr) \
	X(strspn) \
	X(strstr) \
	X(strtoul) \
	X(wcscat) \
	X(wcschr) \
	X(wcscmp) \
	X(wcscpy) \
	X(wcscspn) \
	X(wcslen) \
	X(wcsncmp) \
	X(wcsrchr) \
	X(wcsspn)

#define X(name) extern const char at_##name[] __asm__(#name) \
	__attribute__((weak));
FUNCTIONS(X)
#undef X

static const char *const volatile runtime[] = {
#define X(name) at_##name,
	FUNCTIONS(X)
#undef X
};

static struct program_text own;

/*
 * Where each of .text and .text.* of this library begins.  0 when two objects
 * begin at one place: so it is after -flto, which moves and mixes code.
 */
static int
find_library(struct mark *lowest)
{
	const volatile uint32_t *p;
	uint32_t before = 0;

	*lowest = (struct mark){ UINT32_MAX, UINT32_MAX };
	for (p = first; p < last; p++)
		if (*p != 0) {
			if (*p < lowest->text)
				lowest->text = *p;
			if (p[1] < lowest->other)
				lowest->other = p[1];
			if (p[1] == before)
				return 0;
			before = p[1];
			p++;
		}
	return 1;
}

static const IMAGE_SECTION_HEADER *
code_section(void)
{
	const IMAGE_DOS_HEADER *dos = (const void *)image;
	const IMAGE_NT_HEADERS *head =
	    (const void *)(image + dos->e_lfanew);

	return IMAGE_FIRST_SECTION(head);
}

/* In the order that they must have; the library's own is where .text is. */
static int
are_in_order(const uintptr_t *at, int n)
{
	int i;

	for (i = 1; i < n; i++)
		if (at[i] < at[i - 1])
			return 0;
	return 1;
}

static int
find(void)
{
	const IMAGE_SECTION_HEADER *code = code_section();
	uintptr_t base = (uintptr_t)image, at[7], f;
	struct mark lowest;
	size_t i;

	if (!find_library(&lowest))
		return 0;
	at[0] = base + code->VirtualAddress;
	at[1] = base + lowest.text;
	at[2] = (uintptr_t)program_text_enter;
	at[3] = (uintptr_t)grouped_first;
	at[4] = (uintptr_t)grouped_last;
	at[5] = base + lowest.other;
	at[6] = base + code->VirtualAddress + code->Misc.VirtualSize;
	if (!are_in_order(at, 7))
		return 0;
	own.version = PROGRAM_TEXT_VERSION;
	own.image = base;
	own.range[0].from = at[0];
	own.range[0].to = at[1];
	own.range[1].from = at[3];
	own.range[1].to = at[4];
	own.range[2].from = at[4];
	own.range[2].to = at[5];
	for (i = 0; i < sizeof(runtime) / sizeof(runtime[0]); i++) {
		f = (uintptr_t)runtime[i];
		if (program_text_has(&own, f) && !program_text_is_import(f))
			return 0;
	}
	return 1;
}

/*
 * preempt_nt.c calls it, which brings this into a static program; into others
 * -Wl,-u,compat__program_text_enter does, of compat.pc.
 */
void
program_text_enter(void)
{
	static int is_entered;

	if (is_entered)
		return;
	is_entered = 1;
	if (find())
		program_text_add(&own);
}

__attribute__((constructor)) static void
enter(void)
{
	program_text_enter();
}

/* A DLL's code is gone after this; the program's is interrupted to its end. */
__attribute__((destructor)) static void
leave(void)
{
	if (own.image != 0 && (HMODULE)own.image != GetModuleHandleW(NULL))
		program_text_remove(&own);
}
