/* What NT's loader does otherwise than POSIX: LIMITATIONS.md, LIM-DL. */
#include <dlfcn.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/dlfcn/images.h"
#include "support/main.h"

/* LIM-DL-2: if there is one at all, it is that of libcompat's DLL. */
START_TEST(nt_calls_are_not_posix_calls)
{
	void *fn = dlsym(RTLD_DEFAULT, "connect");
	Dl_info info;

	if (fn == NULL) {
		ck_assert_ptr_nonnull(strstr(dlerror(), "connect"));
	} else {
		ck_assert_int_ne(dladdr(fn, &info), 0);
		ck_assert_ptr_nonnull(strstr(info.dli_fname, "libcompat"));
		ck_assert_str_eq(info.dli_sname, "compat_connect");
	}
	ck_assert_ptr_null(dlsym(RTLD_DEFAULT, "CreateFileW"));
	ck_assert_ptr_nonnull(dlerror());
}
END_TEST

/* LIM-DL-3 */
START_TEST(a_loaded_library_is_not_removed)
{
	void *h;

	image_copy(image_local, "loaded.so");
	ck_assert_ptr_nonnull(h = dlopen("./loaded.so", RTLD_NOW));
	errno = 0;
	ck_assert_int_eq(unlink("loaded.so"), -1);
	ck_assert_int_eq(errno, EACCES);
	ck_assert_int_eq(rename("loaded.so", "renamed.so"), 0);
	ck_assert_int_eq(dlclose(h), 0);
	ck_assert_int_eq(unlink("renamed.so"), 0);
}
END_TEST

/* What glibc crashes with. */
START_TEST(what_is_no_handle_is_refused)
{
	void *h = dlopen(image_local, RTLD_NOW);
	char text[] = "no handle";

	ck_assert_ptr_nonnull(h);
	ck_assert_int_eq(dlclose(h), 0);
	ck_assert_int_eq(dlclose(h), -1);
	ck_assert_ptr_nonnull(strstr(dlerror(), "no handle"));
	ck_assert_ptr_null(dlsym(h, "plugin_add"));
	ck_assert_ptr_nonnull(strstr(dlerror(), "no handle"));
	ck_assert_int_eq(dlclose(text), -1);
	ck_assert_ptr_nonnull(dlerror());
	ck_assert_ptr_null(dlsym(h, NULL));
	ck_assert_ptr_nonnull(dlerror());
}
END_TEST

int
main(int argc, char *argv[])
{
	const TTest *const tests[] = { nt_calls_are_not_posix_calls,
	    a_loaded_library_is_not_removed, what_is_no_handle_is_refused };

	(void)argc;
	images_find(argv[0]);
	return run_cases("dlfcn limits", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
