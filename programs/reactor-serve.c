/*
 * reactor-serve: store the files that reactor-send brings.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "pidfile.h"
#include "reactor.h"
#include "say.h"
#include "server.h"
#include "store.h"

/* Time for what is in flight once a signal has come, and for goodbyes. */
#define DRAIN_TIME	REACTOR_SEC(5)
#define FAREWELL_TIME	REACTOR_SEC(1)

/*
 * Messages at once: what one peer may have waiting for the disk, and all
 * together; 64 KiB each.
 */
#define PEER_MESSAGES	64
#define ALL_MESSAGES	1024

/* Answers that may wait for a peer to read them. */
#define PEER_ANSWERS	64

struct settings {
	const char **listen;
	int nlisten;
	const char *dir;
	const char *pidfile;
};

/* What the signal handler touches. */
static struct reactor_group *stop_group;
static volatile sig_atomic_t stops;

static void
on_stop(int signo)
{
	int saved = errno;

	(void)signo;
	if (stops < 2)
		stops++;
	(void)reactor_group_wake(stop_group, NULL);
	errno = saved;
}

/* SIGHUP only where nobody said, as nohup(1) does, to go on without. */
static void
handle_stops(void (*handler)(int))
{
	struct sigaction sa = { .sa_handler = handler, .sa_flags = SA_RESTART };
	struct sigaction hup;

	(void)sigemptyset(&sa.sa_mask);
	(void)sigaction(SIGINT, &sa, NULL);
	(void)sigaction(SIGTERM, &sa, NULL);
	if (sigaction(SIGHUP, NULL, &hup) != 0 || hup.sa_handler != SIG_IGN)
		(void)sigaction(SIGHUP, &sa, NULL);
}

/* Deal with the next message.  Return 0, or the status that ends it all. */
static int
turn(struct server *srv, struct reactor_group *group, int64_t timeout)
{
	struct reactor_message *msg;
	int status;

	status = reactor_wait(group, timeout, &msg);
	if (status == 0) {
		server_handle(srv, &msg);
		return 0;
	}
	/* Room in the pool comes back as we go on: nothing to do. */
	if (status == REACTOR_RECEIVER_UPDATE || status == REACTOR_POOL_EMPTY)
		return 0;
	return status;
}

/* Work until a signal comes.  Return the exit status so far. */
static int
serve(struct server *srv, struct reactor_group *group)
{
	const struct server_counts *n = server_counts(srv);
	int status;

	while (stops == 0) {
		if ((status = turn(srv, group, REACTOR_FOREVER)) != 0) {
			say("stopped working: %s",
			    reactor_status_name(status));
			return 1;
		}
		if (n->listeners == 0) {
			say("no listener is left");
			return 1;
		}
	}
	return 0;
}

/*
 * Finish what is in flight; then let every peer know, behind the answers
 * that are still on their way to it.  A second signal cuts this short.
 */
static void
drain(struct server *srv, struct reactor_group *group)
{
	const struct server_counts *n = server_counts(srv);
	int64_t deadline, left;

	server_drain(srv);
	deadline = clock_now() + DRAIN_TIME;
	while (n->files > 0 && stops < 2) {
		if ((left = deadline - clock_now()) <= 0)
			break;
		(void)turn(srv, group, left);
	}
	if (n->files > 0)
		say("%u unfinished files dropped", n->files);

	server_farewell(srv);
	deadline = clock_now() + FAREWELL_TIME;
	while ((n->peers > 0 || n->listeners > 0) && stops < 2) {
		if ((left = deadline - clock_now()) <= 0)
			break;
		(void)turn(srv, group, left);
	}
}

