/* Start-up.  A constructor does it before main; calling it again is cheap. */
#ifndef NT_INIT_H
#define NT_INIT_H

/*
 * Once: the standard streams, and those that fopen() makes, in binary mode.
 * fd/fdtable.c calls it, which also brings the constructor into a static link.
 */
void nt_init(void);

#endif
