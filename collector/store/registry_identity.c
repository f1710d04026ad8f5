/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/registry_identity.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/registry_identity_private.h"
#include "collector/store/registry_identity_schema.h"
#include "common/civil.h"
#include "common/json.h"
#include "proto/renew.h"

#define NOTE_BYTES 1024

/* Agents of an archive that was read in come without: they are as old as the ten years. */
#define MISSING                                                                              \
	" SELECT id, fingerprint, 0, NULL, NULL, issued_s, issued_s + " IDENTITY_TEN_YEARS_S \
	", issued_s + " IDENTITY_TEN_YEARS_S " FROM agent"                                   \
	" WHERE fingerprint IS NOT NULL AND NOT EXISTS"                                      \
	" (SELECT 1 FROM certificate m WHERE m.agent = agent.id) AND "

enum { AGENT, PRINT, STATE, KEY, PEM, ISSUED, EXPIRES, UNTIL };

const char *identity_state_name(enum identity_state state)
{
	static const char *const names[] = {"current", "next", "replaced"};

	return names[state];
}

static void read_row(struct query *q, struct registry_identity *ret_identity)
{
	ret_identity->agent = (uint32_t)query_get_number(q, AGENT);
	query_copy_text(q, PRINT, ret_identity->fingerprint, sizeof(ret_identity->fingerprint));
	ret_identity->state = (enum identity_state)query_get_number(q, STATE);
	ret_identity->issued_s = query_get_number(q, ISSUED);
	ret_identity->expires_s = query_get_number(q, EXPIRES);
	ret_identity->until_s = query_get_number(q, UNTIL);
}

int registry_identities(struct registry *registry, uint32_t agent,
	int (*each)(void *arg, const struct registry_identity *identity), void *arg,
	struct err *err)
{
	struct registry_identity identity;
	struct query q;
	int stop = 0, r;

	db_query(&q, registry->db,
		agent ? "SELECT * FROM certificate WHERE agent = ?1 UNION ALL" MISSING
			"id = ?1 ORDER BY 6"
		      : "SELECT c.* FROM certificate c JOIN agent a ON a.id = c.agent"
			" WHERE a.revoked_s IS NULL AND ?1 = 0 UNION ALL" MISSING
			"revoked_s IS NULL ORDER BY 1, 6");
	query_number(&q, agent);
	while (!stop && query_next(&q) > 0) {
		read_row(&q, &identity);
		stop = each(arg, &identity);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}

/* ---- writing */

static int note_state(
	struct change *change, const struct registry_identity *identity, struct err *err)
{
	char row[16], after[NOTE_BYTES];

	snprintf(row, sizeof(row), "%" PRIu32, identity->agent);
	snprintf(after, sizeof(after),
		"{\"fingerprint\":\"%s\",\"state\":\"%s\",\"expires_s\":%" PRId64
		",\"until_s\":%" PRId64 "}",
		identity->fingerprint, identity_state_name(identity->state), identity->expires_s,
		identity->until_s);
	change->roster = true;
	return change_note(change, "certificate", row, after, err);
}

static int set_state(struct change *change, struct registry_identity *identity,
	enum identity_state state, int64_t until_s, struct err *err)
{
	struct query q;
	int r;

