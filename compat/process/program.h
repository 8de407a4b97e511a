/* What the program calls itself: the last part of argv[0]. */
#ifndef PROCESS_PROGRAM_H
#define PROCESS_PROGRAM_H

const char *program_name(void);

#endif
