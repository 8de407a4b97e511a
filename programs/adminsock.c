/*
 * adminsock: speak to the admin socket of a running program, or be one.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adminserve.h"
#include "admin/client.h"
#include "say.h"

/* The largest frame that we take from a server. */
#define FRAME_MAX (64 * 1024 * 1024)

struct settings {
	struct admin_options serve;
	uint64_t timeout;	/* ms */
};

static int
help(void)
{
	(void)printf(
"usage: adminsock --path PATH [OPTION ...] COMMAND\n"
"Speak to the admin socket of a running program, or be such a program.\n"
"\n"
"  ping              ask whether it answers\n"
"  probe             ask whether somebody is there, even if it does not\n"
"                    answer: status 0 if so, 1 if not, 2 if unknown\n"
"  log-set FILTER    let it log what FILTER says\n"
"  log-reset         let it log what it did at first\n"
"  request JSON      send any request\n"
"  serve             be the server\n"
"\n"
"  -p, --path PATH          of the socket\n"
"  -t, --timeout MS         do not wait longer for the server; default 10000\n"
"  -i, --idle-time MS       serve: close connections that say nothing\n"
"  -f, --frame-time MS      serve: for a request to come in full\n"
"  -d, --drain-time MS      serve: for commands under way, once stopped\n"
"  -m, --max-frame BYTES    serve: longest request and answer\n"
"  -c, --max-clients N      serve: connections at once\n"
"  -h, --help               print this\n"
"  -V, --version            print the version\n");
	return say_flush();
}

static void
show_json(const json_t *value)
{
	char *text = json_dumps(value, JSON_INDENT(2) | JSON_ENCODE_ANY);

	(void)puts(text != NULL ? text : say_errno(ENOMEM));
	free(text);
}

/*
 * Show frames up to the last one of the answer.  Return the exit status.
 */
static int
show_answer(struct admin_client *client)
{
	struct admin_frame f;
	int err;

	while ((err = admin_next(client, &f)) == 0) {
		switch (f.kind) {
		case ADMIN_IS_LOG:
			say("%s: %s", f.level, f.msg);
			break;
		case ADMIN_IS_JSON:
			show_json(f.value);
			break;
		case ADMIN_IS_SUCCESS:
			return say_flush();
		case ADMIN_IS_ERROR:
			say("%s", f.msg);
			(void)say_flush();
			return 1;
		}
	}
	if (err == ETIMEDOUT)
		say("the server does not answer");
	else if (err == ECONNRESET)
		say("the server has gone without an answer");
	else if (err == EBADMSG)
		say("what the server says is no answer");
	else
		say("%s", say_errno(err));
	(void)say_flush();
	return 1;
}

/* Consumes request. */
static int
ask(const struct settings *set, json_t *request)
{
	struct admin_client *client = NULL;
	int err, status = 1;

	err = admin_connect(set->serve.path, FRAME_MAX,
	    (int)set->timeout, &client);
	if (err != 0) {
		say("cannot connect to %s: %s", set->serve.path,
		    say_errno(err));
	} else if ((err = admin_ask(client, request)) != 0) {
		say("cannot ask: %s", say_errno(err));
		/* Perhaps it was told why. */
		(void)show_answer(client);
	} else {
		status = show_answer(client);
	}
	admin_disconnect(client);
	json_decref(request);
	return status;
}

static int
ask_text(const struct settings *set, const char *text)
{
	json_error_t why;
	json_t *request;

	request = json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES,
	    &why);
	if (request == NULL) {
		say("no JSON: %s", why.text);
		return 2;
	}
	return ask(set, request);
}

static int
probe(const struct settings *set)
{
	int err = admin_probe(set->serve.path);

	if (err == 0)
		return 0;
	if (err == ENOENT || err == ECONNREFUSED)
		return 1;
	say("%s: %s", set->serve.path, say_errno(err));
	return 2;
}

/* Carry out the command in args.  Return the exit status. */
static int
command(const struct settings *set, char **args, int n)
{
	if (n == 1 && strcmp(args[0], "ping") == 0)
		return ask(set, json_string("Ping"));
	if (n == 1 && strcmp(args[0], "probe") == 0)
		return probe(set);
	if (n == 2 && strcmp(args[0], "log-set") == 0)
		return ask(set, json_pack("{s:{s:{s:s}}}", "Log", "Set",
		    "filter", args[1]));
	if (n == 1 && strcmp(args[0], "log-reset") == 0)
		return ask(set, json_pack("{s:s}", "Log", "Reset"));
	if (n == 2 && strcmp(args[0], "request") == 0)
		return ask_text(set, args[1]);
	if (n == 1 && strcmp(args[0], "serve") == 0)
		return adminserve(&set->serve);
	if (n == 0)
		say("no command");
	else
		say("%s: no such command, or not with %d arguments", args[0],
		    n - 1);
	return say_usage();
}

/* Parse an option's number into *value.  Return 0, or 1 after a complaint. */
static int
number(char option, const char *text, uint64_t max, uint64_t *value)
{
	if (parse_number(text, max, value) == 0)
		return 0;
	say("-%c %s: not a number, or too large", option, text);
	return 1;
}

/* An option of the server's.  Return 0, or 1 after a complaint. */
static int
serve_option(struct admin_options *opt, int c, const char *text)
{
	uint64_t value;

	if (number((char)c, text, INT32_MAX, &value) != 0)
		return 1;
	switch (c) {
	case 'i':
		opt->idle_time = (unsigned)value;
		break;
	case 'f':
		opt->frame_time = (unsigned)value;
		break;
	case 'd':
		opt->drain_time = (unsigned)value;
		break;
	case 'm':
		opt->frame_max = (size_t)value;
		break;
	default:
		opt->clients_max = (unsigned)value;
		break;
	}
	return 0;
}

/* Return -1 to go on, or the exit status. */
static int
parse(int argc, char **argv, struct settings *set)
{
	static const struct option longs[] = {
		{ "path", required_argument, NULL, 'p' },
		{ "timeout", required_argument, NULL, 't' },
		{ "idle-time", required_argument, NULL, 'i' },
		{ "frame-time", required_argument, NULL, 'f' },
		{ "drain-time", required_argument, NULL, 'd' },
		{ "max-frame", required_argument, NULL, 'm' },
		{ "max-clients", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 }
	};
	int c;

	while ((c = getopt_long(argc, argv, "p:t:i:f:d:m:c:hV", longs,
	    NULL)) != -1) {
		switch (c) {
		case 'p':
			set->serve.path = optarg;
			break;
		case 't':
			if (number('t', optarg, INT32_MAX, &set->timeout) != 0)
				return say_usage();
			break;
		case 'h':
			return help();
		case 'V':
			return say_version();
		case '?':
			return say_usage();
		default:
			if (serve_option(&set->serve, c, optarg) != 0)
				return say_usage();
			break;
		}
	}
	if (set->serve.path != NULL)
		return -1;
	say("--path is missing");
	return say_usage();
}

int
main(int argc, char **argv)
{
	struct settings set = { .timeout = 10 * 1000 };
	int result;

	say_init("adminsock");
	admin_options_init(&set.serve);
	if ((result = parse(argc, argv, &set)) != -1)
		return result;
	return command(&set, argv + optind, argc - optind);
}
