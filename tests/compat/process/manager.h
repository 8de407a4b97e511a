/*
 * Services, for tests: NT's service manager, or on other systems what their
 * managers do, with signals.
 */
#ifndef TESTS_PROCESS_MANAGER_H
#define TESTS_PROCESS_MANAGER_H

/**
 * manager_install(program, words):
 * The service is program with words (none has a blank or a quote); its name
 * begins with "libcompat-test".  Return 0, or -1 with a message on stderr.
 */
int manager_install(const char *program, const char *words);

/** manager_name(): the name of the service. */
const char *manager_name(void);

/** manager_start(), manager_stop(), manager_change(): 0 or -1. */
int manager_start(void);
int manager_stop(void);
int manager_change(void);

/** manager_wait(): until it has stopped.  Return its exit status, or -1. */
int manager_wait(void);

/** manager_remove(): there is no such service any more. */
void manager_remove(void);

#endif
