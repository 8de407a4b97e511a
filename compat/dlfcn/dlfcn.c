#include <dlfcn.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dlfcn/module.h"
#include "fd/lock.h"
#include "nt/perthread.h"

/*
 * What dlopen() has given out.  An image that is not in it came with the
 * program or with another image, and is seen by all.
 */
struct opened {
	struct opened *next;
	uintptr_t module;
	unsigned count;
	int is_global;
};

/* A path that dladdr() has given out is kept for ever. */
struct known_path {
	struct known_path *next;
	char *path;
};

static struct lock opened_lock;
static struct opened *opened;
static struct known_path *known;

/* A thread's last error. */
struct message {
	char *text;		/* malloc()ed */
	int fresh;		/* dlerror() has not told it yet */
};

static void
message_free(void *arg)
{
	struct message *m = arg;

	free(m->text);
}

static struct perthread message = {
	.size = sizeof(struct message), .ended = message_free };

static void *fail(const char *, ...)
    __attribute__((__format__(__printf__, 1, 2)));

/* Keep what dlerror() is to say. */
static void *
fail(const char *format, ...)
{
	struct message *m = perthread_get(&message);
	va_list ap;
	int n;

	if (m == NULL)
		return NULL;
	free(m->text);
	m->text = NULL;
	m->fresh = 1;
	va_start(ap, format);
	n = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	if (n < 0 || (m->text = malloc((size_t)n + 1)) == NULL)
		return NULL;
	va_start(ap, format);
	(void)vsnprintf(m->text, (size_t)n + 1, format, ap);
	va_end(ap);
	return NULL;
}

char *
dlerror(void)
{
	static char no_memory[] = "out of memory";
	struct message *m = perthread_get(&message);

	if (m == NULL)
		return no_memory;
	if (!m->fresh)
		return NULL;
	m->fresh = 0;
	return m->text != NULL ? m->text : no_memory;
}

/* The lock is held. */
static struct opened **
find(uintptr_t module)
{
	struct opened **at = &opened;

	while (*at != NULL && (*at)->module != module)
		at = &(*at)->next;
	return at;
}

/* One more reference; takes o, or frees it when there is one already. */
static void
note_opened(struct opened *o, uintptr_t module, int is_global)
{
	struct opened **at;

	lock_write(&opened_lock);
	at = find(module);
	if (*at == NULL) {
		*o = (struct opened){ .module = module };
		*at = o;
		o = NULL;
	}
	(*at)->count++;
	(*at)->is_global |= is_global;
	unlock_write(&opened_lock);
	free(o);
}

static int
is_opened(uintptr_t module)
{
	int yes;

	lock_read(&opened_lock);
	yes = *find(module) != NULL;
	unlock_read(&opened_lock);
	return yes;
}

static int
is_global(uintptr_t module)
{
	struct opened *o;
	int yes;

	lock_read(&opened_lock);
	o = *find(module);
	yes = o == NULL || o->is_global;
	unlock_read(&opened_lock);
	return yes && !module_is_system(module);
}

void *
dlopen(const char *file, int mode)
{
	struct opened *o;
	uintptr_t module;
	uint32_t code;

	if ((mode & (RTLD_LAZY | RTLD_NOW)) == 0)
		return fail("invalid mode for dlopen(): %#x", (unsigned)mode);
	if (file == NULL || file[0] == '\0')
		return (void *)module_program();
	if ((o = malloc(sizeof(*o))) == NULL)
		return fail("%s: out of memory", file);
	if ((mode & RTLD_NOLOAD) != 0)
		code = module_again(file, &module);
	else
		code = module_load(file, &module);
	if (code != 0) {
		free(o);
		return fail("%s: cannot open shared object file: %s", file,
		    module_reason(code));
	}
	if ((mode & RTLD_NODELETE) != 0)
		module_pin(module);
	note_opened(o, module, (mode & RTLD_GLOBAL) != 0);
	return (void *)module;
}

int
dlclose(void *handle)
{
	uintptr_t module = (uintptr_t)handle;
	struct opened **at, *o, *gone = NULL;

	if (module == module_program())
		return 0;
	lock_write(&opened_lock);
	at = find(module);
	o = *at;
	if (o != NULL && --o->count == 0) {
		*at = o->next;
		gone = o;
	}
	unlock_write(&opened_lock);
	if (o == NULL) {
		(void)fail("%p: no handle of dlopen()", handle);
		return -1;
	}
	/* Its destructors run, and may call us. */
	module_unload(module);
	free(gone);
	return 0;
}

/* The first that all see, behind the module after (0: from the program on). */
static void *
global_symbol(uintptr_t after, const char *name)
{
	uintptr_t *all;
	unsigned i, n = module_all(&all);
	void *found = NULL;

	for (i = 0; i < n && found == NULL; i++) {
		if (after != 0) {
			if (all[i] == after)
				after = 0;
			continue;
		}
		if (is_global(all[i]))
			found = module_symbol(all[i], name);
	}
	free(all);
	return found;
}

void *
dlsym(void *handle, const char *name)
{
	uintptr_t module = (uintptr_t)handle;
	const char *where = "program";
	void *found;

	if (name == NULL)
		return fail("dlsym(): no name");
	if (handle == RTLD_NEXT) {
		found = global_symbol(module_of(__builtin_return_address(0)),
		    name);
	} else if (handle == RTLD_DEFAULT || module == module_program()) {
		found = global_symbol(0, name);
	} else if (!is_opened(module)) {
		return fail("%p: no handle of dlopen()", handle);
	} else {
		where = "library";
		found = module_symbol(module, name);
	}
	return found != NULL ? found :
	    fail("%s: undefined symbol: %s", where, name);
}

/* The one copy of a path that stays; takes it. */
static const char *
keep_path(char *path)
{
	struct known_path *k;
	const char *kept = NULL;

	lock_write(&opened_lock);
	for (k = known; k != NULL && kept == NULL; k = k->next)
		if (strcmp(k->path, path) == 0)
			kept = k->path;
	if (kept == NULL && (k = malloc(sizeof(*k))) != NULL) {
		kept = k->path = path;
		k->next = known;
		known = k;
		path = NULL;
	}
	unlock_write(&opened_lock);
	free(path);
	return kept;
}

int
dladdr(const void *addr, Dl_info *info)
{
	uintptr_t module = module_of(addr);
	char *path;

	if (module == 0 || module_path(module, &path) != 0)
		return 0;
	info->dli_fname = keep_path(path);
	info->dli_fbase = (void *)module;
	info->dli_saddr = NULL;
	info->dli_sname = module_nearest(module, addr, &info->dli_saddr);
	return info->dli_fname != NULL;
}
