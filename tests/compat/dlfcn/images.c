#include "compat/dlfcn/images.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char image_local[4200], image_global[4200];

void
image_copy(const char *from, const char *to)
{
	char buf[65536];
	int in = open(from, O_RDONLY), out;
	ssize_t n;

	ck_assert_int_ge(in, 0);
	ck_assert_int_ge(out = open(to, O_WRONLY | O_CREAT | O_EXCL, 0755), 0);
	while ((n = read(in, buf, sizeof(buf))) > 0)
		ck_assert_int_eq(write(out, buf, (size_t)n), n);
	ck_assert_int_eq(n, 0);
	ck_assert(close(in) == 0 && close(out) == 0);
}

/* The images are beside this program, which libtool may have put deeper. */
void
images_find(const char *self)
{
	char *path = realpath(self, NULL), *end;

	if (path == NULL || (end = strrchr(path, '/')) == NULL)
		exit(99);
	*end = '\0';
	if ((end = strstr(path, "/.libs")) != NULL)
		*end = '\0';
	(void)snprintf(image_local, sizeof(image_local),
	    "%s/plugin_local.so", path);
	(void)snprintf(image_global, sizeof(image_global),
	    "%s/plugin_global.so", path);
	free(path);
}
