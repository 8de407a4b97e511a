/* Events: auto-reset ones for waits of a thread, manual ones for a state. */
#ifndef SOCKET_EVENT_NT_H
#define SOCKET_EVENT_NT_H

#include <stdint.h>

int event_new(int manual, uintptr_t *event);
void event_free(uintptr_t event);
void event_set(uintptr_t event);
void event_reset(uintptr_t event);

/* Wait without a limit and without regard to signals. */
void event_wait(uintptr_t event);

#endif
