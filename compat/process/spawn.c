#include <spawn.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "nt/path.h"
#include "process/child.h"
#include "process/group.h"
#include "process/launch.h"
#include "process/search.h"
#include "process/spawn.h"
#include "signal/state.h"

static short
flags_of(const posix_spawnattr_t *attr)
{
	return attr != NULL ? attr->spawn_flags_ : 0;
}

static uint64_t
ignored_signals(void)
{
	uint64_t set = 0;
	int signo;

	lock_read(&sig_process.lock);
	for (signo = 1; signo < NSIG; signo++)
		if (sig_process.action[signo].sa_handler == SIG_IGN)
			set |= SIG_BIT(signo);
	unlock_read(&sig_process.lock);
	return set;
}

/*
 * The session comes first, and who leads one cannot change his group: both
 * flags together are EPERM, as on Linux.
 */
static int
set_group(struct launch *l, const posix_spawnattr_t *attr)
{
	short flags = flags_of(attr);

	l->of = group_own();
	if ((flags & POSIX_SPAWN_SETSID) != 0) {
		l->of = (struct membership){ 0 };
		return (flags & POSIX_SPAWN_SETPGROUP) != 0 ? EPERM : 0;
	}
	if ((flags & POSIX_SPAWN_SETPGROUP) == 0)
		return 0;
	if (attr->spawn_group_ < 0)
		return EINVAL;
	l->of.group = (uint32_t)attr->spawn_group_;
	return l->of.group == 0 ? 0 :
	    group_check(l->of.group, l->of.session);
}

static int
set_attributes(struct launch *l, const posix_spawnattr_t *attr)
{
	short flags = flags_of(attr);

	l->mask = sig_self()->mask;
	l->ignored = ignored_signals();
	if ((flags & POSIX_SPAWN_SETSIGMASK) != 0)
		l->mask = attr->spawn_mask_;
	if ((flags & POSIX_SPAWN_SETSIGDEF) != 0)
		l->ignored &= ~(uint64_t)attr->spawn_default_;
	l->mask &= ~SIG_NEVER_BLOCKED;
	return set_group(l, attr);
}

/* A relative program is looked for where the child will be. */
static int
find(const struct plan *plan, const char *file, int search, struct image *im)
{
	char *path;
	int err;

	if (search && strpbrk(file, "/\\:") == NULL)
		return search_path(file, im);
	if ((err = plan_path(plan, file, &path)) != 0)
		return err;
	err = image_find(path, im);
	free(path);
	return err;
}

/* What it may not be is a script itself. */
static int
check_interpreter(struct image *im)
{
	int err;

	switch (im->sort) {
	case IMAGE_SCRIPT:
		err = ELOOP;
		break;
	case IMAGE_TEXT:
		err = ENOEXEC;
		break;
	default:
		return 0;
	}
	image_free(im);
	return err;
}

/*
 * The interpreter has a name of another system, "/bin/sh" or "/usr/bin/env":
 * when there is no such file, its last part is looked up in PATH.
 */
static int
find_interpreter(const char *name, struct image *im)
{
	const char *last = strrchr(name, '/');
	int err;

	if ((err = image_find(name, im)) == ENOENT && last != NULL)
		err = search_path(last + 1, im);
	return err == 0 ? check_interpreter(im) : err;
}

/* One that takes this process's place is nobody's child. */
static int
start(struct launch *l, struct launched *out)
{
	struct child *c;
	int err;

	if (l->role != HANDOFF_CHILD)
		return launch(l, out);
	if ((err = child_new(&c)) != 0)
		return err;
	if ((err = launch(l, out)) != 0) {
		child_discard(c);
		return err;
	}
	child_enter(c, out, l->of);
	return 0;
}

/* argv is { interpreter, [argument,] script, argv[1]... }. */
static int
start_by(const struct image *interpreter, struct launch *l,
    struct launched *out)
{
	const struct image *script = l->image;
	char *const *argv = l->argv;
	char **list, *file;
	size_t n = 0, count = 0;
	int err;

