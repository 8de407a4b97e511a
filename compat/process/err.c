#include <err.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fd/result.h"
#include "process/program.h"

static void
report(const char *fmt, va_list ap, const char *error)
{
	int saved = errno;

	(void)fprintf(stderr, "%s: ", program_name());
	if (fmt != NULL)
		(void)vfprintf(stderr, fmt, ap);
	if (error != NULL)
		(void)fprintf(stderr, "%s%s", fmt != NULL ? ": " : "", error);
	(void)fputc('\n', stderr);
	errno_restore(saved);
}

void
vwarn(const char *fmt, va_list ap)
{
	report(fmt, ap, strerror(errno));
}

void
vwarnx(const char *fmt, va_list ap)
{
	report(fmt, ap, NULL);
}

void
verr(int status, const char *fmt, va_list ap)
{
	vwarn(fmt, ap);
	exit(status);
}

void
verrx(int status, const char *fmt, va_list ap)
{
	vwarnx(fmt, ap);
	exit(status);
}

void
warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vwarn(fmt, ap);
	va_end(ap);
}

void
warnx(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vwarnx(fmt, ap);
	va_end(ap);
}

void
err(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	verr(status, fmt, ap);
}

void
errx(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	verrx(status, fmt, ap);
}
