/*
 * The images whose code may be interrupted.  In a static program that is the
 * program; with libcompat's DLL each image says so itself, by what is linked
 * into it beside the DLL's import library (program_text_nt.c).
 */
#include "nt/nt.h"

#include "signal/preempt.h"
#include "signal/program_text.h"
#include "signal/state.h"

BOOLEAN NTAPI RtlDllShutdownInProgress(void);

extern const char image[] __asm__("__ImageBase");

static struct program_text *known;	/* guarded by sig_process.lock */

/*
 * Code of this library is nobody's to interrupt: with a DLL this object's
 * image holds that and nothing else.
 */
static int
is_ours(const struct program_text *t)
{
	return t->image == (uintptr_t)image &&
	    (HMODULE)t->image != GetModuleHandleW(NULL);
}

void
program_text_add(struct program_text *t)
{
	if (t->version != PROGRAM_TEXT_VERSION || is_ours(t))
		return;
	lock_write(&sig_process.lock);
	t->next = known;
	known = t;
	preempt_refresh();
	unlock_write(&sig_process.lock);
}

/*
 * When this has returned, nobody is stopped there any more.  At the end of the
 * process the lock may have been of a thread that NT has killed.
 */
void
program_text_remove(struct program_text *t)
{
	struct program_text **p;

	if (RtlDllShutdownInProgress())
		return;
	lock_write(&sig_process.lock);
	for (p = &known; *p != NULL && *p != t; p = &(*p)->next)
		;
	if (*p != NULL)
		*p = t->next;
	preempt_refresh();
	unlock_write(&sig_process.lock);
}

int
program_text_is_known(void)
{
	return known != NULL;
}

int
program_text_holds(uintptr_t pc)
{
	const struct program_text *t;

	for (t = known; t != NULL; t = t->next)
		if (program_text_has(t, pc))
			return !program_text_is_import(pc);
	return 0;
}
