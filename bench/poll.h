/*
 * Ways to wait for sockets, side by side: poll.c has the POSIX ones, and
 * poll_nt.c or poll_posix.c, as the build decides, the system's own.
 */
#ifndef BENCH_POLL_H
#define BENCH_POLL_H

/*
 * The first active of the n descriptors get data, the others never do.  Each
 * call returns 0, or -1 when something failed; wait() how many.
 */
struct engine {
	const char *name;
	int own;		/* libcompat's, not the system's */
	int asks;		/* about each: raw_most() is for it */
	int (*begin)(const int *fd, int active, int n);	/* the idle ones */
	int (*on)(void);	/* and now the active ones */
	int (*wait)(int *ready, int max);	/* blocks; their indices */
	int (*took)(int i);	/* its data was received; may be NULL */
	void (*off)(void);
	void (*end)(void);
};

extern const struct engine raw_engines[];	/* the last has no name */

/* Of an epoll descriptor, since it was made; 0 where they are not known. */
struct calls {
	double events, polls, cancels, waits;
};

int raw_calls(int epfd, struct calls *);

/*
 * How many sockets a way that asks about each of them can be tried with; 0: no
 * limit.  Wine's server walks over all requests for each, and minutes pass.
 */
int raw_most(void);

/* Let there be as many descriptors as the system allows. */
void raw_room(void);

#endif
