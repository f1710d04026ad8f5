/* SPDX-License-Identifier: Apache-2.0 */
/* Files of an older version are brought up: a copy first, then all steps or none. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "collector/store/db.h"
#include "collector/store/db_copy.h"
#include "common/log.h"

#define ROWS 500

struct place {
	char folder[64], path[96], copy[128];
};

static const char old_schema[] =
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE thing(id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;";
static const char *const old_create[] = {old_schema, NULL};
static const struct db_tables old_tables = {old_create, 1, NULL};

/* Version 3 as a new file has it, and the way from 1. */
static const char part_schema[] = "CREATE TABLE part(thing INTEGER NOT NULL, n INTEGER) STRICT;";
static const char new_schema[] =
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE thing(id INTEGER PRIMARY KEY, name TEXT NOT NULL,"
	"  weight INTEGER NOT NULL DEFAULT 0) STRICT;";
static const char *const new_create[] = {new_schema, part_schema, NULL};

static int give_parts(struct db *db, struct err *err)
{
	return db_run(db, "INSERT INTO part SELECT id, id * 2 FROM thing", err);
}

static const struct db_step good_steps[] = {
	{.from = 1, .sql = "ALTER TABLE thing ADD COLUMN weight INTEGER NOT NULL DEFAULT 0"},
	{.from = 2, .sql = part_schema, .run = give_parts},
	{.from = 3},
};
static const struct db_tables new_tables = {new_create, 3, good_steps};

static int find_no_room(struct db *db, struct err *err)
{
	return err_set(err, -ENOSPC, "no room for parts");
}

static int die(struct db *db, struct err *err)
{
	give_parts(db, NULL);
	_exit(7);
}

static int setup(void **state)
{
	struct place *place = calloc(1, sizeof(*place));
	static const char fill[] =
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
		" INSERT INTO thing(name) SELECT 'as it was' FROM n";
	struct err err = {0};
	struct db *db;

	assert_non_null(place);
	strcpy(place->folder, "/tmp/pantau-raise-XXXXXX");
	assert_non_null(mkdtemp(place->folder));
	snprintf(place->path, sizeof(place->path), "%s/thing.db", place->folder);
	snprintf(place->copy, sizeof(place->copy), "%s.before-schema-3", place->path);
	assert_int_equal(db_open(place->path, DB_CREATE, &db, &err), 0);
	assert_int_equal(db_schema(db, &old_tables, DB_MAY_CREATE, &err), 0);
	assert_int_equal(db_run(db, fill, &err), 0);
	db_close(db);
	*state = place;
	return 0;
}

static int teardown(void **state)
{
	struct place *place = *state;
	char command[96];

	snprintf(command, sizeof(command), "rm -rf %s", place->folder);
	assert_int_equal(system(command), 0);
	free(place);
	return 0;
}

static int open_as(
	const struct place *place, const struct db_tables *tables, enum db_may may, struct err *err)
{
	struct db *db;
	int r = db_open(place->path, may == DB_MAY_LOOK ? DB_READ : DB_WRITE, &db, err);

	if (r == 0) {
		r = db_schema(db, tables, may, err);
		db_close(db);
	}
	return r;
}

static int64_t ask(const char *path, const char *sql)
{
	struct err err = {0};
	struct query q;
	struct db *db;
	int64_t number = -1;

	assert_int_equal(db_open(path, DB_READ, &db, &err), 0);
	db_query_once(&q, db, sql);
	if (query_next(&q) > 0)
		number = query_get_number(&q, 0);
	query_end(&q, NULL);
	db_close(db);
	return number;
}

static void assert_old(const char *path)
{
	assert_int_equal(ask(path, "SELECT value FROM meta WHERE key = 'version'"), 1);
	assert_int_equal(ask(path, "SELECT count(*) FROM thing WHERE name = 'as it was'"), ROWS);
	assert_int_equal(ask(path, "SELECT weight FROM thing"), -1);
	assert_int_equal(ask(path, "SELECT count(*) FROM part"), -1);
	assert_int_equal(db_check(path, NULL), 0);
}

static void assert_new(const char *path)
{
	assert_int_equal(ask(path, "SELECT value FROM meta WHERE key = 'version'"), 3);
	assert_int_equal(ask(path, "SELECT count(*) FROM thing WHERE weight = 0"), ROWS);
	assert_int_equal(ask(path, "SELECT sum(n) FROM part"), ROWS * (ROWS + 1));
	assert_int_equal(db_check(path, NULL), 0);
}

static void a_copy_is_made_and_all_steps_follow(void **state)
{
	const struct place *place = *state;
	struct stat was, is;
	struct err err = {0};

	assert_int_equal(chmod(place->path, 0640), 0);
	assert_int_equal(stat(place->path, &was), 0);
	assert_int_equal(open_as(place, &new_tables, DB_MAY_RAISE, &err), 0);
	assert_new(place->path);
	assert_old(place->copy);
	assert_int_equal(stat(place->copy, &is), 0);
	assert_int_equal(is.st_mode, was.st_mode);
	/* and never again */
	assert_int_equal(unlink(place->copy), 0);
	assert_int_equal(open_as(place, &new_tables, DB_MAY_CREATE, &err), 0);
	assert_int_equal(access(place->copy, F_OK), -1);
}

static void a_reader_leaves_it_and_says_so(void **state)
{
	const struct place *place = *state;
	struct err err = {0};

	assert_int_equal(open_as(place, &new_tables, DB_MAY_LOOK, &err), -EPROTO);
	assert_non_null(strstr(err.text, "version 1, this program knows 3: the collector"));
	assert_old(place->path);
}

static void a_version_without_a_way_is_refused(void **state)
{
	static const struct db_step late[] = {{.from = 2, .run = give_parts}, {.from = 3}};
	const struct db_tables from_two = {new_create, 3, late}, none = {new_create, 3, NULL};
	const struct place *place = *state;
	struct err err = {0};

	assert_int_equal(open_as(place, &from_two, DB_MAY_RAISE, &err), -EPROTO);
	assert_int_equal(open_as(place, &none, DB_MAY_RAISE, &err), -EPROTO);
	assert_old(place->path);
	/* and a newer one */
	assert_int_equal(open_as(place, &new_tables, DB_MAY_RAISE, &err), 0);
	assert_int_equal(open_as(place, &old_tables, DB_MAY_RAISE, &err), -EPROTO);
	assert_non_null(strstr(err.text, "version 3, this program knows 1"));
	assert_new(place->path);
}

static void a_step_that_fails_changes_nothing(void **state)
{
	static const struct db_step steps[] = {
		{.from = 1,
			.sql = "ALTER TABLE thing ADD COLUMN weight INTEGER NOT NULL DEFAULT 0"},
		{.from = 2, .sql = part_schema, .run = find_no_room},
		{.from = 3},
	};
	const struct db_tables failing = {new_create, 3, steps};
	const struct place *place = *state;
	struct err err = {0};

	assert_int_equal(open_as(place, &failing, DB_MAY_RAISE, &err), -ENOSPC);
	assert_non_null(strstr(err.text, "from version 1 to 3"));
	assert_old(place->path);
	assert_int_equal(open_as(place, &new_tables, DB_MAY_RAISE, &err), 0);
	assert_new(place->path);
}

static void a_program_killed_in_a_step_changes_nothing(void **state)
{
	static const struct db_step steps[] = {
		{.from = 1,
			.sql = "ALTER TABLE thing ADD COLUMN weight INTEGER NOT NULL DEFAULT 0"},
		{.from = 2, .sql = part_schema, .run = die},
		{.from = 3},
	};
	const struct db_tables dying = {new_create, 3, steps};
	const struct place *place = *state;
	struct err err = {0};
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		open_as(place, &dying, DB_MAY_RAISE, &err);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), 7);
	assert_old(place->path);
	assert_old(place->copy);
	assert_int_equal(open_as(place, &new_tables, DB_MAY_RAISE, &err), 0);
	assert_new(place->path);
}

