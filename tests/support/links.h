/*
 * Symbolic links for tests.  Wine makes none: there reparse points are
 * simulated below the library's calls (nt/calls_nt.h), by what Microsoft's
 * pages and [MS-FSCC] say of NT: a path is followed by text, "a link to a
 * directory" is noted in the link, 63 links are too many, and creating through
 * a dangling link makes its target.  So this shows what the library does with
 * what NT is documented to answer, and not what NT answers.
 */
#ifndef SUPPORT_LINKS_H
#define SUPPORT_LINKS_H

/**
 * links_start():
 * Find out whether the system makes links, in the current directory, and begin
 * to simulate them if not, and say so on stdout.
 */
void links_start(void);

/**
 * links_junction(target, path):
 * Make a junction to a directory.  -1 where there is no such thing.
 */
int links_junction(const char *target, const char *path);

#endif
