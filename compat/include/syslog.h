/* <syslog.h>: messages to NT's event log. */
#ifndef COMPAT_IN_MINGW		/* mingw has none */
#ifndef COMPAT_SYSLOG_H
#define COMPAT_SYSLOG_H

#include <bits/crt.h>

#include <stdarg.h>

#include <bits/printf.h>
#include <bits/sym.h>

#define LOG_EMERG	0
#define LOG_ALERT	1
#define LOG_CRIT	2
#define LOG_ERR		3
#define LOG_WARNING	4
#define LOG_NOTICE	5
#define LOG_INFO	6
#define LOG_DEBUG	7

#define LOG_PRIMASK	7
#define LOG_PRI(p)	((p) & LOG_PRIMASK)

#define LOG_KERN	(0 << 3)
#define LOG_USER	(1 << 3)
#define LOG_MAIL	(2 << 3)
#define LOG_DAEMON	(3 << 3)
#define LOG_AUTH	(4 << 3)
#define LOG_SYSLOG	(5 << 3)
#define LOG_LPR		(6 << 3)
#define LOG_NEWS	(7 << 3)
#define LOG_UUCP	(8 << 3)
#define LOG_CRON	(9 << 3)
#define LOG_AUTHPRIV	(10 << 3)
#define LOG_FTP		(11 << 3)
#define LOG_LOCAL0	(16 << 3)
#define LOG_LOCAL1	(17 << 3)
#define LOG_LOCAL2	(18 << 3)
#define LOG_LOCAL3	(19 << 3)
#define LOG_LOCAL4	(20 << 3)
#define LOG_LOCAL5	(21 << 3)
#define LOG_LOCAL6	(22 << 3)
#define LOG_LOCAL7	(23 << 3)

#define LOG_FACMASK	0x3f8
#define LOG_FAC(p)	(((p) & LOG_FACMASK) >> 3)
#define LOG_MAKEPRI(facility, priority) ((facility) | (priority))

#define LOG_MASK(priority)	(1 << (priority))
#define LOG_UPTO(priority)	((1 << ((priority) + 1)) - 1)

#define LOG_PID		0x01
#define LOG_CONS	0x02
#define LOG_ODELAY	0x04
#define LOG_NDELAY	0x08
#define LOG_NOWAIT	0x10
#define LOG_PERROR	0x20

COMPAT_BEGIN_DECLS

/**
 * syslog(priority, format, ...), vsyslog(priority, format, ap):
 * A message for the Application log, as printf would say it, and %m is
 * strerror(errno).  LOG_ERR and what is worse is an error there, LOG_WARNING a
 * warning, the rest information; the facility is the category, and ident the
 * source.  With LOG_PERROR it goes to stderr too, as "ident[pid]: message\n";
 * the [pid] is LOG_PID's.  There is no error: what cannot be logged is lost.
 *
 * openlog(ident, option, facility):
 * What to say.  ident must stay as long as it is used; null is the last part of
 * argv[0].  LOG_CONS, LOG_ODELAY, LOG_NDELAY and LOG_NOWAIT have no effect: NT's
 * log needs no connection that could fail later.
 *
 * setlogmask(mask): log only priorities in mask; 0 leaves it.  The old mask.
 *
 * Source:	POSIX.1-2024, syslog(3), NT's ReportEvent.
 * Limits:	LIM-PROC-13.
 */
void syslog(int, const char *, ...) COMPAT_SYM(syslog)
    COMPAT_PRINTF(2, 3);
void vsyslog(int, const char *, va_list) COMPAT_SYM(vsyslog)
    COMPAT_PRINTF(2, 0);
void openlog(const char *, int, int) COMPAT_SYM(openlog);
void closelog(void) COMPAT_SYM(closelog);
int setlogmask(int) COMPAT_SYM(setlogmask);

COMPAT_END_DECLS

#endif
#endif
