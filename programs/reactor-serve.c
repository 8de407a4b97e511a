/*
 * reactor-serve: store the files that reactor-send brings.
 */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <tripwire.h>
#include <unistd.h>

#include "clock.h"
#include "pidfile.h"
#include "reactor.h"
#include "say.h"
#include "server.h"
#include "store.h"

/*
 * Time for what is in flight once a signal has come, and for goodbyes; and
 * for both to be over once the first is.
 */
#define DRAIN_TIME	REACTOR_SEC(5)
#define FAREWELL_TIME	REACTOR_SEC(1)
#define STOP_TIME	(2 * FAREWELL_TIME)

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

/* What the thread that takes messages has. */
struct service {
	struct tripwire *tw;
	struct reactor_group *group;
	struct server *srv;
	int result;		/* exit status so far */
};

/*
 * Deal with the next message, or wait for it until that phase.  Return 0, or
 * the status that ends it all.
 */
static int
turn(struct service *s, enum tripwire_phase phase)
{
	struct reactor_message *msg;
	int status;

	status = reactor_wait(s->group, 0, &msg);
	if (status == 0)
		server_handle(s->srv, &msg);
	else if (status == REACTOR_TIMEOUT)
		(void)tripwire_wait_phase(s->tw, phase,
		    reactor_group_fd(s->group), POLLIN, TRIPWIRE_FOREVER);
	/* Room in the pool comes back as we go on: nothing to do. */
	else if (status != REACTOR_POOL_EMPTY)
		return status;
	return 0;
}

/* Work until it is time to end, or there is nothing to work with. */
static void
serve(struct service *s)
{
	const struct server_counts *n = server_counts(s->srv);
	int status;

	while (!tripwire_is_tripped(s->tw)) {
		if ((status = turn(s, TRIPWIRE_DRAINING)) != 0)
			say("stopped working: %s",
			    reactor_status_name(status));
		else if (n->listeners == 0)
			say("no listener is left");
		else
			continue;
		s->result = 1;
		tripwire_trip(s->tw, "nothing to work with");
	}
}

/* Let every peer know, behind the answers that are on their way to it. */
static void
farewell(struct service *s)
{
	const struct server_counts *n = server_counts(s->srv);
	int64_t deadline = clock_now() + FAREWELL_TIME, left;
	struct reactor_message *msg;

	server_farewell(s->srv);
	while (n->peers > 0 || n->listeners > 0) {
		if ((left = deadline - clock_now()) <= 0)
			break;
		if (reactor_wait(s->group, left, &msg) == 0)
			server_handle(s->srv, &msg);
	}
}

/* The task that takes messages; in the end, finishes what is in flight. */
static void
work(void *arg)
{
	struct service *s = arg;
	const struct server_counts *n = server_counts(s->srv);

	serve(s);
	server_drain(s->srv);
	while (n->files > 0 && tripwire_phase(s->tw) < TRIPWIRE_STOPPING)
		if (turn(s, TRIPWIRE_STOPPING) != 0)
			break;
	if (n->files > 0)
		say("%u unfinished files dropped", n->files);
	farewell(s);
}

/*
 * Work in a thread of its own until all is put away.  Return 0, or 1 when it
 * hangs, in a disk that does not answer: it still has all that it uses.
 */
static int
operate(struct service *s)
{
	/* Late: a signal may have come, and all is to be put away even so. */
	static struct tripwire_group group = { .name = "service", .late = 1 };
	int err;

	err = tripwire_spawn(s->tw, &group, "messages", work, s);
	if (err != 0 && err != ECANCELED) {
		say("cannot start a thread: %s", say_errno(err));
		s->result = 1;
		return 0;
	}
	(void)tripwire_wait(s->tw, -1, 0, TRIPWIRE_FOREVER);
	(void)tripwire_drain(s->tw);
	return tripwire_tasks(s->tw, NULL) > 0;
}

/*
 * Everything from the engine on.  Return the exit status, or -1 when the store
 * is still in use.
 */
static int
run(const struct settings *set, struct store *store, struct tripwire *tw)
{
	struct service s = { .tw = tw, .result = 1 };
	struct reactor_options options;
	struct reactor_engine *engine;
	int i, status;

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
	if ((status = reactor_group_open(engine, &s.group)) != 0) {
		say("cannot open a group: %s", reactor_status_name(status));
		goto close_engine;
	}
	if (server_open(s.group, store, &s.srv) != 0) {
		say("%s", say_errno(ENOMEM));
		goto close_group;
	}
	for (i = 0; i < set->nlisten; i++)
		if (server_listen(s.srv, set->listen[i]) != 0)
			break;
	if (i == set->nlisten)
		s.result = 0;
	else
		tripwire_trip(tw, "cannot listen");
	if (operate(&s) != 0)
		return -1;
	server_close(s.srv);
close_group:
	reactor_group_close(s.group);
close_engine:
	reactor_engine_close(engine);
	return s.result;
}

static void
report(void *arg, const char *line)
{
	(void)arg;
	say("%s", line);
}

/* Signals are heard of before there is anything to put away. */
static int
open_tripwire(struct tripwire **twp)
{
	struct tripwire_options options;
	int err;

	tripwire_options_init(&options);
	options.deadline = DRAIN_TIME;
	options.stop_time = STOP_TIME;
	options.progress = TRIPWIRE_FOREVER;
	options.report = report;
	if ((err = tripwire_open(&options, twp)) != 0)
		return err;
	if ((err = tripwire_signals(*twp, NULL, 0, TRIPWIRE_RESTART)) != 0)
		tripwire_close(*twp);
	return err;
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
	struct tripwire *tw;
	struct store *store;
	char why[SAY_MAX];
	int err, result;

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
	if ((err = open_tripwire(&tw)) != 0) {
		say("cannot wait for signals: %s", say_errno(err));
		goto free_listen;
	}
	if (set.pidfile != NULL &&
	    pidfile_take(&pf, set.pidfile, why, sizeof(why)) != 0) {
		say("%s", why);
		goto close_tripwire;
	}
	if (store_open(set.dir, &pf, &store, why, sizeof(why)) != 0) {
		say("%s", why);
		goto drop_pidfile;
	}
	if ((result = run(&set, store, tw)) == -1) {
		pidfile_drop(&pf);
		_exit(1);
	}
	store_close(store);
drop_pidfile:
	pidfile_drop(&pf);
close_tripwire:
	tripwire_close(tw);
free_listen:
	free(set.listen);
	return result;
}
