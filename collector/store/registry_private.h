/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the registry share: the handle, and the ritual of a change. */
#ifndef PANTAU_STORE_REGISTRY_PRIVATE_H
#define PANTAU_STORE_REGISTRY_PRIVATE_H

#include "collector/store/db.h"
#include "collector/store/registry.h"
#include "common/buf.h"

/* The rooms' parts of the schema, besides registry.c's own. */
extern const char registry_decision_schema[], registry_objection_schema[], registry_ticket_schema[],
	registry_configuration_schema[], registry_user_schema[], registry_remark_schema[],
	registry_enrolment_schema[];

/* The rows whose column is ?1; all of them for 0, which is no number. A range, because an index
 * serves it: "?1 = 0 OR column = ?1" would walk the whole table for each link. */
#define QUERY_ONE_OR_ALL(column) \
	column " BETWEEN ?1 AND coalesce(nullif(?1, 0), 9223372036854775807)"

#define ROSTER_NAME "roster.json"

struct registry {
	struct db *db;
	char *state; /* the folder */
	char who[REGISTRY_NAME_BYTES];
	int64_t (*now_s)(void *arg);
	void *now_arg;
};

/* A change, from the write lock to the commit:
 *
 *	struct change change;
 *	r = change_begin(registry, &change, err);
 *	if (r < 0) return r;
 *	... checks and statements, r = ... ;
 *	change_added() / change_before() + change_after() ...
 *	return change_end(&change, r, err);	-- commits when r is 0, else rolls back; returns r
 */
enum change_table {
	TABLE_LINK,
	TABLE_CONTRACT,
	TABLE_EXCLUSION,
	TABLE_AGENT,
	TABLE_BINDING,
	TABLE_DISMISSAL,
	TABLE_SETTLEMENT,
	TABLE_OBJECTION,
	TABLE_TICKET,
	TABLE_TOLD,
	TABLE_CONFIGURATION,
	TABLE_USER,
	TABLE_REMARK,
	TABLE_ENROLMENT,
};

struct change {
	struct registry *registry;
	int64_t at_s;
	bool roster; /* roster.json follows */
	struct buf before;
};

int change_begin(struct registry *registry, struct change *change, struct err *err);
/* Remembers the row as it is now, before it is changed. */
int change_before(struct change *change, enum change_table table, int64_t id, struct err *err);
/* Logs the row as it is now, with what change_before() remembered, if it was called. */
int change_after(struct change *change, enum change_table table, int64_t id, struct err *err);
/* Logs in words of the caller's own JSON: for what is no single row. */
int change_note(struct change *change, const char *table, const char *row, const char *after,
	struct err *err);
int change_end(struct change *change, int failed, struct err *err);

/* ---- checks, with words */

/* Whether the row of a table with the column revoked_s was revoked. -ENOENT with words. */
int find_revoked(struct registry *registry, enum change_table table, int64_t id, bool *ret_revoked,
	struct err *err);
/* Marks the row as revoked: when, by whom, why; one change of its own. -ENOENT, -EALREADY. For
 * tables with revoked_by and revoke_note. `by` NULL: who the registry acts as. */
int revoke_row(struct registry *registry, enum change_table table, int64_t id,
	const struct registry_word *word, struct err *err);

/* [from_s, to_s) within the years that can be meant; to_s may be SPAN_FOREVER. */
int check_dates(const char *what, int64_t from_s, int64_t to_s, struct err *err);
/* Nobody can have done it before its time has come. */
int check_past(const struct change *change, const char *what, int64_t at_s, struct err *err);
/* As plain_text_check() has it. */
int check_name(const char *what, const char *value, struct err *err);
/* by and note as check_name() has them, and short enough to be kept whole. */
int check_word(const struct registry_word *word, struct err *err);
/* The SHA-256 of a document in lower case, as 64 digits. */
int check_document(const char *document, struct err *err);
/* Copies what check_name() has let pass; cut to size. */
void copy_text(char *ret_text, size_t size, const char *text);
/* "2026-01-01T00:00:00Z to 2026-02-01T00:00:00Z" or "... to open" */
#define PERIOD_BYTES 72
void format_period(int64_t from_s, int64_t to_s, char ret_text[PERIOD_BYTES]);
/* The same in the zone, with its name: for what people are told. */
void format_period_in(int64_t from_s, int64_t to_s, int32_t offset_s, char ret_text[PERIOD_BYTES]);

/* "" binds as null. */
void query_optional(struct query *query, const char *text);

/* The region exists, or (desa false) another one below it does. -ENOENT with words. */
int region_check(
	struct registry *registry, const char *code, enum region_level level, struct err *err);
/* -ENOENT with words. */
int link_check(struct registry *registry, int64_t id, struct err *err);
/* Some link has it, in these very letters. -ENOENT with words. */
int provider_check(struct registry *registry, const char *provider, struct err *err);

/* Whether a change of this table changes the roster. */
bool roster_follows(const char *table);
/* Writes STATE/roster.json from the tables of agents, bindings and settings, under the write lock,
 * so that of two writers the later one's stands. */
int roster_write(struct registry *registry, struct err *err);
/* The same, when the file is missing or older than the last change of these. */
int roster_repair(struct registry *registry, struct err *err);

#endif
