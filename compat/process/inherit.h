/* Descriptors from the parent. */
#ifndef PROCESS_INHERIT_H
#define PROCESS_INHERIT_H

void inherit_init(void);

#endif
