/*
 * NT's wait completion packets, where the test bed has none: made of its thread
 * pool.
 */
#ifndef TESTS_PACKETS_H
#define TESTS_PACKETS_H

/**
 * packets_begin(late_ms):
 * The library has them from now on, and NT's own timeouts of a completion port
 * are late by so much.
 */
void packets_begin(unsigned int late_ms);

/** packets_refuse(yes): to connect one with a port fails. */
void packets_refuse(int yes);

/** packets_none(): the library has none, whatever the system has. */
void packets_none(void);

/** packets_end(): as it was before. */
void packets_end(void);

/** packets_posted(): how many went to a port. */
unsigned int packets_posted(void);

#endif
