#include "say.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *name = "?";

void
say_init(const char *program)
{
	name = program;
}

void
say(const char *fmt, ...)
{
	char line[2 * SAY_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	/* One call, so that the lines of two processes do not mix. */
	(void)fprintf(stderr, "%s: %s\n", name, line);
	(void)fflush(stderr);
}

const char *
say_errno(int err)
{
	return strerror(err);
}

int
say_version(void)
{
	(void)printf("%s (%s) %s\n", name, PACKAGE_NAME, PACKAGE_VERSION);
	return say_flush();
}

int
say_usage(void)
{
	say("try --help");
	return 2;
}

int
say_flush(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	say("standard output: %s", say_errno(errno));
	return 1;
}

int
parse_number(const char *text, uint64_t max, uint64_t *value)
{
	uint64_t n = 0;

	if (*text == '\0')
		return EINVAL;
	for (; *text != '\0'; text++) {
		unsigned digit;

		if (*text < '0' || *text > '9')
			return EINVAL;
		digit = (unsigned)(*text - '0');
		if (n > max / 10 || n * 10 > max - digit)
			return ERANGE;
		n = n * 10 + digit;
	}
	*value = n;
	return 0;
}
