/*
 * The other side of a benchmark: the same work by the system's own calls, and
 * by the C runtime's.  raw_nt.c or raw_posix.c, as the build decides.
 */
#ifndef BENCH_RAW_H
#define BENCH_RAW_H

/* Each does n of a thing; 0, or -1 when something failed. */
typedef int bench_fn(int n);

struct raw_op {
	const char *name;	/* "pread", "write", ... as in file.c */
	const char *how;	/* by which calls */
	bench_fn *fn;
	int crt;		/* the C runtime's, not the system's */
};

extern const struct raw_op raw_ops[];	/* the last has no name */

/** raw_begin(): open what the calls work on, in the current directory. */
int raw_begin(void);

void raw_end(void);

/**
 * count_begin(): count calls into the system from now on.  -1 where that is
 * not possible.
 */
int count_begin(void);

/** count_calls(): how many there were. */
unsigned long long count_calls(void);

#endif
