/* Shared libraries: POSIX.1-2024 dlopen, dlsym, dlclose, dlerror, dladdr. */
#include <dlfcn.h>

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compat/dlfcn/images.h"
#include "support/main.h"

#define THREADS 8

typedef int add_fn(int, int);
typedef int only_fn(void);

/* POSIX: a pointer to an object and one to a function convert. */
static void *
symbol(void *handle, const char *name)
{
	void *p;

	ck_assert_msg((p = dlsym(handle, name)) != NULL, "%s", dlerror());
	return p;
}

static void *
opened(const char *file, int mode)
{
	void *handle;

	ck_assert_msg((handle = dlopen(file, mode)) != NULL, "%s", dlerror());
	return handle;
}

/* A failure tells of itself once, with that word in it. */
#define SAYS(word) \
	do { \
		const char *said_ = dlerror(); \
		ck_assert_ptr_nonnull(said_); \
		ck_assert_msg(strstr(said_, (word)) != NULL, "%s", said_); \
		ck_assert_ptr_null(dlerror()); \
	} while (0)

/* dlopen: "shall make the symbols available"; dlclose: 0. */
START_TEST(a_library_is_called_and_its_data_used)
{
	void *h = opened(image_local, RTLD_NOW);
	int *started, **ended, at_end = 0;
	add_fn *add;

	*(void **)&add = symbol(h, "plugin_add");
	ck_assert_int_eq(add(40, 2), 42);
	started = symbol(h, "plugin_started");
	ck_assert_int_eq(*started, 1);
	ended = symbol(h, "plugin_ended");
	*ended = &at_end;
	ck_assert_int_eq(dlclose(h), 0);
	ck_assert_int_eq(at_end, 1);
}
END_TEST

/* dlopen: "Only a single copy"; dlclose: its references. */
START_TEST(a_second_open_is_the_same_library)
{
	void *h = opened(image_local, RTLD_LAZY);
	void *again = opened(image_local, RTLD_NOW);
	int **ended = symbol(h, "plugin_ended"), at_end = 0;

	*ended = &at_end;
	ck_assert_ptr_eq(again, h);
	ck_assert_int_eq(*(int *)symbol(again, "plugin_started"), 1);
	ck_assert_int_eq(dlclose(h), 0);
	ck_assert_int_eq(at_end, 0);
	ck_assert_ptr_eq(dlopen(image_local, RTLD_LAZY | RTLD_NOLOAD), h);
	ck_assert_int_eq(dlclose(h), 0);
	ck_assert_int_eq(dlclose(h), 0);
	ck_assert_int_eq(at_end, 1);
	ck_assert_ptr_null(dlopen(image_local, RTLD_LAZY | RTLD_NOLOAD));
}
END_TEST

/* dlsym(3): RTLD_DEFAULT; dlopen(3): RTLD_LOCAL, RTLD_GLOBAL, RTLD_NOLOAD. */
START_TEST(only_a_global_library_is_seen_by_all)
{
	void *h = opened(image_local, RTLD_NOW), *g = opened(image_global, RTLD_NOW |
	    RTLD_GLOBAL), *self = opened(NULL, RTLD_NOW);
	only_fn *fn;

	ck_assert_ptr_null(dlsym(RTLD_DEFAULT, "only_local"));
	SAYS("only_local");
	*(void **)&fn = symbol(RTLD_DEFAULT, "only_global");
	ck_assert_int_eq(fn(), 42);
	ck_assert_ptr_eq(symbol(self, "only_global"), *(void **)&fn);
	ck_assert_ptr_eq(symbol(g, "only_global"), *(void **)&fn);
	ck_assert_ptr_null(dlsym(h, "only_global"));
	SAYS("only_global");
	/* The same names in both: the global one is found. */
	ck_assert_ptr_eq(symbol(RTLD_DEFAULT, "plugin_add"),
	    symbol(g, "plugin_add"));
	ck_assert_ptr_ne(symbol(h, "plugin_add"), symbol(g, "plugin_add"));
	ck_assert_ptr_eq(opened(image_local, RTLD_NOW | RTLD_NOLOAD | RTLD_GLOBAL),
	    h);
	ck_assert_ptr_eq(symbol(RTLD_DEFAULT, "only_local"),
	    symbol(h, "only_local"));
	ck_assert(dlclose(h) == 0 && dlclose(h) == 0);
	ck_assert(dlclose(g) == 0 && dlclose(self) == 0);
}
END_TEST

/* dlerror: "most recent error ... since the last call", then null. */
START_TEST(errors_say_what_was_wrong)
{
	void *h;
	FILE *f;

	ck_assert_ptr_null(dlerror());
	ck_assert_ptr_null(dlopen("./missing.so", RTLD_NOW));
	SAYS("missing.so: cannot open shared object file: No such file");
	ck_assert_ptr_null(dlopen("missing-library.so.7", RTLD_NOW));
	SAYS("missing-library.so.7");
	ck_assert_ptr_null(dlopen(image_local, 0));
	SAYS("invalid mode");
	ck_assert_ptr_nonnull(f = fopen("text.so", "w"));
	ck_assert_int_ge(fputs("no library, but longer than a header\n", f), 0);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_ptr_null(dlopen("./text.so", RTLD_NOW));
	SAYS("text.so");
	ck_assert_int_eq(mkdir("dir.so", 0755), 0);
	ck_assert_ptr_null(dlopen("./dir.so", RTLD_NOW));
	SAYS("dir.so");
	ck_assert_int_eq(rmdir("dir.so"), 0);
	ck_assert_int_eq(unlink("text.so"), 0);
	h = opened(image_local, RTLD_NOW);
	ck_assert_ptr_null(dlerror());
	ck_assert_ptr_null(dlsym(h, "no_such_symbol"));
	SAYS("undefined symbol: no_such_symbol");
	ck_assert_int_eq(dlclose(h), 0);
}
END_TEST

