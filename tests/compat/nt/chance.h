/* Faults by chance, in any thread: see fault_random() in fault.h. */
#ifndef TESTS_CHANCE_H
#define TESTS_CHANCE_H

int chance_is_on(void);

/** chance_is_for(call): is it one that waiting is made of? */
int chance_is_for(const char *call);

/** chance_strikes(): this one fails; chance_hits(): how many did. */
int chance_strikes(void);
unsigned int chance_hits(void);

#endif
