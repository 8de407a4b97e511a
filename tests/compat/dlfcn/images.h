/* The images that the tests open. */
#ifndef TESTS_DLFCN_IMAGES_H
#define TESTS_DLFCN_IMAGES_H

/* Their absolute paths. */
extern char image_local[], image_global[];

/* Find them by the program's argv[0]. */
void images_find(const char *self);

/* Copy the file; asserts. */
void image_copy(const char *from, const char *to);

#endif