	if ((err = nt_utf8(script->path, &file)) != 0)
		return err;
	while (argv[count] != NULL)
		count++;
	if ((list = calloc(count + 4, sizeof(*list))) == NULL) {
		err = ENOMEM;
		goto free_file;
	}
	list[n++] = script->interpreter;
	if (script->argument != NULL)
		list[n++] = script->argument;
	list[n++] = file;
	for (; count > 0 && *++argv != NULL; n++)
		list[n] = *argv;
	l->image = interpreter;
	l->argv = list;
	err = start(l, out);
	free(list);
free_file:
	free(file);
	return err;
}

static int
start_script(struct launch *l, struct launched *out)
{
	struct image im;
	int err;

	if ((err = find_interpreter(l->image->interpreter, &im)) != 0)
		return err;
	err = start_by(&im, l, out);
	image_free(&im);
	return err;
}

/* exec family: the p variants give a text to the shell. */
static int
start_text(struct launch *l, struct image *text, struct launched *out)
{
	struct image im;
	int err;

	text->interpreter = search_getenv("COMPAT_SHELL");
	if (text->interpreter == NULL &&
	    (text->interpreter = strdup("sh")) == NULL)
		return ENOMEM;
	if ((err = search_path(text->interpreter, &im)) != 0)
		return err == ENOENT ? ENOEXEC : err;
	if ((err = check_interpreter(&im)) != 0)
		return err;
	err = start_by(&im, l, out);
	image_free(&im);
	return err;
}

static int
start_image(struct launch *l, struct image *im, int text,
    struct launched *out)
{
	l->image = im;
	switch (im->sort) {
	case IMAGE_SCRIPT:
		return start_script(l, out);
	case IMAGE_TEXT:
		return text ? start_text(l, im, out) : ENOEXEC;
	default:
		return start(l, out);
	}
}

int
spawn_launch(const char *file, int search, const struct spawn *s,
    struct launched *out)
{
	struct launch l = { .argv = s->argv, .envp = s->envp, .raw = s->raw,
	    .role = s->role, .held = s->role == HANDOFF_HEIR };
	struct plan plan;
	struct image im;
	int err;

	if ((err = set_attributes(&l, s->attr)) != 0)
		return err;
	if (s->role == HANDOFF_DAEMON)
		l.of = (struct membership){ 0 };
	if ((err = plan_make(s->actions, s->role, &plan)) != 0)
		goto free_plan;
	if ((err = find(&plan, file, search, &im)) != 0)
		goto free_plan;
	if (s->role == HANDOFF_DAEMON)
		im.sort = IMAGE_COMPAT;	/* it may be in a DLL's DLL only */
	l.plan = &plan;
	err = start_image(&l, &im, s->text, out);
	image_free(&im);
free_plan:
	plan_free(&plan);
	return err;
}

int
spawn_image(const char *file, int search, const struct spawn *s, pid_t *pid)
{
	struct launched out;
	int err;

	if ((err = spawn_launch(file, search, s, &out)) == 0 && pid != NULL)
		*pid = (pid_t)out.pid;
	return err;
}

int
posix_spawn(pid_t *__restrict__ pid, const char *__restrict__ path,
    const posix_spawn_file_actions_t *actions,
    const posix_spawnattr_t *__restrict__ attr,
    char *const *__restrict__ argv, char *const *__restrict__ envp)
{
	struct spawn s = { .actions = actions, .attr = attr, .argv = argv,
	    .envp = envp };

	return path == NULL || argv == NULL ? EFAULT :
	    spawn_image(path, 0, &s, pid);
}

int
posix_spawnp(pid_t *__restrict__ pid, const char *__restrict__ file,
    const posix_spawn_file_actions_t *actions,
    const posix_spawnattr_t *__restrict__ attr,
    char *const *__restrict__ argv, char *const *__restrict__ envp)
{
	struct spawn s = { .actions = actions, .attr = attr, .argv = argv,
	    .envp = envp };

	return file == NULL || argv == NULL ? EFAULT :
	    spawn_image(file, 1, &s, pid);
}
