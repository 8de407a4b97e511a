/* NT's event log. */
#ifndef PROCESS_SYSLOG_NT_H
#define PROCESS_SYSLOG_NT_H

enum event_kind {
	EVENT_IS_ERROR,
	EVENT_IS_WARNING,
	EVENT_IS_INFORMATION
};

/* Texts are UTF-8.  What NT does not take is lost. */
void event_log(const char *source, enum event_kind, int category,
    const char *message);

#endif
