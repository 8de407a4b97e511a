/* Where the test runs, for what the test bed cannot do. */
#ifndef SUPPORT_HOST_H
#define SUPPORT_HOST_H

/** host_is_wine(): 1 under Wine; 0 on NT and elsewhere. */
int host_is_wine(void);

/**
 * host_start():
 * Begin to live by NT's rules where the test bed is laxer, if
 * COMPAT_TEST_STRICT=1 is in the environment; see support/strict.h.
 */
void host_start(void);

/** host_handles(): how many descriptors, or handles, the process has open. */
int host_handles(void);

/**
 * host_deny(path), host_allow(path):
 * Let nobody have access to a file or directory of ours; and all again.
 * 0, or -1.
 */
int host_deny(const char *path);
int host_allow(const char *path);

/**
 * host_give_up_root(), host_take_root():
 * Be a user whom the system can deny something, until root is taken back.
 * Nothing where there is no such user, or it is one already.
 */
void host_give_up_root(void);
void host_take_root(void);

/**
 * host_passes_directories():
 * NT lets everybody pass a directory that he may not look into.
 */
int host_passes_directories(void);

/**
 * host_skip(test, reason):
 * Say on stdout that a test is skipped, and why.
 */
void host_skip(const char *test, const char *reason);

#endif