static void of_many_at_once_one_does_it(void **state)
{
	const struct place *place = *state;
	struct err err = {0};
	int status;

	for (int i = 0; i < 8; i++) {
		if (fork() == 0)
			_exit(open_as(place, &new_tables, DB_MAY_RAISE, &err) == 0 ? 0 : 1);
	}
	while (wait(&status) > 0)
		assert_int_equal(status, 0);
	assert_new(place->path);
	assert_old(place->copy);
}

static void a_damaged_file_is_neither_copied_nor_sound(void **state)
{
	const struct place *place = *state;
	struct err err = {0};
	char to[160];
	FILE *file = fopen(place->path, "r+");

	snprintf(to, sizeof(to), "%s/copy.db", place->folder);
	assert_int_equal(db_copy(place->path, to, &err), 0);
	assert_old(to);
	assert_non_null(file);
	assert_int_equal(fputs("no database at all", file) >= 0, 1);
	fclose(file);
	assert_int_equal(db_check(place->path, &err), -EBADMSG);
	assert_int_equal(db_copy(place->path, to, &err), -EBADMSG);
	assert_old(to); /* the copy of before stays */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_copy_is_made_and_all_steps_follow, setup, teardown),
		cmocka_unit_test_setup_teardown(a_reader_leaves_it_and_says_so, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_version_without_a_way_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(a_step_that_fails_changes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_program_killed_in_a_step_changes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(of_many_at_once_one_does_it, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_damaged_file_is_neither_copied_nor_sound, setup, teardown),
	};

	log_set_level(LOG_LEVEL_WARN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
