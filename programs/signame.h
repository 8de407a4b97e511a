/* Names of signals, as kill(1) has them: without SIG. */
#ifndef PROGRAMS_SIGNAME_H
#define PROGRAMS_SIGNAME_H

#define SIGNAME_MAX 16

/* Write the name of a signal; ENOENT when it has none. */
int signame_of(int signo, char name[SIGNAME_MAX]);

/*
 * Parse a name, with or without SIG, in any case, or a number; RTMIN+1 and
 * RTMAX-1 as well.  0 is no signal, and is accepted.  EINVAL.
 */
int signame_parse(const char *text, int *signo);

#endif
