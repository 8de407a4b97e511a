/*
 * Ways to wait for sockets, side by side: poll_own.c has the POSIX ones, and
 * poll_nt.c or poll_posix.c, as the build decides, the system's own.
 */
#ifndef BENCH_POLL_H
#define BENCH_POLL_H

/* What an epoll descriptor has done since it was made. */
struct calls {
	double events, polls, cancels, waits;
};

/*
 * The first active of the n descriptors get data, the others never do.  begin()
 * leaves everything asked that a program would have asked by its first wait,
 * and end() nothing.  Each returns 0, or -1 when something failed; wait() how
 * many.
 */
struct engine {
	const char *name;
	int keeps;		/* its requests until the sockets are closed */
	int (*begin)(const int *fd, int active, int n);
	int (*wait)(int *ready);	/* blocks; their indices */
	int (*took)(int i);	/* its data was received; may be NULL */
	int (*calls)(struct calls *);	/* may be NULL */
	void (*end)(void);
};

extern const struct engine own_engines[], raw_engines[];	/* to no name */

/* To wait by recv() alone. */
int none_begin(const int *fd, int active, int n);
int none_wait(int *ready);

int raw_calls(int epfd, struct calls *);	/* -1: not known */

/* Let there be as many descriptors as the system allows. */
void raw_room(void);

/* A program that waits for many does not know how many will be ready. */
#define BATCH 64

/* What was measured; poll_report.c */
#define ROUNDS 18
#define ENGINES 16
#define SCENES 5

struct scene {
	int active, idle;
	int rounds;		/* at most ROUNDS */
	int base;		/* the scene to compare with; -1: none */
};

struct row {
	const struct engine *engine;
	double us[SCENES][ROUNDS];	/* 0: not done */
	struct calls calls[SCENES];
};

void report(const struct scene *, const struct row *, int rows);

#endif
