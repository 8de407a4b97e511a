/*
 * load FILE: load SQLite's extension rot13 from FILE, through dlopen(), and
 * print what it makes of a word.  Twice, for its second connection.
 */
#include <stdio.h>

#include "sqlite3.h"

static int
print(void *arg, int n, char **values, char **names)
{
	(void)arg;
	(void)n;
	(void)names;
	(void)puts(values[0]);
	return 0;
}

static int
load(const char *file)
{
	char *why = NULL;
	sqlite3 *db;
	int failed = 1;

	if (sqlite3_open(":memory:", &db) == SQLITE_OK &&
	    sqlite3_enable_load_extension(db, 1) == SQLITE_OK &&
	    sqlite3_load_extension(db, file, NULL, &why) == SQLITE_OK &&
	    sqlite3_exec(db, "SELECT rot13('Unix')", print, NULL, &why) ==
	    SQLITE_OK)
		failed = 0;
	else
		(void)fprintf(stderr, "load: %s\n", why != NULL ? why :
		    sqlite3_errmsg(db));
	sqlite3_free(why);
	(void)sqlite3_close(db);
	return failed;
}

int
main(int argc, char *argv[])
{
	if (argc != 2) {
		(void)fputs("usage: load FILE\n", stderr);
		return 2;
	}
	return load(argv[1]) || load(argv[1]);
}
