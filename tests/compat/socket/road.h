/* The roads that a connection can take, behind one face. */
#ifndef TESTS_ROAD_H
#define TESTS_ROAD_H

enum road {
	ROAD_TCP,
	ROAD_NATIVE,		/* AF_UNIX, NT's own */
	ROAD_EMULATED,		/* AF_UNIX, ours; on Linux both are the kernel's */
	ROAD_PAIR,		/* socketpair() */
	ROADS
};

extern const char *const road_name[ROADS];

/** road_begin(r): get ready; 0, or -1 and a word where there is none. */
int road_begin(enum road);
void road_end(void);

/** road_pair(fds): two ends of a connection. */
void road_pair(int fds[2]);

#endif
