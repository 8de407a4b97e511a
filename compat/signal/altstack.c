/* sigaltstack(), and jumps out of handlers. */
#include <signal.h>

#include <errno.h>
#include <setjmp.h>

#include "fd/result.h"
#include "signal/stack.h"
#include "signal/state.h"
#include "signal/wait.h"

static int
check(const struct sig_thread *t, const stack_t *new)
{
	if (sig_stack_is_on(t))
		return EPERM;
	if (new->ss_flags == SS_DISABLE)
		return 0;
	if (new->ss_flags != 0 && new->ss_flags != SS_ONSTACK)
		return EINVAL;
	/* No handle: the thread for which there was no memory. */
	return new->ss_size < MINSIGSTKSZ || t->handle == 0 ? ENOMEM : 0;
}

stack_t
sig_stack_state(const struct sig_thread *t)
{
	stack_t now = { .ss_flags = SS_DISABLE };

	if (t->alt_size == 0)
		return now;
	now.ss_sp = (void *)t->alt_base;
	now.ss_size = t->alt_size;
	now.ss_flags = sig_stack_is_on(t) ? SS_ONSTACK : 0;
	return now;
}

int
sigaltstack(const stack_t *restrict new, stack_t *restrict old)
{
	struct sig_thread *t = sig_self();
	stack_t before = sig_stack_state(t);
	int err;

	if (new != NULL && (err = check(t, new)) != 0)
		return result(err, 0);
	if (new != NULL) {
		t->alt_base = (uintptr_t)new->ss_sp;
		t->alt_size = new->ss_flags == SS_DISABLE ? 0 : new->ss_size;
	}
	if (old != NULL)
		*old = before;
	return 0;
}

void
sigjmp_save(struct compat_sigjmp *env, int savemask, void *sp)
{
	env->saved = savemask != 0;
	env->sp = sp;
	if (env->saved)
		env->mask = sig_self()->mask;
}

/* What the old mask lets in is handled here, before the jump. */
void
siglongjmp(sigjmp_buf env, int value)
{
	struct sig_thread *t = sig_self();

	if (env->saved) {
		(void)sig_mask_set(t, env->mask);
		sig_poll();
	}
	sig_stack_leave(t, (uintptr_t)env->sp);
	longjmp(env->buf, value);
}
