/* Consoles. */
#ifndef FILEIO_CONSOLE_H
#define FILEIO_CONSOLE_H

#include <stdint.h>

int is_console(uintptr_t handle);

/* The window of this process's console: 0 or an errno. */
int console_size(unsigned short *rows, unsigned short *columns);

/* SIGWINCH, if the window is not as it was when this was called last. */
void console_look(void);

#endif
