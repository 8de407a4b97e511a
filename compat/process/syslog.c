#include <syslog.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fd/lock.h"
#include "fd/result.h"
#include "process/program.h"
#include "process/syslog_nt.h"

static struct {
	struct lock lock;
	const char *ident;
	int option, facility, mask;
} log_state = { .facility = LOG_USER, .mask = LOG_UPTO(LOG_DEBUG) };

void
openlog(const char *ident, int option, int facility)
{
	lock_write(&log_state.lock);
	log_state.ident = ident;
	log_state.option = option;
	if ((facility & ~LOG_FACMASK) == 0 && facility != 0)
		log_state.facility = facility;
	unlock_write(&log_state.lock);
}

void
closelog(void)
{
	lock_write(&log_state.lock);
	log_state.ident = NULL;
	unlock_write(&log_state.lock);
}

int
setlogmask(int mask)
{
	int old;

	lock_write(&log_state.lock);
	old = log_state.mask;
	if (mask != 0)
		log_state.mask = mask;
	unlock_write(&log_state.lock);
	return old;
}

/* A copy of fmt in which each %m is the text of err, its % doubled. */
static char *
with_error(const char *fmt, int err)
{
	const char *text = strerror(err), *p;
	size_t size = strlen(fmt) + 1;
	char *copy, *to;

	for (p = fmt; (p = strstr(p, "%m")) != NULL; p += 2)
		size += 2 * strlen(text);
	if ((copy = to = malloc(size)) == NULL)
		return NULL;
	for (; *fmt != '\0'; fmt++) {
		if (fmt[0] == '%' && fmt[1] == 'm') {
			for (p = text; *p != '\0'; p++) {
				if (*p == '%')
					*to++ = '%';
				*to++ = *p;
			}
			fmt++;
		} else {
			*to++ = *fmt;
			if (fmt[0] == '%' && fmt[1] != '\0')
				*to++ = *++fmt;
		}
	}
	*to = '\0';
	return copy;
}

static char *
message_of(const char *fmt, va_list ap, int err)
{
	char *full = with_error(fmt, err), *message = NULL;
	va_list again;
	int n;

	if (full == NULL)
		return NULL;
	va_copy(again, ap);
	if ((n = vsnprintf(NULL, 0, full, again)) >= 0 &&
	    (message = malloc((size_t)n + 1)) != NULL)
		(void)vsnprintf(message, (size_t)n + 1, full, ap);
	va_end(again);
	free(full);
	return message;
}

static enum event_kind
kind_of(int priority)
{
	if (priority <= LOG_ERR)
		return EVENT_IS_ERROR;
	return priority == LOG_WARNING ? EVENT_IS_WARNING :
	    EVENT_IS_INFORMATION;
}

static void
print(const char *ident, int option, const char *message)
{
	size_t n = strlen(message);
	const char *end = n > 0 && message[n - 1] == '\n' ? "" : "\n";

	if ((option & LOG_PID) != 0)
		(void)fprintf(stderr, "%s[%lld]: %s%s", ident,
		    (long long)getpid(), message, end);
	else
		(void)fprintf(stderr, "%s: %s%s", ident, message, end);
}

void
vsyslog(int priority, const char *fmt, va_list ap)
{
	int saved = errno, level = LOG_PRI(priority), facility, option;
	const char *ident;
	char *message;

	lock_read(&log_state.lock);
	facility = LOG_FAC(priority) != 0 ? priority : log_state.facility;
	ident = log_state.ident != NULL ? log_state.ident : program_name();
	option = (log_state.mask & LOG_MASK(level)) == 0 ? -1 :
	    log_state.option;
	unlock_read(&log_state.lock);
	if (option == -1 || (message = message_of(fmt, ap, saved)) == NULL)
		goto done;
	if ((option & LOG_PERROR) != 0)
		print(ident, option, message);
	event_log(ident, kind_of(level), LOG_FAC(facility), message);
	free(message);
done:
	errno_restore(saved);
}

void
syslog(int priority, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsyslog(priority, fmt, ap);
	va_end(ap);
}
