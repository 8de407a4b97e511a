/*
 * Random sequences of descriptor and epoll operations, the same on every
 * system for the same seed, with a log of all that they gave.
 */
#ifndef TESTS_POLL_RANDOM_H
#define TESTS_POLL_RANDOM_H

#include <stdint.h>
#include <sys/epoll.h>

#define SLOTS 24		/* descriptors */
#define SLOT_FD 100		/* the first one's number */
#define THINGS 64		/* open file descriptions */
#define EPOLLS 4		/* slots at the end that hold an instance */
#define INNER 2			/* the first of these can be watched */

enum kind { NONE, TCP, UDP, UNIX, READER, WRITER, EVENT, TIMER, EPOLL };

#define SHUT_R 1
#define SHUT_W 2

/* An open file description, as far as has to be known to go on. */
struct thing {
	enum kind kind;
	int refs;		/* slots that mean it */
	int peer;		/* -1: none, or gone */
	int queued;		/* bytes, or datagrams, to be read from it */
	int shut;		/* SHUT_R, SHUT_W: done here */
	int fin;		/* done by the peer */
	int full;		/* a pipe that takes no more */
	int edge;		/* was registered with EPOLLET */
};

extern struct thing things[THINGS];
extern int slot[SLOTS];		/* its thing, -1: not open */

/* random_log.c */
void log_begin(uint64_t seed);
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
const char *log_text(void);
uint64_t log_digest(void);
int roll(int n);		/* 0 .. n - 1 */
const char *events_name(uint32_t events);
const char *error_name(int err);

/* random_things.c: a failure is noted, and everything after it differs. */
void things_begin(void);
void things_end(void);
int fd_of(int s);
int slot_of(int thing);		/* one that means it */
void thing_new(enum kind, int a, int b);	/* b: of the other end */
void thing_send(int s, int n);
void thing_recv(int s, int n);	/* 0: until it is empty */
void thing_shut(int s, int how);
void slot_close(int s);
void slot_dup(int from, int to);

/* random_steps.c */
void step(void);

#endif
