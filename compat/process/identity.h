/* Who we are, and on what. */
#ifndef PROCESS_IDENTITY_H
#define PROCESS_IDENTITY_H

#include <sys/types.h>

#include <stdint.h>

pid_t process_id(void);
pid_t process_parent_id(void);
void process_leave(uint32_t code) __attribute__((noreturn));
long process_processors(void);
long process_page_size(void);

#endif
