/* What <compat.h> has for processes, on NT. */
#ifndef PROCESS_SERVICE_H
#define PROCESS_SERVICE_H

/*
 * service_nt.c: has the service manager started us?  If so, it takes us for
 * the service name from now on, until service_end().
 */
int service_begin(const char *name, int *is_service);
void service_end(int status);

/* job_nt.c */
int job_children_die(int on);

#endif
