/* SPDX-License-Identifier: Apache-2.0 */
/* The table `link_rule`: under which rules a link is derived, and from when on one still waits. */
#include <errno.h>
#include <stdlib.h>

#include "collector/store/derived_private.h"
#include "collector/store/forget_link.h"

static bool is_needed(const struct derived_link *link, int64_t rule)
{
	for (size_t i = 0; i < link->rule_count; i++) {
		if (rule_key(&link->rules[i]) == rule)
			return true;
	}
	return false;
}

/* One that is not needed; false: there is none. */
static int find_spare(struct db *db, const struct derived_link *link, int64_t *ret_rule,
	bool *ret_found, struct err *err)
{
	struct query q;

	*ret_found = false;
	db_query(&q, db, "SELECT rule FROM link_rule WHERE link = ?");
	query_number(&q, link->link);
	while (!*ret_found && query_next(&q) > 0) {
		*ret_rule = query_get_number(&q, 0);
		*ret_found = !is_needed(link, *ret_rule);
	}
	return query_end(&q, err);
}

/* Its parts stay: nobody reads them, and should it come back all of it is derived anew. */
static int drop_spares(struct db *db, const struct derived_link *link, struct err *err)
{
	int64_t rule;
	bool found = true;
	int r = 0;

	while (r == 0 && found) {
		struct query q;
		r = find_spare(db, link, &rule, &found, err);
		if (r < 0 || !found)
			break;
		db_query(&q, db, "DELETE FROM link_rule WHERE link = ? AND rule = ?");
		query_number(&q, link->link);
		query_number(&q, rule);
		r = query_run(&q, err);
	}
	return r;
}

int rules_note(struct db *db, const struct derived_link *link, int64_t waits_s, struct err *err)
{
	struct forgotten_link forgotten;
	int r = drop_spares(db, link, err);

	if (r == 0)
		r = forgotten_get(db, link->link, &forgotten, err);
	for (size_t i = 0; r == 0 && i < link->rule_count; i++) {
		struct query q;
		db_query(&q, db,
			"INSERT OR IGNORE INTO link_rule(link, rule, waits_s, since_s)"
			" VALUES (?, ?, ?, ?)");
		query_number(&q, link->link);
		query_number(&q, rule_key(&link->rules[i]));
		if (waits_s == INT64_MIN)
			query_null(&q);
		else
			query_number(&q, waits_s);
		if (forgotten.until_s == INT64_MIN)
			query_null(&q);
		else
			query_number(&q, forgotten.until_s);
		r = query_run(&q, err);
	}
	return r;
}

static void want_rule(struct terms *rules, size_t *count, const struct terms *terms)
{
	for (size_t i = 0; i < *count; i++) {
		if (derived_same_rule(&rules[i], terms))
			return;
	}
	rules[(*count)++] = *terms;
}

int derived_rules_of(const struct registry_contract *contracts, size_t count,
	struct terms **ret_rules, size_t *ret_count)
{
	struct terms usual, *rules = calloc(count + 1, sizeof(*rules));
	/* before the first contract a link may have been measured already */
	int64_t covered_s = INT64_MIN;
	bool gap = false;

	if (!rules)
		return -ENOMEM;
	*ret_count = 0;
	for (size_t i = 0; i < count; i++) {
		want_rule(rules, ret_count, &contracts[i].terms);
		gap |= contracts[i].from_s != covered_s;
		covered_s = contracts[i].to_s;
	}
	terms_init(&usual);
	if (gap || covered_s != SPAN_FOREVER)
		want_rule(rules, ret_count, &usual);
	*ret_rules = rules;
	return 0;
}

static struct terms rule_of(int64_t key)
{
	struct terms terms;

	terms_init(&terms);
	terms.loss_threshold_ppm = (uint32_t)(key >> 24);
	terms.bridge_s = (uint32_t)(key >> 8 & 0xffff);
	terms.uncharged = (uint32_t)(key & 0xff);
	return terms;
}

static int add_rule(struct kept_rules *rules, int64_t key)
{
	struct terms *items = realloc(rules->items, (rules->count + 1) * sizeof(*items));

	if (!items)
		return -ENOMEM;
	items[rules->count++] = rule_of(key);
	rules->items = items;
	return 0;
}

