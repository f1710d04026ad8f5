/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry_ticket.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "collector/store/registry_add.h"

const char registry_ticket_schema[] =
	"CREATE TABLE ticket(id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  link INTEGER NOT NULL REFERENCES link(id), at_s INTEGER NOT NULL,"
	"  number TEXT NOT NULL, opened_s INTEGER NOT NULL, by TEXT NOT NULL,"
	"  entered_s INTEGER NOT NULL, revoked_s INTEGER, revoked_by TEXT, revoke_note TEXT) "
	"STRICT;"
	"CREATE UNIQUE INDEX ticket_number ON ticket(link, number) WHERE revoked_s IS NULL;"
	"CREATE TABLE told(id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  link INTEGER NOT NULL REFERENCES link(id), at_s INTEGER NOT NULL,"
	"  told_s INTEGER NOT NULL, by TEXT NOT NULL, note TEXT NOT NULL,"
	"  entered_s INTEGER NOT NULL, revoked_s INTEGER, revoked_by TEXT, revoke_note TEXT) "
	"STRICT;"
	"CREATE INDEX told_link ON told(link, at_s);";

/* ---- tickets */

static int check_number(
	struct registry *registry, const struct registry_ticket *ticket, struct err *err)
{
	int64_t other = 0;
	struct query q;
	int r = check_name("number", ticket->number, err);

	if (r < 0)
		return r;
	db_query(&q, registry->db,
		"SELECT id FROM ticket WHERE link = ? AND number = ? AND revoked_s IS NULL");
	query_number(&q, ticket->link);
	query_text(&q, ticket->number);
	if (query_next(&q) > 0)
		other = query_get_number(&q, 0);
	r = query_end(&q, err);
	if (r == 0 && other)
		r = err_set(err, -EEXIST,
			"number = %s: link %" PRId64 " has this ticket already (%" PRId64 ")",
			ticket->number, ticket->link, other);
	return r;
}

static int check_ticket(const struct change *change, const void *row, struct err *err)
{
	const struct registry_ticket *ticket = row;
	int r = link_check(change->registry, ticket->link, err);

	if (r == 0)
		r = check_past(change, "at", ticket->at_s, err);
	if (r == 0)
		r = check_past(change, "opened", ticket->opened_s, err);
	if (r == 0)
		r = check_name("by", ticket->by, err);
	return r < 0 ? r : check_number(change->registry, ticket, err);
}

static int insert_ticket(struct change *change, const void *row, struct err *err)
{
	const struct registry_ticket *ticket = row;
	struct query q;

	db_query(&q, change->registry->db,
		"INSERT INTO ticket(link, at_s, number, opened_s, by, entered_s)"
		" VALUES (?, ?, ?, ?, ?, ?)");
	query_number(&q, ticket->link);
	query_number(&q, ticket->at_s);
	query_text(&q, ticket->number);
	query_number(&q, ticket->opened_s);
	query_text(&q, ticket->by);
	query_number(&q, change->at_s);
	return query_run(&q, err);
}

static const struct row_kind a_ticket = {
	.table = TABLE_TICKET,
	.what = "ticket",
	.bytes = sizeof(struct registry_ticket),
	.check = check_ticket,
	.insert = insert_ticket,
};

int registry_ticket_add(struct registry *registry, const struct registry_ticket *ticket,
	int64_t *ret_id, struct err *err)
{
	return add_row(registry, &a_ticket, ticket, ret_id, err);
}

int registry_tickets_add(struct registry *registry, const struct registry_ticket *tickets,
	size_t count, struct err *err)
{
	return add_rows(registry, &a_ticket, tickets, count, err);
}

int registry_ticket_revoke(
	struct registry *registry, int64_t id, const struct registry_word *word, struct err *err)
{
	return revoke_row(registry, TABLE_TICKET, id, word, err);
}

int registry_tickets(struct registry *registry, int64_t link,
	int (*each)(void *arg, const struct registry_ticket *ticket), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, registry->db,
		"SELECT id, link, at_s, number, opened_s, by, entered_s, coalesce(revoked_s, 0),"
		" revoked_by, revoke_note FROM ticket WHERE ?1 = 0 OR link = ?1"
		" ORDER BY link, opened_s, id");
	query_number(&q, link);
	while (!stop && query_next(&q) > 0) {
		struct registry_ticket row = {
			.id = query_get_number(&q, 0),
			.link = query_get_number(&q, 1),
			.at_s = query_get_number(&q, 2),
			.opened_s = query_get_number(&q, 4),
			.entered_s = query_get_number(&q, 6),
			.revoked_s = query_get_number(&q, 7),
		};
		query_copy_text(&q, 3, row.number, sizeof(row.number));
		query_copy_text(&q, 5, row.by, sizeof(row.by));
		query_copy_text(&q, 8, row.revoked_by, sizeof(row.revoked_by));
		query_copy_text(&q, 9, row.revoke_note, sizeof(row.revoke_note));
		stop = each(arg, &row);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}

/* ---- claims told */

static int check_told(const struct change *change, const void *row, struct err *err)
{
	const struct registry_told *told = row;
	const struct registry_word word = {told->by, told->note};
	int r = link_check(change->registry, told->link, err);

	if (r == 0)
		r = check_past(change, "at", told->at_s, err);
	if (r == 0)
		r = check_past(change, "when", told->told_s, err);
	return r < 0 ? r : check_word(&word, err);
}

static int insert_told(struct change *change, const void *row, struct err *err)
{
	const struct registry_told *told = row;
	struct query q;

	db_query(&q, change->registry->db,
		"INSERT INTO told(link, at_s, told_s, by, note, entered_s)"
		" VALUES (?, ?, ?, ?, ?, ?)");
	query_number(&q, told->link);
	query_number(&q, told->at_s);
	query_number(&q, told->told_s);
	query_text(&q, told->by);
	query_text(&q, told->note);
	query_number(&q, change->at_s);
	return query_run(&q, err);
}

static const struct row_kind a_told = {
	.table = TABLE_TOLD,
	.what = "told",
	.bytes = sizeof(struct registry_told),
	.check = check_told,
	.insert = insert_told,
};

int registry_told_add(struct registry *registry, const struct registry_told *told, int64_t *ret_id,
	struct err *err)
{
	return add_row(registry, &a_told, told, ret_id, err);
}

int registry_told_revoke(
	struct registry *registry, int64_t id, const struct registry_word *word, struct err *err)
{
	return revoke_row(registry, TABLE_TOLD, id, word, err);
}

int registry_told(struct registry *registry, int64_t link,
	int (*each)(void *arg, const struct registry_told *told), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, registry->db,
		"SELECT id, link, at_s, told_s, by, note, entered_s, coalesce(revoked_s, 0),"
		" revoked_by, revoke_note FROM told WHERE ?1 = 0 OR link = ?1"
		" ORDER BY link, told_s, id");
	query_number(&q, link);
	while (!stop && query_next(&q) > 0) {
		struct registry_told row = {
			.id = query_get_number(&q, 0),
			.link = query_get_number(&q, 1),
			.at_s = query_get_number(&q, 2),
			.told_s = query_get_number(&q, 3),
			.entered_s = query_get_number(&q, 6),
			.revoked_s = query_get_number(&q, 7),
		};
		query_copy_text(&q, 4, row.by, sizeof(row.by));
		query_copy_text(&q, 5, row.note, sizeof(row.note));
		query_copy_text(&q, 8, row.revoked_by, sizeof(row.revoked_by));
		query_copy_text(&q, 9, row.revoke_note, sizeof(row.revoke_note));
		stop = each(arg, &row);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}
