/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry_enrolment.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/registry_agent.h"
#include "collector/store/registry_identity_schema.h"
#include "collector/store/registry_private.h"
#include "common/civil.h"

/* `spender` is the hash of the key that it was spent by. */
const char registry_enrolment_schema[] =
	"CREATE TABLE enrolment(id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  link INTEGER NOT NULL REFERENCES link(id), wan TEXT NOT NULL,"
	"  hash TEXT NOT NULL UNIQUE, expires_s INTEGER NOT NULL, created_s INTEGER NOT NULL,"
	"  by TEXT NOT NULL, revoked_s INTEGER, spent_s INTEGER, spender TEXT,"
	"  agent INTEGER REFERENCES agent(id), certificate TEXT) STRICT;" REGISTRY_IDENTITY_SCHEMA;

#define COLUMNS                                                                         \
	"SELECT id, link, wan, hash, expires_s, created_s, by, coalesce(revoked_s, 0)," \
	" coalesce(spent_s, 0), coalesce(agent, 0), spender, certificate FROM enrolment"

enum { SPENDER = 10, CERTIFICATE };

static void read_row(struct query *q, struct registry_enrolment *ret_enrolment)
{
	ret_enrolment->id = query_get_number(q, 0);
	ret_enrolment->link = query_get_number(q, 1);
	query_copy_text(q, 2, ret_enrolment->wan, sizeof(ret_enrolment->wan));
	query_copy_text(q, 3, ret_enrolment->hash, sizeof(ret_enrolment->hash));
	ret_enrolment->expires_s = query_get_number(q, 4);
	ret_enrolment->created_s = query_get_number(q, 5);
	query_copy_text(q, 6, ret_enrolment->by, sizeof(ret_enrolment->by));
	ret_enrolment->revoked_s = query_get_number(q, 7);
	ret_enrolment->spent_s = query_get_number(q, 8);
	ret_enrolment->agent = (uint32_t)query_get_number(q, 9);
}

/* ---- what people do with them */

static int check_new(
	const struct change *change, const struct registry_enrolment *enrolment, struct err *err)
{
	int r = wan_check(enrolment->wan, err);

	if (r == 0)
		r = link_check(change->registry, enrolment->link, err);
	if (r == 0 && strlen(enrolment->hash) != REGISTRY_HEX_BYTES - 1)
		r = err_set(err, -EINVAL, "hash = %s: must be 64 digits", enrolment->hash);
	if (r == 0)
		r = check_dates("token", change->at_s, enrolment->expires_s, err);
	return r;
}

static int insert(struct change *change, const struct registry_enrolment *enrolment,
	int64_t *ret_id, struct err *err)
{
	struct db *db = change->registry->db;
	struct query q;
	int r = check_new(change, enrolment, err);

	if (r < 0)
		return r;
	db_query(&q, db,
		"INSERT INTO enrolment(link, wan, hash, expires_s, created_s, by)"
		" VALUES (?, ?, ?, ?, ?, ?)");
	query_number(&q, enrolment->link);
	query_text(&q, enrolment->wan);
	query_text(&q, enrolment->hash);
	query_number(&q, enrolment->expires_s);
	query_number(&q, change->at_s);
	query_text(&q, change->registry->who);
	r = query_run(&q, err);
	if (r < 0)
		return r;
	*ret_id = db_last_id(db);
	return change_after(change, TABLE_ENROLMENT, *ret_id, err);
}

int registry_enrolments_add(struct registry *registry, const struct registry_enrolment *enrolments,
	size_t count, int64_t *ret_ids, struct err *err)
{
	struct change change;
	int r = change_begin(registry, &change, err);

	if (r < 0)
		return r;
	for (size_t i = 0; r == 0 && i < count; i++)
		r = insert(&change, &enrolments[i], &ret_ids[i], err);
	return change_end(&change, r, err);
}

int registry_enrolments(struct registry *registry, int64_t link,
	int (*each)(void *arg, const struct registry_enrolment *enrolment), void *arg,
	struct err *err)
{
	struct registry_enrolment enrolment;
	struct query q;
	int stop = 0, r;

	db_query(&q, registry->db, COLUMNS " WHERE " QUERY_ONE_OR_ALL("link") " ORDER BY id");
	query_number(&q, link);
	while (!stop && query_next(&q) > 0) {
		read_row(&q, &enrolment);
		stop = each(arg, &enrolment);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}

static int check_open(struct registry *registry, int64_t id, struct err *err)
{
	struct registry_enrolment enrolment;
	struct query q;
	int found, r;

	db_query(&q, registry->db, COLUMNS " WHERE id = ?");
	query_number(&q, id);
	found = query_next(&q);
	if (found > 0)
		read_row(&q, &enrolment);
	r = query_end(&q, err);
	if (r < 0)
		return r;
	if (!found)
		return err_set(err, -ENOENT, "token %" PRId64 " does not exist", id);
	if (enrolment.revoked_s)
		return err_set(err, -EALREADY, "token %" PRId64 " was revoked before", id);
	if (enrolment.spent_s)
		return err_set(err, -EALREADY,
			"token %" PRId64 " is spent: what it made is revoked with \"pantau agent "
			"revoke %" PRIu32 "\"",
			id, enrolment.agent);
	return 0;
}

int registry_enrolment_revoke(struct registry *registry, int64_t id, struct err *err)
{
	struct change change;
	struct query q;
	int r = change_begin(registry, &change, err);

	if (r < 0)
		return r;
	r = check_open(registry, id, err);
	if (r == 0)
		r = change_before(&change, TABLE_ENROLMENT, id, err);
	if (r == 0) {
		db_query(&q, registry->db, "UPDATE enrolment SET revoked_s = ? WHERE id = ?");
		query_number(&q, change.at_s);
		query_number(&q, id);
		r = query_run(&q, err);
	}
	if (r == 0)
		r = change_after(&change, TABLE_ENROLMENT, id, err);
	return change_end(&change, r, err);
}

/* ---- enrolling */

struct shown { /* the token that was shown, as the registry has it */
	struct registry_enrolment row;
	char spender[REGISTRY_HEX_BYTES];
	char pem[ENROLMENT_PEM_BYTES];
	bool agent_revoked;
};

static int find_shown(
	struct registry *registry, const char *hash, struct shown *ret_shown, struct err *err)
{
	struct query q;
	int found, r;

