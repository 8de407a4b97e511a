/* An NT without timers of high resolution, with none left, with hasty ones. */
#ifndef TESTS_TIME_TIMER_FAULT_H
#define TESTS_TIME_TIMER_FAULT_H

enum timers {
	TIMERS_AS_THEY_ARE,
	TIMERS_COARSE,		/* as before Windows 10 1803 */
	TIMERS_NONE,
	TIMERS_EARLY		/* by half of the time */
};

/* From now on.  Forgets what was refused before. */
void timers_are(enum timers);

/* How many were refused, or hurried. */
int timers_refused(void);

#endif
