#include "adminserve.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "say.h"

/* The most that Count counts to, and Wait waits for. */
#define COUNT_MAX 1000000
#define WAIT_MAX 3600000

#define FILTER_DEFAULT "info"

struct state {
	struct admin_server *server;
	char filter[16];
	pthread_mutex_t lock;
	pthread_cond_t quit;
	int quitting;		/* nobody waits any more */
	unsigned waiting;	/* threads of Wait */
};

struct waiter {
	struct state *state;
	struct admin_request *req;
	struct timespec until;
};

/* What the signal handler touches. */
static struct admin_server *stop_server;

static enum admin_verdict
bad_argument(struct admin_request *req, const char *command, const char *want)
{
	return admin_error(req, "%s: wants %s", command, want);
}

static enum admin_verdict
do_ping(struct admin_request *req, const json_t *arg, struct state *state)
{
	(void)req;
	(void)arg;
	(void)state;
	return ADMIN_SUCCESS;
}

static enum admin_verdict
do_echo(struct admin_request *req, const json_t *arg, struct state *state)
{
	(void)state;
	(void)admin_json(req, arg);
	return ADMIN_SUCCESS;
}

static enum admin_verdict
do_count(struct admin_request *req, const json_t *arg, struct state *state)
{
	json_int_t i, n = json_integer_value(arg);
	json_t *j;

	(void)state;
	if (!json_is_integer(arg) || n < 0 || n > COUNT_MAX)
		return bad_argument(req, "Count", "a number up to 1000000");
	for (i = 1; i <= n; i++) {
		j = json_integer(i);
		/* A client that does not read costs no more than this. */
		if (admin_json(req, j) != 0)
			n = i;
		json_decref(j);
	}
	return ADMIN_SUCCESS;
}

static enum admin_verdict
do_status(struct admin_request *req, const json_t *arg, struct state *state)
{
	struct admin_counts counts;
	json_t *j;

	(void)arg;
	(void)admin_log(req, "debug", "asked by process %ld",
	    (long)admin_peer(req)->pid);
	admin_counts(state->server, &counts);
	j = json_pack("{s:i,s:s,s:I,s:I,s:I,s:i,s:i}", "pid", (int)getpid(),
	    "filter", state->filter, "clients", (json_int_t)counts.clients,
	    "requests", (json_int_t)counts.requests, "refused",
	    (json_int_t)counts.refused, "open", (int)counts.open, "busy",
	    (int)counts.busy);
	(void)admin_json(req, j);
	json_decref(j);
	return ADMIN_SUCCESS;
}

static int
is_level(const char *text)
{
	static const char *const levels[] = { "trace", "debug", "info",
	    "warn", "error" };
	size_t i;

	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (strcmp(text, levels[i]) == 0)
			return 1;
	return 0;
}

/* {"Set":{"filter":"debug"}} or "Reset". */
static enum admin_verdict
do_log(struct admin_request *req, const json_t *arg, struct state *state)
{
	const char *filter;

	if (json_is_string(arg) &&
	    strcmp(json_string_value(arg), "Reset") == 0) {
		(void)strcpy(state->filter, FILTER_DEFAULT);
		return ADMIN_SUCCESS;
	}
	filter = json_string_value(json_object_get(json_object_get(arg,
	    "Set"), "filter"));
	if (filter == NULL)
		return bad_argument(req, "Log", "Set with a filter, or Reset");
	if (!is_level(filter))
		return admin_error(req, "%s: no level of a log", filter);
	(void)snprintf(state->filter, sizeof(state->filter), "%s", filter);
	return ADMIN_SUCCESS;
}

static void *
wait_and_finish(void *arg)
{
	struct waiter *w = arg;
	struct state *state = w->state;
	enum admin_verdict verdict = ADMIN_SUCCESS;

	(void)pthread_mutex_lock(&state->lock);
	while (!state->quitting && pthread_cond_timedwait(&state->quit,
	    &state->lock, &w->until) != ETIMEDOUT)
		;
	if (state->quitting)
		verdict = admin_error(w->req, "interrupted");
	(void)pthread_mutex_unlock(&state->lock);
	admin_finish(w->req, verdict);
	free(w);
	/* Last of all: who ends the program waits for this. */
	(void)pthread_mutex_lock(&state->lock);
	state->waiting--;
	(void)pthread_cond_broadcast(&state->quit);
	(void)pthread_mutex_unlock(&state->lock);
	return NULL;
}