/* No suffix is appended, and a bare name is not the current directory's. */
START_TEST(names_are_taken_as_they_are)
{
	static const char *const names[] = { "./plain", "./with blank.plug",
	    "./\xc3\xa4\xe2\x82\xac.so", "sub/../sub/x.so.1" };
	size_t i;
	void *h;

	ck_assert_int_eq(mkdir("sub", 0755), 0);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		image_copy(image_local, names[i]);
		h = opened(names[i], RTLD_NOW);
		ck_assert_ptr_nonnull(symbol(h, "plugin_add"));
		ck_assert_int_eq(dlclose(h), 0);
		ck_assert_int_eq(unlink(names[i]), 0);
	}
	image_copy(image_local, "only.dll");
	ck_assert_ptr_null(dlopen("./only", RTLD_NOW));
	SAYS("only");
	ck_assert_ptr_null(dlopen("only.dll", RTLD_NOW));
	SAYS("only.dll");
	ck_assert_int_eq(unlink("only.dll"), 0);
	ck_assert_int_eq(rmdir("sub"), 0);
}
END_TEST

/* dladdr(3): image and symbol; 0 for what is in no image. */
START_TEST(an_address_tells_its_library_and_symbol)
{
	void *h = opened(image_local, RTLD_NOW), *add = symbol(h, "plugin_add");
	Dl_info info;
	char *end;

	ck_assert_int_ne(dladdr((char *)add + 1, &info), 0);
	ck_assert_str_eq(info.dli_sname, "plugin_add");
	ck_assert_ptr_eq(info.dli_saddr, add);
	ck_assert_ptr_nonnull(info.dli_fbase);
	ck_assert_ptr_nonnull(end = strrchr(info.dli_fname, '/'));
	ck_assert_str_eq(end, "/plugin_local.so");
	ck_assert_int_ne(dladdr(symbol(h, "plugin_started"), &info), 0);
	ck_assert_str_eq(info.dli_sname, "plugin_started");
	ck_assert_int_eq(dladdr(&info, &info), 0);
	ck_assert_int_eq(dlclose(h), 0);
}
END_TEST

/* dlopen(3): RTLD_NODELETE, "Do not unload the shared object". */
START_TEST(a_library_can_stay_for_ever)
{
	void *h;
	int *started;

	h = opened(image_local, RTLD_NOW | RTLD_NODELETE);
	started = symbol(h, "plugin_started");
	ck_assert_int_eq(*started, 1);
	*started = 5;
	ck_assert_int_eq(dlclose(h), 0);
	ck_assert_ptr_eq(opened(image_local, RTLD_NOW), h);
	ck_assert_int_eq(*(int *)symbol(h, "plugin_started"), 5);
	ck_assert_int_eq(dlclose(h), 0);
}
END_TEST

static void *
fail_often(void *arg)
{
	uintptr_t bad = 0, own = (uintptr_t)arg;
	char name[32];
	const char *said;
	int i;
	void *h;

	(void)snprintf(name, sizeof(name), "symbol_of_thread_%d", (int)own);
	for (i = 0; i < 200; i++) {
		h = dlopen(image_local, RTLD_NOW);
		bad += h == NULL || dlsym(h, name) != NULL;
		said = dlerror();
		bad += said == NULL || strstr(said, name) == NULL;
		bad += dlerror() != NULL || dlclose(h) != 0;
	}
	return (void *)bad;
}

/* dlerror: "need not be thread-safe"; on Linux its message is the thread's. */
START_TEST(each_thread_has_its_own_error)
{
	pthread_t thread[THREADS];
	void *bad;
	uintptr_t i;

	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&thread[i], NULL, fail_often,
		    (void *)i), 0);
	for (i = 0; i < THREADS; i++) {
		ck_assert_int_eq(pthread_join(thread[i], &bad), 0);
		ck_assert_ptr_null(bad);
	}
	ck_assert_ptr_null(dlerror());
}
END_TEST

int
main(int argc, char *argv[])
{
	const TTest *const tests[] = { a_library_is_called_and_its_data_used,
	    a_second_open_is_the_same_library,
	    only_a_global_library_is_seen_by_all, errors_say_what_was_wrong,
	    names_are_taken_as_they_are,
	    an_address_tells_its_library_and_symbol,
	    each_thread_has_its_own_error, a_library_can_stay_for_ever };

	(void)argc;
	images_find(argv[0]);
	return run_cases("dlfcn", tests, sizeof(tests) / sizeof(tests[0]));
}