/* Everything from the engine on.  Return the exit status. */
static int
run(const struct settings *set, struct store *store)
{
	struct reactor_options options;
	struct reactor_engine *engine;
	struct reactor_group *group;
	struct server *srv;
	int i, status, result = 1;

	reactor_options_init(&options);
	options.pool_max = ALL_MESSAGES;
	options.receive_credit = PEER_MESSAGES;
	options.send_messages = PEER_ANSWERS;
	options.bye_timeout = FAREWELL_TIME;
	if ((status = reactor_engine_open(&options, &engine)) != 0) {
		say("cannot start the engine: %s",
		    reactor_status_name(status));
		return 1;
	}
	if ((status = reactor_group_open(engine, &group)) != 0) {
		say("cannot open a group: %s", reactor_status_name(status));
		goto close_engine;
	}
	if (server_open(group, store, &srv) != 0) {
		say("%s", say_errno(ENOMEM));
		goto close_group;
	}
	stop_group = group;
	handle_stops(on_stop);
	for (i = 0; i < set->nlisten; i++)
		if (server_listen(srv, set->listen[i]) != 0)
			break;
	if (i == set->nlisten)
		result = serve(srv, group);
	drain(srv, group);
	/* The group is about to go; a signal has nothing to add any more. */
	handle_stops(SIG_IGN);
	server_close(srv);
close_group:
	reactor_group_close(group);
close_engine:
	reactor_engine_close(engine);
	return result;
}

static int
help(void)
{
	(void)printf(
"usage: reactor-serve --listen ADDRESS [--listen ADDRESS ...] --dir DIR\n"
"                     [--pidfile FILE]\n"
"Store the files that reactor-send brings.\n"
"\n"
"  -l, --listen ADDRESS  tcp|HOST|PORT or uds|PATH; an empty HOST is every\n"
"                        address of this machine, PORT 0 a free port\n"
"  -d, --dir DIR         directory to store the files in\n"
"  -p, --pidfile FILE    hold FILE, so that no second server starts with it\n"
"  -h, --help            print this\n"
"  -V, --version         print the version\n"
"\n"
"Prints `listening ADDRESS' for each listener.  SIGINT, SIGTERM and SIGHUP\n"
"finish what is in flight, for at most 5 seconds, and end the server.\n");
	return say_flush();
}

/* Return -1 to go on, or the exit status. */
static int
parse(int argc, char **argv, struct settings *set)
{
	static const struct option longs[] = {
		{ "listen", required_argument, NULL, 'l' },
		{ "dir", required_argument, NULL, 'd' },
		{ "pidfile", required_argument, NULL, 'p' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 }
	};
	int c;

	while ((c = getopt_long(argc, argv, "l:d:p:hV", longs, NULL)) != -1) {
		switch (c) {
		case 'l':
			set->listen[set->nlisten++] = optarg;
			break;
		case 'd':
			set->dir = optarg;
			break;
		case 'p':
			set->pidfile = optarg;
			break;
		case 'h':
			return help();
		case 'V':
			return say_version();
		default:
			return say_usage();
		}
	}
	if (optind < argc)
		say("%s: not an option", argv[optind]);
	else if (set->nlisten == 0)
		say("--listen is missing");
	else if (set->dir == NULL)
		say("--dir is missing");
	else
		return -1;
	return say_usage();
}

int
main(int argc, char **argv)
{
	struct settings set = { 0 };
	struct pidfile pf = { 0 };
	struct store *store;
	char why[SAY_MAX];
	int result;

	say_init("reactor-serve");
	/* There are fewer --listen than arguments. */
	if ((set.listen = calloc((size_t)argc + 1, sizeof(*set.listen))) ==
	    NULL) {
		say("%s", say_errno(ENOMEM));
		return 1;
	}
	if ((result = parse(argc, argv, &set)) != -1)
		goto free_listen;

	result = 1;
	if (set.pidfile != NULL &&
	    pidfile_take(&pf, set.pidfile, why, sizeof(why)) != 0) {
		say("%s", why);
		goto free_listen;
	}
	if (store_open(set.dir, &pf, &store, why, sizeof(why)) != 0) {
		say("%s", why);
		goto drop_pidfile;
	}
	result = run(&set, store);
	store_close(store);
drop_pidfile:
	pidfile_drop(&pf);
free_listen:
	free(set.listen);
	return result;
}
