#include "process/syslog_nt.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "nt/nt.h"
#include "nt/path.h"

#define MESSAGE_MAX 31839	/* UTF-16 units: ReportEvent's limit */

static WORD
event_type(enum event_kind kind)
{
	switch (kind) {
	case EVENT_IS_ERROR:
		return EVENTLOG_ERROR_TYPE;
	case EVENT_IS_WARNING:
		return EVENTLOG_WARNING_TYPE;
	default:
		return EVENTLOG_INFORMATION_TYPE;
	}
}

/* What is not UTF-8 gets U+FFFD. */
static WCHAR *
to_wide(const char *text)
{
	int n = MultiByteToWideChar(CP_UTF8, 0, text, -1, NULL, 0);
	WCHAR *wide;

	if (n <= 0 || (wide = calloc((size_t)n, sizeof(*wide))) == NULL)
		return NULL;
	(void)MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, n);
	if (n > MESSAGE_MAX)
		wide[MESSAGE_MAX - 1] = L'\0';
	return wide;
}

void
event_log(const char *source, enum event_kind kind, int category,
    const char *message)
{
	WCHAR *name, *text = NULL;
	const WCHAR *texts[1];
	HANDLE log;

	if ((name = to_wide(source)) != NULL &&
	    (text = to_wide(message)) != NULL &&
	    (log = RegisterEventSourceW(NULL, name)) != NULL) {
		texts[0] = text;
		(void)ReportEventW(log, event_type(kind), (WORD)category, 0,
		    NULL, 1, 0, texts, NULL);
		(void)DeregisterEventSource(log);
	}
	free(name);
	free(text);
}
