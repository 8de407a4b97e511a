/* The memory behind a datagram socket, from outside. */
#ifndef TESTS_BOX_H
#define TESTS_BOX_H

/* Is what has that name for its user alone?  -1: there is none. */
int box_is_private(const unsigned char id[16]);

#endif
