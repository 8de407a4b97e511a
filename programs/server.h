/*
 * What reactor-serve does with messages: peers, the files under way on their
 * channels, listeners, and the end of it all.
 */
#ifndef PROGRAMS_SERVER_H
#define PROGRAMS_SERVER_H

#include <stdint.h>

struct reactor_group;
struct reactor_message;
struct server;
struct store;

/* group and store must stay valid.  Return 0 or ENOMEM. */
int server_open(struct reactor_group *group, struct store *store,
    struct server **serverp);

/* Drop what is unfinished, and free.  The group may be closed already. */
void server_close(struct server *srv);

/*
 * Listen on address, and print "listening ADDRESS".  Return 0, or 1 after
 * saying what is wrong.  Only before server_handle() is called.
 */
int server_listen(struct server *srv, const char *address);

/* Deal with one message, and set *msgp to NULL. */
void server_handle(struct server *srv, struct reactor_message **msgp);

/* Close the listeners; from now on refuse new files. */
void server_drain(struct server *srv);

/* Say goodbye to every peer. */
void server_farewell(struct server *srv);

/* What is there now. */
struct server_counts {
	unsigned files;		/* under way, those that failed not counted */
	unsigned peers;
	unsigned listeners;
};

const struct server_counts *server_counts(const struct server *srv);

#endif
