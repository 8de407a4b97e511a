/* Consoles. */
#ifndef FILEIO_CONSOLE_H
#define FILEIO_CONSOLE_H

#include <stdint.h>

int is_console(uintptr_t handle);

#endif
