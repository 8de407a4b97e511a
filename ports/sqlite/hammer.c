/*
 * hammer DATABASE MODE create
 * hammer DATABASE MODE run NAME SECONDS SEED
 * hammer DATABASE MODE verify
 *
 * Write and read a database together with other processes, which may have
 * another VFS.  Money moves between accounts, so that their sum never changes;
 * each process logs what it did in rows of its own, which it also takes away
 * again, so that it knows how many there must be.  A reader that sees another
 * sum, or not all of its own rows, has read what nobody wrote.
 *
 * MODE is a journal mode.  "run" ends by printing NAME and its number of rows,
 * "verify" by printing those that there are, after an integrity check.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sqlite3.h"

#define ACCOUNTS	20
#define BALANCE		1000
#define RETRIES		1000

struct hammer {
	const char *file;
	const char *mode;
	const char *name;
	sqlite3 *db;
	uint64_t random;
	long first;		/* our rows are first ... next - 1 */
	long next;
	long writes, reads, rollbacks, busy, lost;
};

static unsigned int
pick(struct hammer *h, unsigned int n)
{
	h->random ^= h->random << 13;
	h->random ^= h->random >> 7;
	h->random ^= h->random << 17;
	return (unsigned int)(h->random >> 33) % n;
}

static void
fail(struct hammer *h, const char *what)
{
	(void)fprintf(stderr, "hammer: %s: %s: %s (%d, system error %d)\n",
	    h->name, what, sqlite3_errmsg(h->db),
	    sqlite3_extended_errcode(h->db), sqlite3_system_errno(h->db));
	exit(1);
}

static void
wrong(struct hammer *h, const char *what, long is, long must)
{
	(void)fprintf(stderr, "hammer: %s: %s is %ld and must be %ld\n",
	    h->name, what, is, must);
	exit(1);
}

/* What another process may do to us; all else is a fault. */
static int
is_busy(int rc)
{
	return (rc & 0xff) == SQLITE_BUSY || rc == SQLITE_PROTOCOL;
}

/*
 * Run the statements, again while others are in the way.  Return 1 when the
 * journal was gone that had to be deleted: under Wine a file that is deleted
 * while another process looks at it can be opened again, and is deleted when
 * that is closed (README.md).
 */
static int
attempt(struct hammer *h, const char *sql)
{
	int tries, rc;

	for (tries = 0; tries < RETRIES; tries++) {
		rc = sqlite3_exec(h->db, sql, NULL, NULL, NULL);
		if (rc == SQLITE_OK)
			return 0;
		if (!is_busy(rc))
			break;
		h->busy++;
	}
	if (sqlite3_extended_errcode(h->db) != SQLITE_IOERR_DELETE_NOENT)
		fail(h, sql);
	return 1;
}

static void
run(struct hammer *h, const char *sql)
{
	if (attempt(h, sql) != 0)
		fail(h, sql);
}

/* The one number that the query gives. */
static long
number(struct hammer *h, const char *sql)
{
	sqlite3_stmt *query;
	long n = 0;
	int rc, tries = 0;

	if (sqlite3_prepare_v2(h->db, sql, -1, &query, NULL) != SQLITE_OK)
		fail(h, sql);
	while (is_busy(rc = sqlite3_step(query)) && tries++ < RETRIES) {
		(void)sqlite3_reset(query);
		h->busy++;
	}
	if (rc != SQLITE_ROW)
		fail(h, sql);
	n = (long)sqlite3_column_int64(query, 0);
	(void)sqlite3_finalize(query);
	return n;
}

static void
open_database(struct hammer *h)
{
	char sql[64];

	if (sqlite3_open(h->file, &h->db) != SQLITE_OK)
		fail(h, h->file);
	(void)sqlite3_busy_timeout(h->db, 10000);
	(void)snprintf(sql, sizeof(sql), "PRAGMA journal_mode=%s", h->mode);
	run(h, sql);
	/* A small cache spills, and takes the exclusive lock early. */
	run(h, "PRAGMA cache_size=10; PRAGMA wal_autocheckpoint=50;"
	    "PRAGMA synchronous=normal");
}

static long
own_rows(struct hammer *h)
{
	char sql[128];

	(void)snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM log WHERE name='%s'", h->name);
	return number(h, sql);
}

/*
 * Run what ends a transaction; then our rows are from first to next - 1.  When
 * its end is in doubt, look: all of it happened, or nothing.
 */
static void
end(struct hammer *h, const char *sql, long first, long next)
{
	long rows;

	if (attempt(h, sql) != 0) {
		h->lost++;
		(void)sqlite3_close(h->db);
		open_database(h);
		if ((rows = own_rows(h)) == h->next - h->first)
			return;
		if (rows != next - first)
			wrong(h, "our number of rows", rows, next - first);
	}
	h->first = first;
	h->next = next;
	h->writes++;
}

static void
create(struct hammer *h)
{
	char sql[512];

	open_database(h);
	(void)snprintf(sql, sizeof(sql), "CREATE TABLE account(id INTEGER "
	    "PRIMARY KEY, balance INTEGER);"
	    "CREATE TABLE log(name TEXT, seq INTEGER, size INTEGER, "
	    "data BLOB, PRIMARY KEY(name, seq)) WITHOUT ROWID;"
	    "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n "
	    "WHERE i < %d) INSERT INTO account SELECT i, %d FROM n;",
	    ACCOUNTS - 1, BALANCE);
	run(h, sql);
}

