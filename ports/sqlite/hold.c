/*
 * hold DATABASE wal|rollback STATE: bring a connection into STATE, say "ready",
 * and stay there until standard input ends.  What it holds meanwhile can be
 * looked at by probe, from another process.
 */
#include <stdio.h>
#include <string.h>

#include "sqlite3.h"

static const struct {
	const char *name;
	const char *sql;
} states[] = {
	{ "create", "CREATE TABLE t(x); INSERT INTO t VALUES(1),(2),(3);" },
	{ "idle", "SELECT count(*) FROM t;" },
	{ "read", "BEGIN; SELECT count(*) FROM t;" },
	{ "immediate", "BEGIN IMMEDIATE;" },
	{ "exclusive", "BEGIN EXCLUSIVE;" },
};

static int
run(sqlite3 *db, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK)
		return 0;
	(void)fprintf(stderr, "hold: %s: %s (%d, system error %d)\n", sql, why,
	    sqlite3_extended_errcode(db), sqlite3_system_errno(db));
	sqlite3_free(why);
	return 1;
}

int
main(int argc, char **argv)
{
	const char *sql = NULL;
	sqlite3 *db;
	size_t i;

	for (i = 0; argc == 4 && i < sizeof(states) / sizeof(states[0]); i++)
		if (strcmp(states[i].name, argv[3]) == 0)
			sql = states[i].sql;
	if (sql == NULL) {
		(void)fprintf(stderr,
		    "usage: hold DATABASE wal|rollback STATE\n");
		return 2;
	}
	if (sqlite3_open(argv[1], &db) != SQLITE_OK) {
		(void)fprintf(stderr, "hold: %s: %s\n", argv[1],
		    sqlite3_errmsg(db));
		return 1;
	}
	if (strcmp(argv[3], "create") == 0 &&
	    run(db, strcmp(argv[2], "wal") == 0 ? "PRAGMA journal_mode=wal" :
	    "PRAGMA journal_mode=delete") != 0)
		return 1;
	if (run(db, sql) != 0)
		return 1;
	(void)puts("ready");
	(void)fflush(stdout);
	while (getchar() != EOF)
		;
	return sqlite3_close(db) == SQLITE_OK ? 0 : 1;
}
