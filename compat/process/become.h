/* Another process takes this one's place. */
#ifndef PROCESS_BECOME_H
#define PROCESS_BECOME_H

#include "process/launch.h"

/*
 * Let the heir, which is held, run in place of this program: this process
 * stays for its number only, hands signals on, and ends as the heir ends.
 * Comes back with an errno when that cannot be; the heir is gone then, and
 * nothing else has changed.
 */
int become(const struct launched *heir);

#endif
