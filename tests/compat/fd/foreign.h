/*
 * A library that knows nothing of libcompat: foreign.c is compiled without its
 * headers, so on NT all it calls is the C runtime's.
 */
#ifndef TESTS_FOREIGN_H
#define TESTS_FOREIGN_H

#include <stdio.h>

/* Open, write, duplicate, read and close a file of its own, again and again. */
int foreign_churn(const char *path, int rounds);

/* On streams and descriptors of the caller. */
int foreign_print(const char *text);
int foreign_puts(const char *text, FILE *);
int foreign_gets(char *buf, int size, FILE *);
int foreign_fclose(FILE *);
int foreign_write(int fd, const char *text);
int foreign_read(int fd, char *buf, int size);
int foreign_dup(int fd);
int foreign_dup2(int fd, int to);
int foreign_close(int fd);

/* A stream and a descriptor of its own. */
FILE *foreign_fopen(const char *path, const char *mode);
int foreign_open(const char *path);

/* One that its children do not get. */
int foreign_open_private(const char *path);

/* A child of its own, which gets whatever a child can get. */
FILE *foreign_popen(const char *command);
int foreign_pclose(FILE *);

#endif