/* Start the thread that has the request from then on. */
static int
start_waiter(struct state *state, struct admin_request *req, json_int_t ms)
{
	pthread_attr_t attr;
	struct waiter *w;
	pthread_t thread;
	int err;

	if ((w = malloc(sizeof(*w))) == NULL)
		return ENOMEM;
	w->state = state;
	w->req = req;
	(void)clock_gettime(CLOCK_REALTIME, &w->until);
	w->until.tv_sec += (time_t)(ms / 1000);
	w->until.tv_nsec += (long)(ms % 1000) * 1000000;
	if (w->until.tv_nsec >= 1000000000) {
		w->until.tv_sec++;
		w->until.tv_nsec -= 1000000000;
	}
	(void)pthread_mutex_lock(&state->lock);
	state->waiting++;
	(void)pthread_mutex_unlock(&state->lock);
	(void)pthread_attr_init(&attr);
	(void)pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	err = pthread_create(&thread, &attr, wait_and_finish, w);
	(void)pthread_attr_destroy(&attr);
	if (err == 0)
		return 0;
	free(w);
	(void)pthread_mutex_lock(&state->lock);
	state->waiting--;
	(void)pthread_mutex_unlock(&state->lock);
	return err;
}

/* A command that takes its time, and nobody else's. */
static enum admin_verdict
do_wait(struct admin_request *req, const json_t *arg, struct state *state)
{
	json_int_t ms = json_integer_value(arg);
	int err;

	if (!json_is_integer(arg) || ms < 0 || ms > WAIT_MAX)
		return bad_argument(req, "Wait", "milliseconds");
	if ((err = start_waiter(state, req, ms)) != 0)
		return admin_error(req, "Wait: %s", say_errno(err));
	return ADMIN_LATER;
}

static const struct command {
	const char *name;
	int wants;		/* an argument */
	enum admin_verdict (*run)(struct admin_request *, const json_t *,
	    struct state *);
} commands[] = {
	{ "Ping", 0, do_ping },
	{ "Status", 0, do_status },
	{ "Echo", 1, do_echo },
	{ "Count", 1, do_count },
	{ "Log", 1, do_log },
	{ "Wait", 1, do_wait },
};

/* "Name", or {"Name":argument}. */
static enum admin_verdict
handle(struct admin_request *req, void *state)
{
	const json_t *body = admin_body(req), *arg = NULL;
	const char *name = json_string_value(body);
	size_t i;

	if (json_object_size(body) == 1) {
		void *only = json_object_iter((json_t *)(uintptr_t)body);

		name = json_object_iter_key(only);
		arg = json_object_iter_value(only);
	}
	if (name == NULL)
		return admin_error(req, "not a command");
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].name, name) != 0)
			continue;
		if (commands[i].wants != (arg != NULL))
			return bad_argument(req, name, commands[i].wants ?
			    "an argument" : "no argument");
		return commands[i].run(req, arg, state);
	}
	return admin_error(req, "%s: no such command", name);
}

static void
on_stop(int signo)
{
	(void)signo;
	admin_stop(stop_server);
}

static void
handle_stops(void (*handler)(int))
{
	struct sigaction sa = { .sa_handler = handler, .sa_flags = SA_RESTART };

	(void)sigemptyset(&sa.sa_mask);
	(void)sigaction(SIGINT, &sa, NULL);
	(void)sigaction(SIGTERM, &sa, NULL);
}

/* No command is to outlive what it works on. */
static void
end_waiters(struct state *state)
{
	(void)pthread_mutex_lock(&state->lock);
	state->quitting = 1;
	(void)pthread_cond_broadcast(&state->quit);
	while (state->waiting > 0)
		(void)pthread_cond_wait(&state->quit, &state->lock);
	(void)pthread_mutex_unlock(&state->lock);
}

int
adminserve(const struct admin_options *options)
{
	struct state state = { .filter = FILTER_DEFAULT };
	struct admin_options opt = *options;
	char why[SAY_MAX];
	int err, result;

	opt.handle = handle;
	opt.arg = &state;
	if (admin_open(&opt, &state.server, why, sizeof(why)) != 0) {
		say("%s", why);
		return 1;
	}
	(void)pthread_mutex_init(&state.lock, NULL);
	(void)pthread_cond_init(&state.quit, NULL);
	stop_server = state.server;
	handle_stops(on_stop);
	(void)printf("listening %s\n", opt.path);
	result = say_flush();
	if (result == 0 && (err = admin_run(state.server)) != 0) {
		say("stopped working: %s", say_errno(err));
		result = 1;
	}
	handle_stops(SIG_IGN);
	end_waiters(&state);
	admin_close(state.server);
	(void)pthread_cond_destroy(&state.quit);
	(void)pthread_mutex_destroy(&state.lock);
	return result;
}