	identity->state = state;
	identity->until_s = until_s < identity->expires_s ? until_s : identity->expires_s;
	db_query(&q, change->registry->db,
		"UPDATE certificate SET state = ?, until_s = ? WHERE fingerprint = ?");
	query_number(&q, state);
	query_number(&q, identity->until_s);
	query_text(&q, identity->fingerprint);
	r = query_run(&q, err);
	return r < 0 ? r : note_state(change, identity, err);
}

struct fresh { /* a certificate that was signed a moment ago */
	struct registry_identity row;
	const char *key, *pem; /* NULL: not kept */
};

static int insert(struct change *change, const struct fresh *fresh, struct err *err)
{
	struct query q;

	db_query(&q, change->registry->db,
		"INSERT INTO certificate(agent, fingerprint, state, key, pem, issued_s, expires_s,"
		" until_s) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
	query_number(&q, fresh->row.agent);
	query_text(&q, fresh->row.fingerprint);
	query_number(&q, fresh->row.state);
	query_text(&q, fresh->key);
	query_text(&q, fresh->pem);
	query_number(&q, fresh->row.issued_s);
	query_number(&q, fresh->row.expires_s);
	query_number(&q, fresh->row.until_s);
	return query_run(&q, err);
}

static void date(struct change *change, struct registry_identity *identity)
{
	identity->issued_s = change->at_s;
	identity->expires_s = identity->until_s = change->at_s + RENEW_LIFE_S;
}

int identity_first(struct change *change, uint32_t agent, const char *fingerprint, struct err *err)
{
	struct fresh fresh = {.row = {.agent = agent, .state = IDENTITY_CURRENT}};

	copy_text(fresh.row.fingerprint, sizeof(fresh.row.fingerprint), fingerprint);
	date(change, &fresh.row);
	return insert(change, &fresh, err);
}

static int insert_missing(struct change *change, uint32_t agent, struct err *err)
{
	struct query q;

	db_query(&q, change->registry->db, "INSERT INTO certificate" MISSING "id = ?");
	query_number(&q, agent);
	return query_run(&q, err);
}

/* ---- who is who */

/* The row of a certificate of the agent, if it is good for anything. -ENOENT with words. */
static int find_good(struct change *change, uint32_t agent, const char *fingerprint,
	struct registry_identity *ret_identity, struct err *err)
{
	struct query q;
	int found, r;

	db_query(&q, change->registry->db,
		"SELECT * FROM certificate WHERE fingerprint = ? AND agent = ?");
	query_text(&q, fingerprint);
	query_number(&q, agent);
	found = query_next(&q);
	if (found > 0)
		read_row(&q, ret_identity);
	r = query_end(&q, err);
	if (r < 0)
		return r;
	if (!found)
		return err_set(err, -ENOENT,
			"agent-%" PRIu32 " has another certificate in the registry", agent);
	if (ret_identity->state == IDENTITY_REPLACED && change->at_s >= ret_identity->until_s)
		return err_set(err, -ENOENT,
			"agent-%" PRIu32 " has a newer certificate, and the overlap is over",
			agent);
	return 0;
}

static int begin(struct change *change, uint32_t agent, const char *fingerprint,
	struct registry_identity *ret_shown, struct err *err)
{
	bool revoked = false;
	int r = find_revoked(change->registry, TABLE_AGENT, agent, &revoked, err);

	if (r == 0 && revoked)
		r = err_set(err, -EKEYREVOKED, "agent-%" PRIu32 " is revoked", agent);
	if (r == 0)
		r = insert_missing(change, agent, err);
	return r < 0 ? r : find_good(change, agent, fingerprint, ret_shown, err);
}

/* Every other one of the agent is good for nothing from `until_s` on. */
static int retire_others(struct change *change, const struct registry_identity *kept,
	int64_t until_s, struct err *err)
{
	struct registry_identity others[4]; /* never more than two are good */
	size_t count = 0;
	struct query q;
	int r;

	db_query(&q, change->registry->db,
		"SELECT * FROM certificate WHERE agent = ? AND fingerprint <> ?"
		" AND (state <> ? OR until_s > ?)");
	query_number(&q, kept->agent);
	query_text(&q, kept->fingerprint);
	query_number(&q, IDENTITY_REPLACED);
	query_number(&q, until_s);
	while (count < 4 && query_next(&q) > 0)
		read_row(&q, &others[count++]);
	r = query_end(&q, err);
	for (size_t i = 0; r == 0 && i < count; i++)
		r = set_state(change, &others[i], IDENTITY_REPLACED, until_s, err);
	return r;
}

/* ---- the first use */

static int use(struct change *change, struct registry_identity *identity, struct err *err)
{
	int r;

	if (identity->state != IDENTITY_NEXT)
		return 0;
	r = retire_others(change, identity, change->at_s + IDENTITY_OVERLAP_S, err);
	if (r == 0)
		r = set_state(change, identity, IDENTITY_CURRENT, identity->expires_s, err);
	return r < 0 ? r : parked_forget(change, identity->agent, err);
}

int registry_identity_used(
	struct registry *registry, uint32_t agent, const char *fingerprint, struct err *err)
{
	struct registry_identity identity;
	struct change change;
	int r = change_begin(registry, &change, err);

	if (r < 0)
		return r;
	r = begin(&change, agent, fingerprint, &identity, err);
	if (r == 0)
		r = use(&change, &identity, err);
	return change_end(&change, r, err);
}

/* ---- the next one */

/* What was signed for this key, and is good. An empty text: nothing was. */
static int find_signed(struct change *change, const struct registry_renewal *renewal,
	char ret_pem[IDENTITY_PEM_BYTES], struct err *err)
{
	struct query q;

	ret_pem[0] = '\0';
	db_query(&q, change->registry->db,
		"SELECT pem FROM certificate WHERE agent = ? AND key = ? AND state <> ?"
		" AND expires_s > ? AND pem IS NOT NULL");
	query_number(&q, renewal->agent);
	query_text(&q, renewal->key);
	query_number(&q, IDENTITY_REPLACED);
	query_number(&q, change->at_s);
	if (query_next(&q) > 0)
		query_copy_text(&q, 0, ret_pem, IDENTITY_PEM_BYTES);
	return query_end(&q, err);
}

/* Whether this one may be followed by another now. */
static int judge(struct change *change, const struct registry_renewal *renewal,
	const struct registry_identity *shown, struct err *err)
{
	char when[CIVIL_TIME_BYTES];
	bool admitted = false;
	int r;

	civil_format(shown->expires_s, when);
	if (shown->expires_s - change->at_s > RENEW_EARLIEST_S)
		return err_set(err, -EALREADY,
			"too early: the certificate of agent-%" PRIu32 " is good until %s",
			renewal->agent, when);
	if (change->at_s < shown->expires_s)
		return 0;
	r = parked_is_admitted(change, renewal, &admitted, err);
	if (r < 0 || admitted)
		return r;
	r = parked_note(change, renewal, shown->expires_s, err);
	return r < 0 ? r
		     : err_set(err, -EINPROGRESS,
			       "the certificate of agent-%" PRIu32
			       " expired at %s: a person must say yes (pantau agent readmit)",
			       renewal->agent, when);
}

static int sign_next(struct change *change, const struct registry_renewal *renewal,
	struct registry_identity *shown, char ret_pem[IDENTITY_PEM_BYTES], struct err *err)
{
	struct fresh fresh = {.row = {.agent = renewal->agent, .state = IDENTITY_NEXT},
		.key = renewal->key,
		.pem = ret_pem};
	int r = renewal->sign(renewal->arg, renewal->agent, ret_pem, fresh.row.fingerprint, err);

	date(change, &fresh.row);
	if (r == 0)
		r = retire_others(change, shown, change->at_s, err);
	if (r == 0 && shown->state != IDENTITY_CURRENT)
		r = set_state(change, shown, IDENTITY_CURRENT, shown->expires_s, err);
	if (r == 0)
		r = insert(change, &fresh, err);
	return r < 0 ? r : note_state(change, &fresh.row, err);
}

int registry_renew(struct registry *registry, const struct registry_renewal *renewal,
	struct registry_renewed *ret_renewed, struct err *err)
{
	struct registry_renewed renewed = {.again = false};
	struct registry_identity shown;
	struct change change;
	int r = change_begin(registry, &change, err), parked = 0;

	if (r < 0)
		return r;
	r = begin(&change, renewal->agent, renewal->shown, &shown, err);
	if (r == 0)
		r = find_signed(&change, renewal, renewed.pem, err);
	renewed.again = r == 0 && renewed.pem[0];
	if (r == 0 && !renewed.again) {
		r = judge(&change, renewal, &shown, err);
		if (r == -EINPROGRESS) {
			parked = r; /* which is kept */
			r = 0;
		} else if (r == 0) {
			r = sign_next(&change, renewal, &shown, renewed.pem, err);
		}
	}
	r = change_end(&change, r, parked ? NULL : err);
	if (r < 0 || parked)
		return r < 0 ? r : parked;
	*ret_renewed = renewed;
	return 0;
}
