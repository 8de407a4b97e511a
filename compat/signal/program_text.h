/*
 * Which code is the program's own: program_text_nt.c is in the image and finds
 * it, program_known_nt.c is in the library, which may be a DLL, and knows it.
 */
#ifndef SIGNAL_PROGRAM_TEXT_H
#define SIGNAL_PROGRAM_TEXT_H

#include <stdint.h>

#define PROGRAM_TEXT_VERSION 1
#define PROGRAM_TEXT_RANGES 3

/* Programs that were linked long ago hand this to a DLL of today. */
struct program_text {
	uint32_t version;
	uintptr_t image;
	struct {
		uintptr_t from, to;
	} range[PROGRAM_TEXT_RANGES];
	struct program_text *next;		/* the library's */
};

/* Enter the image that this is linked into, once. */
void program_text_enter(void);

/* The image's code may be interrupted; it may no longer. */
void program_text_add(struct program_text *);
void program_text_remove(struct program_text *);

/*
 * With sig_process.lock held: is there any, and may a thread with its next
 * instruction there be interrupted?
 */
int program_text_is_known(void);
int program_text_holds(uintptr_t pc);

/* Is it in one of the ranges? */
static inline int
program_text_has(const struct program_text *t, uintptr_t pc)
{
	int i;

	for (i = 0; i < PROGRAM_TEXT_RANGES; i++)
		if (pc - t->range[i].from <
		    t->range[i].to - t->range[i].from)
			return 1;
	return 0;
}

/*
 * jmp *offset(%rip): the way to an import, which can be among the program's
 * code and is anybody's, with whatever lock.
 */
static inline int
program_text_is_import(uintptr_t pc)
{
	const unsigned char *p = (const unsigned char *)pc;

	return (p[0] == 0xff && p[1] == 0x25) ||
	    (p[0] == 0x48 && p[1] == 0xff && p[2] == 0x25);
}

#endif
