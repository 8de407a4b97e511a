#include "process/launch.h"

#include <stdlib.h>

#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/path.h"
#include "process/cmdline_nt.h"
#include "process/pack_nt.h"

/* The child inherits what is in the list, whatever else is inheritable. */
static int
list_make(struct handles *hs, LPPROC_THREAD_ATTRIBUTE_LIST *list)
{
	SIZE_T size = 0;
	int err;

	*list = NULL;
	if (hs->used == 0)
		return 0;
	(void)nt.InitializeProcThreadAttributeList(NULL, 1, 0, &size);
	if (size == 0)
		return nt_errno(GetLastError());
	if ((*list = malloc(size)) == NULL)
		return ENOMEM;
	if (!nt.InitializeProcThreadAttributeList(*list, 1, 0, &size)) {
		err = nt_errno(GetLastError());
		free(*list);
		*list = NULL;
		return err;
	}
	if (nt.UpdateProcThreadAttribute(*list, 0,
	    PROC_THREAD_ATTRIBUTE_HANDLE_LIST, hs->list,
	    (size_t)hs->used * sizeof(HANDLE), NULL, NULL))
		return 0;
	err = nt_errno(GetLastError());
	DeleteProcThreadAttributeList(*list);
	free(*list);
	*list = NULL;
	return err;
}

static void
list_free(LPPROC_THREAD_ATTRIBUTE_LIST list)
{
	if (list == NULL)
		return;
	DeleteProcThreadAttributeList(list);
	free(list);
}

struct words {
	wchar_t *line, *block;
	uint16_t *dir;
};

static int
words_make(const struct launch *l, struct words *w)
{
	int err;

	*w = (struct words){ 0 };
	if (l->raw != NULL)
		err = wide_make(l->raw, &w->line);
	else
		err = cmdline_make(l->image, l->argv, &w->line);
	if (err == 0)
		err = environ_make(l->envp, &w->block);
	if (err == 0 && l->plan->dir != NULL)
		err = nt_path(l->plan->dir, &w->dir);
	return err;
}

static void
words_free(struct words *w)
{
	free(w->line);
	free(w->block);
	free(w->dir);
}

/*
 * Files that have to know of a process that has got them, before that begins:
 * are there any?  pid 0: ask only.  A plain program has its standard
 * descriptors; what else its C runtime could find it hardly ever uses.
 */
static int
tell(const struct launch *l, uint32_t pid)
{
	const struct plan *plan = l->plan;
	int compat = l->image->sort == IMAGE_COMPAT, found = 0, i, j;
	struct file *f;

	for (i = 0; i < plan->used; i++) {
		f = plan->fds[i].f;
		if (f->ops->handed == NULL || (!compat && plan->fds[i].fd > 2))
			continue;
		for (j = 0; compat && plan->fds[j].f != f; j++)
			;
		if (compat && j < i)
			continue;
		found = 1;
		if (pid != 0)
			f->ops->handed(f, compat ? pid : 0, 1);
	}
	return found;
}

/*
 * NT's groups are no more than this: CTRL+C does not reach a new one, as the
 * terminal's does not reach a group in the background.
 */
static DWORD
creation_flags(const struct launch *l)
{
	DWORD flags = CREATE_UNICODE_ENVIRONMENT |
	    EXTENDED_STARTUPINFO_PRESENT;

	if (l->of.group != group_own().group)
		flags |= CREATE_NEW_PROCESS_GROUP;
	if (l->of.session == 0)
		flags |= DETACHED_PROCESS;
	if (l->held || tell(l, 0))
		flags |= CREATE_SUSPENDED;
	return flags;
}

/*
 * Wine's loader cannot always have the page at 0x7ffe0000 that every program
 * of NT must find: without its preloader, as Debian builds it, the randomized
 * heap of the loader lies on it in one start of some 2,000.  The child's first
 * process ends then, before there is anything of NT in it, and this is the
 * error.  NT's documents do not say what would make it come there; but
 * whatever CreateProcess has failed with, no instruction of the program has
 * run, so that one more attempt can do no harm.
 */
#define ATTEMPTS 5

static BOOL
create_process(const struct launch *l, struct words *w, int inherit,
    STARTUPINFOEXW *si, PROCESS_INFORMATION *info)
{
	int n;

	for (n = 1; !nt.CreateProcessW((const wchar_t *)l->image->path,
	    w->line, NULL, NULL, inherit, creation_flags(l), w->block,
	    (const wchar_t *)w->dir, &si->StartupInfo, info); n++)
		if (n == ATTEMPTS || GetLastError() != ERROR_INTERNAL_ERROR)
			return FALSE;
	return TRUE;
}

static int
create(const struct launch *l, struct words *w, struct pack *p,
    LPPROC_THREAD_ATTRIBUTE_LIST list, struct launched *out)
{
	STARTUPINFOEXW si = { .lpAttributeList = list };
	PROCESS_INFORMATION info;
	int inherit = p->handles.used > 0;

	si.StartupInfo.cb = sizeof(si);
	si.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
	si.StartupInfo.hStdInput = p->std[0];
	si.StartupInfo.hStdOutput = p->std[1];
	si.StartupInfo.hStdError = p->std[2];
	si.StartupInfo.cbReserved2 = (WORD)p->crt_size;
	si.StartupInfo.lpReserved2 = p->crt;
	if (!create_process(l, w, inherit, &si, &info))
		return nt_errno(GetLastError());
	out->is_compat = l->image->sort == IMAGE_COMPAT;
	if (tell(l, info.dwProcessId) && !l->held)
		(void)ResumeThread(info.hThread);
	out->thread = l->held ? (uintptr_t)info.hThread : 0;
	if (!l->held)
		(void)CloseHandle(info.hThread);
	out->process = (uintptr_t)info.hProcess;
	out->pid = info.dwProcessId;
	return 0;
}

int
launch(const struct launch *l, struct launched *out)
{
	LPPROC_THREAD_ATTRIBUTE_LIST list;
	struct words words;
	struct pack pack;
	int err;

	if ((err = words_make(l, &words)) != 0)
		goto free_words;
	if ((err = pack_make(l, &pack)) != 0)
		goto free_pack;
	if ((err = list_make(&pack.handles, &list)) != 0)
		goto free_pack;
	err = create(l, &words, &pack, list, out);
	list_free(list);
free_pack:
	pack_free(&pack);
free_words:
	words_free(&words);
	return err;
}
