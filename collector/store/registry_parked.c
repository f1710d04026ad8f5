/* SPDX-License-Identifier: Apache-2.0 */
/* Requests of agents whose certificates expired, which wait for a person. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/registry_identity_private.h"
#include "common/civil.h"
#include "common/json.h"

#define NOTE_EVERY_S 3600 /* how often "it still asks" is written down */
#define NOTE_MAX 4096

/* ---- by the signer, within its change */

int parked_is_admitted(struct change *change, const struct registry_renewal *renewal,
	bool *ret_admitted, struct err *err)
{
	struct query q;
	bool admitted;
	int r;

	db_query(&q, change->registry->db,
		"SELECT 1 FROM parked WHERE agent = ? AND key = ? AND admitted_s > ?");
	query_number(&q, renewal->agent);
	query_text(&q, renewal->key);
	query_number(&q, change->at_s - READMIT_GOOD_S);
	admitted = query_next(&q) > 0;
	r = query_end(&q, err);
	if (r == 0)
		*ret_admitted = admitted;
	return r;
}

/* It asked before: the row is brought up now and then. */
static int note_again(
	struct change *change, const struct registry_renewal *renewal, struct err *err)
{
	struct query q;

	db_query(&q, change->registry->db,
		"UPDATE parked SET last_s = ?1, address = ?2 WHERE agent = ?3 AND key = ?4"
		" AND (last_s < ?1 - ?5 OR address <> ?2)");
	query_number(&q, change->at_s);
	query_text(&q, renewal->address);
	query_number(&q, renewal->agent);
	query_text(&q, renewal->key);
	query_number(&q, NOTE_EVERY_S);
	return query_run(&q, err);
}

int parked_note(struct change *change, const struct registry_renewal *renewal, int64_t expired_s,
	struct err *err)
{
	struct query q;
	int r = note_again(change, renewal, err);

	if (r < 0)
		return r;
	db_query(&q, change->registry->db,
		"INSERT INTO parked(agent, key, address, expired_s, asked_s, last_s)"
		" SELECT ?1, ?2, ?3, ?4, ?5, ?5 WHERE"
		" (SELECT count(*) FROM parked) < ?6 AND"
		" (SELECT count(*) FROM parked WHERE agent = ?1) < ?7"
		" ON CONFLICT DO NOTHING");
	query_number(&q, renewal->agent);
	query_text(&q, renewal->key);
	query_text(&q, renewal->address);
	query_number(&q, expired_s);
	query_number(&q, change->at_s);
	query_number(&q, PARKED_MAX);
	query_number(&q, PARKED_EACH_MAX);
	return query_run(&q, err);
}

int parked_forget(struct change *change, uint32_t agent, struct err *err)
{
	struct query q;

	db_query(&q, change->registry->db, "DELETE FROM parked WHERE agent = ?");
	query_number(&q, agent);
	return query_run(&q, err);
}

/* ---- by people */

static void read_row(struct query *q, struct registry_parked *ret_parked)
{
	ret_parked->id = query_get_number(q, 0);
	ret_parked->agent = (uint32_t)query_get_number(q, 1);
	query_copy_text(q, 2, ret_parked->key, sizeof(ret_parked->key));
	query_copy_text(q, 3, ret_parked->address, sizeof(ret_parked->address));
	ret_parked->expired_s = query_get_number(q, 4);
	ret_parked->asked_s = query_get_number(q, 5);
	ret_parked->last_s = query_get_number(q, 6);
	ret_parked->admitted_s = query_get_number(q, 7);
}

int registry_parked(struct registry *registry, uint32_t agent,
	int (*each)(void *arg, const struct registry_parked *parked), void *arg, struct err *err)
{
	struct registry_parked parked;
	struct query q;
	int stop = 0, r;

	db_query(&q, registry->db,
		"SELECT p.id, agent, key, address, expired_s, asked_s, last_s,"
		" coalesce(admitted_s, 0) FROM parked p JOIN agent a ON a.id = p.agent"
		" WHERE a.revoked_s IS NULL AND " QUERY_ONE_OR_ALL("agent") " ORDER BY p.id");
	query_number(&q, agent);
	while (!stop && query_next(&q) > 0) {
		read_row(&q, &parked);
		stop = each(arg, &parked);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}

static int find(
	struct change *change, int64_t id, struct registry_parked *ret_parked, struct err *err)
{
	bool revoked = false;
	struct query q;
	int found, r;

	db_query(&q, change->registry->db,
		"SELECT id, agent, key, address, expired_s, asked_s, last_s,"
		" coalesce(admitted_s, 0) FROM parked WHERE id = ?");
	query_number(&q, id);
	found = query_next(&q);
	if (found > 0)
		read_row(&q, ret_parked);
	r = query_end(&q, err);
	if (r == 0 && !found)
		r = err_set(err, -ENOENT, "request %" PRId64 " does not exist", id);
	if (r == 0)
		r = find_revoked(change->registry, TABLE_AGENT, ret_parked->agent, &revoked, err);
	if (r == 0 && revoked)
		r = err_set(err, -EKEYREVOKED, "agent %" PRIu32 " is revoked", ret_parked->agent);
	if (r == 0 && ret_parked->admitted_s > change->at_s - READMIT_GOOD_S)
		r = err_set(err, -EALREADY, "request %" PRId64 " was admitted before", id);
	return r;
}

static int log_admitted(struct change *change, const struct registry_parked *parked,
	const char *note, struct err *err)
{
	struct json json;
	struct buf text;
	char row[24];
	int r;

	snprintf(row, sizeof(row), "%" PRId64, parked->id);
	buf_init(&text, NOTE_MAX);
	json_init(&json, &text);
	json_object(&json, NULL);
	json_number(&json, "agent", parked->agent);
	json_text(&json, "key", parked->key);
	json_text(&json, "address", parked->address);
	json_text(&json, "note", note);
	json_object_end(&json);
	r = json_end(&json);
	if (r == 0)
		r = buf_append(&text, "", 1);
	if (r < 0)
		err_errno(err, r, "the log of changes");
	else
		r = change_note(change, "parked", row, (const char *)buf_peek(&text), err);
	buf_done(&text);
	return r;
}

static int admit(struct change *change, const struct registry_parked *parked, const char *note,
	struct err *err)
{
	struct query q;
	int r;

	db_query(&q, change->registry->db,
		"UPDATE parked SET admitted_s = ?, by = ?, note = ? WHERE id = ?");
	query_number(&q, change->at_s);
	query_text(&q, change->registry->who);
	query_text(&q, note);
	query_number(&q, parked->id);
	r = query_run(&q, err);
	return r < 0 ? r : log_admitted(change, parked, note, err);
}

int registry_readmit(struct registry *registry, int64_t id, const char *note, struct err *err)
{
	struct registry_parked parked;
	struct change change;
	int r = check_name("reason", note, err);

	if (r == 0)
		r = change_begin(registry, &change, err);
	if (r < 0)
		return r;
	r = find(&change, id, &parked, err);
	if (r == 0)
		r = admit(&change, &parked, note, err);
	return change_end(&change, r, err);
}
