/* argv and environ as NT wants them. */
#ifndef PROCESS_CMDLINE_NT_H
#define PROCESS_CMDLINE_NT_H

#include "nt/nt.h"
#include "process/image.h"

/*
 * One line that the CRT of the child takes apart into argv again: 0, E2BIG,
 * EILSEQ, EINVAL (a quote in argv[0]; for a batch file, what cmd.exe would
 * take for something else), ENOMEM.
 */
int cmdline_make(const struct image *, char *const argv[], wchar_t **line);

/* A block for CreateProcess; *block is NULL for the environment as it is. */
int environ_make(char *const envp[], wchar_t **block);

/* UTF-8, all of it valid, to UTF-16. */
int wide_make(const char *, wchar_t **);

#endif
