/* Start-up.  A constructor runs it before main; calling it again is cheap. */
#ifndef NT_INIT_H
#define NT_INIT_H

/* Once: the standard streams in binary mode, Winsock started. */
void nt_init(void);

/* 0, or the errno for why Winsock could not be started. */
int nt_winsock_error(void);

#endif
