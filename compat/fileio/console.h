/* Consoles. */
#ifndef FILEIO_CONSOLE_H
#define FILEIO_CONSOLE_H

#include <stdint.h>

int is_console(uintptr_t handle);

/* The window of this process's console: 0 or an errno. */
int console_size(unsigned short *rows, unsigned short *columns);

/*
 * Has the window changed since the last call that told?  The first call takes
 * its size for known.  With tell the change is known too, and SIGWINCH says so,
 * which who holds locks may not.
 */
int console_look(int tell);

#endif