	db_query(&q, registry->db, COLUMNS " WHERE hash = ?");
	query_text(&q, hash);
	found = query_next(&q);
	if (found > 0) {
		read_row(&q, &ret_shown->row);
		query_copy_text(&q, SPENDER, ret_shown->spender, sizeof(ret_shown->spender));
		query_copy_text(&q, CERTIFICATE, ret_shown->pem, sizeof(ret_shown->pem));
	}
	r = query_end(&q, err);
	if (r == 0 && !found)
		r = err_set(err, -ENOENT, "this collector gave out no such token");
	if (r == 0 && ret_shown->row.agent)
		r = find_revoked(registry, TABLE_AGENT, ret_shown->row.agent,
			&ret_shown->agent_revoked, err);
	return r;
}

/* Whether this key may have it now. What is spent does not expire: a router that lost power in the
 * middle asks again, however late. */
static int judge(const struct shown *shown, const char *key, int64_t now_s, struct err *err)
{
	const struct registry_enrolment *row = &shown->row;
	char when[CIVIL_TIME_BYTES];

	if (row->revoked_s)
		return err_set(err, -EKEYREVOKED, "token %" PRId64 " was revoked", row->id);
	if (row->spent_s && strcmp(shown->spender, key) != 0)
		return err_set(err, -EEXIST,
			"token %" PRId64 " is spent: agent-%" PRIu32
			" was made with it, of another key",
			row->id, row->agent);
	if (shown->agent_revoked)
		return err_set(err, -EKEYREVOKED, "agent-%" PRIu32 ", made with it, was revoked",
			row->agent);
	if (!row->spent_s && now_s >= row->expires_s) {
		civil_format(row->expires_s, when);
		return err_set(err, -EKEYEXPIRED, "token %" PRId64 " expired at %s", row->id, when);
	}
	return 0;
}

struct signing {
	const struct registry_enrol *enrol;
	struct shown *shown;
};

static int sign(void *arg, uint32_t agent, struct registry_certificate *ret, struct err *err)
{
	const struct signing *signing = arg;
	const struct registry_enrol *enrol = signing->enrol;

	return enrol->sign(enrol->arg, agent, signing->shown->pem, ret->fingerprint, err);
}

static int spend(struct change *change, const struct shown *shown, const char *key, struct err *err)
{
	int64_t id = shown->row.id;
	struct query q;
	int r = change_before(change, TABLE_ENROLMENT, id, err);

	if (r < 0)
		return r;
	db_query(&q, change->registry->db,
		"UPDATE enrolment SET spent_s = ?, spender = ?, agent = ?, certificate = ?"
		" WHERE id = ?");
	query_number(&q, change->at_s);
	query_text(&q, key);
	query_number(&q, shown->row.agent);
	query_text(&q, shown->pem);
	query_number(&q, id);
	r = query_run(&q, err);
	return r < 0 ? r : change_after(change, TABLE_ENROLMENT, id, err);
}

static int accept(struct change *change, const struct registry_enrol *enrol, struct shown *shown,
	struct err *err)
{
	struct signing signing = {enrol, shown};
	const struct registry_issue issue = {
		.link = shown->row.link,
		.wan = shown->row.wan,
		.from_s = change->at_s,
		.sign = sign,
		.arg = &signing,
	};
	int r = agent_add(change, &issue, &shown->row.agent, err);

	return r < 0 ? r : spend(change, shown, enrol->key, err);
}

int registry_enrol(struct registry *registry, const struct registry_enrol *enrol,
	struct registry_enrolled *ret_enrolled, struct err *err)
{
	struct shown shown = {.agent_revoked = false};
	struct change change;
	int r = change_begin(registry, &change, err);

	if (r < 0)
		return r;
	r = find_shown(registry, enrol->hash, &shown, err);
	if (r == 0)
		r = judge(&shown, enrol->key, change.at_s, err);
	if (r == 0 && !shown.row.spent_s)
		r = accept(&change, enrol, &shown, err);
	r = change_end(&change, r, err);
	if (r < 0)
		return r;
	ret_enrolled->agent = shown.row.agent;
	ret_enrolled->again = shown.row.spent_s != 0;
	memcpy(ret_enrolled->wan, shown.row.wan, sizeof(ret_enrolled->wan));
	memcpy(ret_enrolled->pem, shown.pem, sizeof(ret_enrolled->pem));
	return 0;
}
