/*
 * reactor-send: bring files to reactor-serve.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reactor.h"
#include "say.h"
#include "sender.h"

/*
 * Parts of files between here and the server's socket, 64 KiB each, and room
 * in the pool for what the server says meanwhile.
 */
#define PARTS_QUEUED	64
#define POOL_MESSAGES	(PARTS_QUEUED + 32)

#define TIMEOUT_DEFAULT	60
#define TIMEOUT_LONGEST	86400

struct settings {
	const char *to;
	const char *name;
	uint64_t timeout;	/* s */
};

static int
help(void)
{
	(void)printf(
"usage: reactor-send --to ADDRESS [--name NAME] [--timeout SECONDS] FILE...\n"
"Bring files to reactor-serve; verify what arrived; print name, size, CRC-32.\n"
"\n"
"  -t, --to ADDRESS       tcp|HOST|PORT or uds|PATH\n"
"  -n, --name NAME        store the one FILE as NAME\n"
"  -T, --timeout SECONDS  give up when nothing moves for so long; 60\n"
"  -h, --help             print this\n"
"  -V, --version          print the version\n"
"\n"
"FILE - is standard input, stored as `stdin' unless --name says otherwise.\n"
"Exits with 0 only if every file is stored as it was sent.\n");
	return say_flush();
}

/* Return -1 to go on with argv[optind], or the exit status. */
static int
parse(int argc, char **argv, struct settings *set)
{
	static const struct option longs[] = {
		{ "to", required_argument, NULL, 't' },
		{ "name", required_argument, NULL, 'n' },
		{ "timeout", required_argument, NULL, 'T' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 }
	};
	int c;

	while ((c = getopt_long(argc, argv, "t:n:T:hV", longs, NULL)) != -1) {
		switch (c) {
		case 't':
			set->to = optarg;
			break;
		case 'n':
			set->name = optarg;
			break;
		case 'T':
			if (parse_number(optarg, TIMEOUT_LONGEST,
			    &set->timeout) == 0 && set->timeout > 0)
				break;
			say("--timeout %s: not a number of seconds from 1 to "
			    "%d", optarg, TIMEOUT_LONGEST);
			return say_usage();
		case 'h':
			return help();
		case 'V':
			return say_version();
		default:
			return say_usage();
		}
	}
	if (set->to == NULL)
		say("--to is missing");
	else if (optind == argc)
		say("no file is given");
	else if (set->name != NULL && optind + 1 != argc)
		say("--name is for one file only");
	else
		return -1;
	return say_usage();
}

static int
by_name(const void *a, const void *b)
{
	return strcmp((*(const struct job *const *)a)->name,
	    (*(const struct job *const *)b)->name);
}

/*
 * Two files of one name would end as one.  Return 0, or 1 after saying so.
 */
static int
check_names(struct job *jobs, unsigned njobs)
{
	struct job **sorted;
	unsigned i;
	int result = 0;

	if ((sorted = calloc(njobs, sizeof(struct job *))) == NULL) {
		say("%s", say_errno(ENOMEM));
		return 1;
	}
	for (i = 0; i < njobs; i++)
		sorted[i] = &jobs[i];
	qsort(sorted, njobs, sizeof(struct job *), by_name);
	for (i = 1; i < njobs; i++)
		if (strcmp(sorted[i - 1]->name, sorted[i]->name) == 0) {
			say("%s and %s: both would be stored as %s",
			    sorted[i - 1]->path, sorted[i]->path,
			    sorted[i]->name);
			result = 1;
		}
	free(sorted);
	return result;
}

/* Send.  Return the exit status. */
static int
run(const struct settings *set, struct job *jobs, unsigned njobs)
{
	struct reactor_options options;
	struct reactor_engine *engine;
	struct reactor_group *group;
	int64_t timeout = REACTOR_SEC(set->timeout);
	unsigned failed;
	int status;

	reactor_options_init(&options);
	options.pool_max = POOL_MESSAGES;
	options.send_messages = PARTS_QUEUED;
	if (options.connect_timeout > timeout)
		options.connect_timeout = timeout;
	if (options.handshake_timeout > timeout)
		options.handshake_timeout = timeout;
	if ((status = reactor_engine_open(&options, &engine)) != 0) {
		say("cannot start the engine: %s",
		    reactor_status_name(status));
		return 1;
	}
	if ((status = reactor_group_open(engine, &group)) != 0) {
		say("cannot open a group: %s", reactor_status_name(status));
		reactor_engine_close(engine);
		return 1;
	}
	failed = sender_run(group, set->to, jobs, njobs, timeout);
	reactor_group_close(group);
	reactor_engine_close(engine);
	if (failed > 0 && njobs > 1)
		say("%u of %u files failed", failed, njobs);
	return say_flush() != 0 || failed > 0;
}

int
main(int argc, char **argv)
{
	struct settings set = { .timeout = TIMEOUT_DEFAULT };
	struct job *jobs;
	unsigned i, njobs;
	int result;

	say_init("reactor-send");
	if ((result = parse(argc, argv, &set)) != -1)
		return result;

	njobs = (unsigned)(argc - optind);
	if ((jobs = calloc(njobs, sizeof(*jobs))) == NULL) {
		say("%s", say_errno(ENOMEM));
		return 1;
	}
	for (i = 0; i < njobs; i++) {
		jobs[i].path = argv[optind + (int)i];
		jobs[i].name = source_name(jobs[i].path);
		if (strcmp(jobs[i].path, "-") == 0)
			jobs[i].name = "stdin";
	}
	if (set.name != NULL)
		jobs[0].name = set.name;
	result = check_names(jobs, njobs);
	if (result == 0)
		result = run(&set, jobs, njobs);
	free(jobs);
	return result;
}
