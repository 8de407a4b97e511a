/*
 * mptest asks for loadable extensions, and then loads none; its own advice is
 * to compile SQLite without them, which leaves this function out.
 */
#include "sqlite3.h"

int
sqlite3_enable_load_extension(sqlite3 *db, int on)
{
	(void)db;
	(void)on;
	return SQLITE_ERROR;
}
