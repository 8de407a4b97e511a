/* The command interpreter. */
#ifndef PROCESS_SHELL_H
#define PROCESS_SHELL_H

#include <spawn.h>

/*
 * Start the shell on a command: $COMPAT_SHELL -c, else sh -c if there is an sh
 * in PATH, else cmd.exe /d /s /c.
 */
int shell_spawn(const char *command, const posix_spawn_file_actions_t *,
    const posix_spawnattr_t *, pid_t *);

#endif
