/*
 * NT's standard handles, which know nothing of descriptors: code that asks NT
 * for them, and children that it starts, shall meet what 0 to 2 are now.
 */
#ifndef FD_STANDARD_H
#define FD_STANDARD_H

/* What is at fd has changed, of which the CRT knows nothing.  No lock held. */
void standard_follow(int fd);

#endif
