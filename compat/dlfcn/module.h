/*
 * NT's loader.  A module is an image's handle and address at once.  Codes are
 * NT's (Win32 errors), 0 for success; module_reason() makes words of them.
 */
#ifndef DLFCN_MODULE_H
#define DLFCN_MODULE_H

#include <stdint.h>

uint32_t module_load(const char *file, uintptr_t *module);

/* The same image if it is loaded already, with one more reference. */
uint32_t module_again(const char *file, uintptr_t *module);

/* From now on it is never unloaded. */
void module_pin(uintptr_t module);
void module_unload(uintptr_t module);

/* One sentence without a full stop. */
const char *module_reason(uint32_t code);

/* What it exports by that name, or NULL. */
void *module_symbol(uintptr_t module, const char *name);

/* The exported symbol that is nearest below addr: its name, or NULL. */
const char *module_nearest(uintptr_t module, const void *addr, void **at);

uintptr_t module_program(void);
uintptr_t module_of(const void *addr);

/* Is it of NT's own directory? */
int module_is_system(uintptr_t module);

/* Its file as a POSIX path; free() it.  0 or an errno. */
int module_path(uintptr_t module, char **path);

/* All modules in the order of loading, free() them.  Return how many. */
unsigned module_all(uintptr_t **all);

#endif
