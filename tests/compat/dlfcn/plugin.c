/* An image for check_dlfcn to open; the same source is two of them. */
int plugin_started;
int *plugin_ended;

int plugin_add(int, int);
int NAME(void);

static void start(void) __attribute__((__constructor__));
static void end(void) __attribute__((__destructor__));

static void
start(void)
{
	plugin_started++;
}

static void
end(void)
{
	if (plugin_ended != 0)
		++*plugin_ended;
}

int
plugin_add(int a, int b)
{
	return a + b;
}

/* What only this one has. */
int
NAME(void)
{
	return 42;
}
