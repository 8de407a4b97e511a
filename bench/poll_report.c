/*
 * Other programs run meanwhile.  So what is compared was measured in the same
 * round, one right after the other, and what counts is the median of all
 * rounds' ratios, not the ratio of two medians.
 */
#include "bench/poll.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct scene *scenes;
static const struct row *rows;
static int count;

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Of the rounds that both did; 0: none.  other: NULL, or what to divide by. */
static double
median(const double *us, const double *other)
{
	double x[ROUNDS];
	int i, n = 0;

	for (i = 0; i < ROUNDS; i++)
		if (us[i] > 0 && (other == NULL || other[i] > 0))
			x[n++] = other != NULL ? us[i] / other[i] : us[i];
	if (n == 0)
		return 0;
	qsort(x, (size_t)n, sizeof(x[0]), compare);
	return n % 2 == 1 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

static double
least(const double *us)
{
	double x = 0;
	int i;

	for (i = 0; i < ROUNDS; i++)
		if (us[i] > 0 && (x == 0 || us[i] < x))
			x = us[i];
	return x;
}

static void
cell(double x, int digits)
{
	if (x > 0)
		(void)printf(" %10.*f", digits, x);
	else
		(void)printf(" %10s", "-");
}

static void
title(const char *what, const char *of)
{
	char text[64];
	int s;

	(void)snprintf(text, sizeof(text), "%s%s", what, of);
	(void)printf("\n%-28s", text);
	for (s = 0; s < SCENES; s++)
		(void)printf(" %4d+%-5d", scenes[s].active, scenes[s].idle);
	(void)printf("\n");
}

static void
times(const char *what, int is_least)
{
	const struct row *r;
	int s;

	title(what, ", active+idle");
	for (r = rows; r < rows + count; r++) {
		(void)printf("%-28s", r->engine->name);
		for (s = 0; s < SCENES; s++)
			cell(is_least ? least(r->us[s]) :
			    median(r->us[s], NULL), 1);
		(void)printf("\n");
	}
}

static void
against(const char *name)
{
	const struct row *r, *other;
	int s;

	for (other = rows; strcmp(other->engine->name, name) != 0; other++)
		if (other == rows + count - 1)
			return;
	title("of the time of ", name);
	for (r = rows; r < rows + count; r++) {
		(void)printf("%-28s", r->engine->name);
		for (s = 0; s < SCENES; s++)
			cell(median(r->us[s], other->us[s]), 2);
		(void)printf("\n");
	}
}

static void
idle(void)
{
	const struct row *r;
	int s;

	title("of the time with none idle", "");
	for (r = rows; r < rows + count; r++) {
		(void)printf("%-28s", r->engine->name);
		for (s = 0; s < SCENES; s++)
			cell(scenes[s].base < 0 ? 0 :
			    median(r->us[s], r->us[scenes[s].base]), 2);
		(void)printf("\n");
	}
}

static void
calls(const struct row *r)
{
	const struct calls *c;
	int s;

	if (r->calls[0].events <= 0)
		return;
	(void)printf("\n%s, %-*s %10s %10s %10s %10s\n", r->engine->name,
	    26 - (int)strlen(r->engine->name), "for each event", "requests",
	    "cancels", "dequeues", "events");
	for (s = 0; s < SCENES; s++) {
		c = &r->calls[s];
		if (c->events > 0)
			(void)printf("%5d+%-22d %10.3f %10.3f %10.3f %10.0f\n",
			    scenes[s].active, scenes[s].idle,
			    c->polls / c->events, c->cancels / c->events,
			    c->waits / c->events, c->events);
	}
}

void
report(const struct scene *s, const struct row *r, int n)
{
	int i;

	scenes = s;
	rows = r;
	count = n;
	times("us, median", 0);
	times("us, the least", 1);
	against("WSAPoll");
	against("bare AFD");
	idle();
	for (i = 0; i < n; i++)
		calls(&rows[i]);
}