/* Money moves, a row is written; now and then it was all in vain. */
static void
move(struct hammer *h)
{
	unsigned int amount = pick(h, 50), size = 1 + pick(h, 6000);
	char sql[512];
	int rc;

	run(h, "BEGIN IMMEDIATE");
	(void)snprintf(sql, sizeof(sql),
	    "UPDATE account SET balance=balance-%u WHERE id=%u;"
	    "INSERT INTO log VALUES('%s',%ld,%u,randomblob(%u));"
	    "UPDATE account SET balance=balance+%u WHERE id=%u", amount,
	    pick(h, ACCOUNTS), h->name, h->next, size, size, amount,
	    pick(h, ACCOUNTS));
	rc = sqlite3_exec(h->db, sql, NULL, NULL, NULL);
	if (rc != SQLITE_OK && !is_busy(rc))
		fail(h, sql);
	/* Half of it may be done when there was no room to spill to. */
	if (rc != SQLITE_OK || pick(h, 10) == 0) {
		end(h, "ROLLBACK", h->first, h->next);
		h->writes--;
		h->rollbacks++;
		h->busy += rc != SQLITE_OK;
		return;
	}
	end(h, "COMMIT", h->first, h->next + 1);
}

static void
take_away(struct hammer *h)
{
	char sql[128];
	long n = h->next - h->first;

	if (n == 0)
		return;
	n = 1 + (long)pick(h, (unsigned int)n);
	(void)snprintf(sql, sizeof(sql),
	    "DELETE FROM log WHERE name='%s' AND seq<%ld", h->name,
	    h->first + n);
	end(h, sql, h->first + n, h->next);
}

static void
look(struct hammer *h)
{
	long n;

	run(h, "BEGIN");
	n = number(h, "SELECT sum(balance) FROM account");
	if (n != ACCOUNTS * BALANCE)
		wrong(h, "the sum", n, ACCOUNTS * BALANCE);
	n = number(h, "SELECT count(*) FROM log WHERE length(data)!=size");
	if (n != 0)
		wrong(h, "the number of torn rows", n, 0);
	n = own_rows(h);
	if (n != h->next - h->first)
		wrong(h, "our number of rows", n, h->next - h->first);
	run(h, "COMMIT");
	h->reads++;
}

static void
one_step(struct hammer *h)
{
	unsigned int what = pick(h, 100);

	if (what < 50) {
		move(h);
	} else if (what < 60) {
		take_away(h);
	} else if (what < 95) {
		look(h);
	} else if (what < 98) {
		/* It may be busy, and do less; that is no fault. */
		(void)sqlite3_wal_checkpoint_v2(h->db, NULL, (int)pick(h, 4),
		    NULL, NULL);
	} else {
		if (sqlite3_close(h->db) != SQLITE_OK)
			fail(h, "close");
		open_database(h);
	}
}

static void
hammer(struct hammer *h, long seconds)
{
	time_t end = time(NULL) + seconds;

	open_database(h);
	while (time(NULL) < end)
		one_step(h);
	if (sqlite3_close(h->db) != SQLITE_OK)
		fail(h, "close");
	(void)fprintf(stderr, "hammer: %s: %ld writes, %ld rolled back, "
	    "%ld reads, %ld times busy, %ld journals lost\n", h->name,
	    h->writes, h->rollbacks, h->reads, h->busy, h->lost);
	(void)printf("%s %ld\n", h->name, h->next - h->first);
}

static void
verify(struct hammer *h)
{
	sqlite3_stmt *query;
	long n;

	open_database(h);
	n = number(h, "SELECT sum(balance) FROM account");
	if (n != ACCOUNTS * BALANCE)
		wrong(h, "the sum", n, ACCOUNTS * BALANCE);
	if (sqlite3_prepare_v2(h->db, "PRAGMA integrity_check", -1, &query,
	    NULL) != SQLITE_OK || sqlite3_step(query) != SQLITE_ROW)
		fail(h, "integrity_check");
	(void)printf("integrity %s\n", sqlite3_column_text(query, 0));
	(void)sqlite3_finalize(query);
	if (sqlite3_prepare_v2(h->db, "SELECT name, count(*) FROM log GROUP BY "
	    "name ORDER BY name", -1, &query, NULL) != SQLITE_OK)
		fail(h, "verify");
	while (sqlite3_step(query) == SQLITE_ROW)
		(void)printf("%s %s\n", sqlite3_column_text(query, 0),
		    sqlite3_column_text(query, 1));
	(void)sqlite3_finalize(query);
	(void)sqlite3_close(h->db);
}

int
main(int argc, char **argv)
{
	struct hammer h = { .name = "verify" };

	if (argc > 3) {
		h.file = argv[1];
		h.mode = argv[2];
	}
	if (argc == 4 && strcmp(argv[3], "create") == 0) {
		h.name = "create";
		create(&h);
	} else if (argc == 4 && strcmp(argv[3], "verify") == 0) {
		verify(&h);
	} else if (argc == 7 && strcmp(argv[3], "run") == 0) {
		h.name = argv[4];
		h.random = strtoull(argv[6], NULL, 10) * 0x9e3779b97f4a7c15;
		hammer(&h, strtol(argv[5], NULL, 10));
	} else {
		(void)fprintf(stderr, "usage: hammer DATABASE MODE "
		    "create|verify|run NAME SECONDS SEED\n");
		return 2;
	}
	return 0;
}