static int load_noted(struct db *db, int64_t link, struct kept_rules *rules, struct err *err)
{
	struct query q;
	int failed = 0, r;

	db_query(&q, db, "SELECT rule FROM link_rule WHERE link = ?");
	query_number(&q, link);
	while (!failed && query_next(&q) > 0)
		failed = add_rule(rules, query_get_number(&q, 0));
	r = query_end(&q, err);
	return failed ? err_errno(err, failed, "rules of link %lld", (long long)link) : r;
}

int rules_load(struct db *db, int64_t link, struct kept_rules *ret_rules, struct err *err)
{
	struct kept_rules rules = {0};
	struct terms usual;
	int r = load_noted(db, link, &rules, err);

	if (r == 0 && !rules.count) {
		terms_init(&usual);
		r = rules_note(
			db, &(struct derived_link){link, SPAN_FOREVER, &usual, 1}, INT64_MIN, err);
		if (r == 0)
			r = load_noted(db, link, &rules, err);
	}
	if (r < 0)
		free(rules.items);
	else
		*ret_rules = rules;
	return r;
}

int rules_waiting(
	struct db *db, int64_t link, struct terms *ret_rule, int64_t *ret_waits_s, struct err *err)
{
	struct query q;
	int found, r;

	db_query(&q, db,
		"SELECT rule, waits_s FROM link_rule WHERE link = ? AND waits_s IS NOT NULL"
		" ORDER BY rule LIMIT 1");
	query_number(&q, link);
	found = query_next(&q);
	if (found > 0) {
		*ret_rule = rule_of(query_get_number(&q, 0));
		*ret_waits_s = query_get_number(&q, 1);
	}
	r = query_end(&q, err);
	return r == 0 && !found ? -ENOENT : r;
}

int rule_put(struct db *db, const struct part_key *key, int64_t waits_s, struct err *err)
{
	struct query q;

	db_query(&q, db, "UPDATE link_rule SET waits_s = ? WHERE link = ? AND rule = ?");
	query_until(&q, waits_s);
	query_number(&q, key->link);
	query_number(&q, key->rule);
	return query_run(&q, err);
}

int derived_waiting(struct ledger_db *db, int64_t *ret_links, struct err *err)
{
	struct query q;
	int64_t links = 0;
	int r;

	db_query(
		&q, db->db, "SELECT count(DISTINCT link) FROM link_rule WHERE waits_s IS NOT NULL");
	if (query_next(&q) > 0)
		links = query_get_number(&q, 0);
	r = query_end(&q, err);
	if (r == 0)
		*ret_links = links;
	return r;
}

int derived_waiting_next(struct ledger_db *db, int64_t after, int64_t *ret_link, struct err *err)
{
	struct query q;
	int64_t link = 0;
	int r;

	db_query(&q, db->db,
		"SELECT link FROM link_rule WHERE waits_s IS NOT NULL AND link > ?"
		" ORDER BY link LIMIT 1");
	query_number(&q, after);
	if (query_next(&q) > 0)
		link = query_get_number(&q, 0);
	r = query_end(&q, err);
	if (r == 0)
		*ret_link = link;
	return r;
}

/* ---- how far figures are kept */

int derived_put_figured(
	struct ledger_writer *writer, int64_t link, int64_t figured_s, struct err *err)
{
	struct query q;

	db_query(&q, writer->db,
		"UPDATE link_line SET figured_s = ?1 WHERE link = ?2 AND figured_s <> ?1");
	query_number(&q, figured_s);
	query_number(&q, link);
	return query_run(&q, err);
}

static int ask_unfigured(struct ledger_db *db, const char *sql, int64_t before_s,
	int64_t *ret_number, struct err *err)
{
	struct query q;
	int64_t number = 0;
	int r;

	db_query(&q, db->db, sql);
	query_number(&q, before_s);
	if (query_next(&q) > 0)
		number = query_get_number(&q, 0);
	r = query_end(&q, err);
	if (r == 0)
		*ret_number = number;
	return r;
}

int derived_unfigured(struct ledger_db *db, int64_t before_s, int64_t *ret_links, struct err *err)
{
	return ask_unfigured(
		db, "SELECT count(*) FROM link_line WHERE figured_s < ?", before_s, ret_links, err);
}

int derived_unfigured_next(
	struct ledger_db *db, int64_t before_s, int64_t *ret_link, struct err *err)
{
	return ask_unfigured(db,
		"SELECT link FROM link_line WHERE figured_s < ? ORDER BY figured_s LIMIT 1",
		before_s, ret_link, err);
}
