/* SPDX-License-Identifier: Apache-2.0 */
/* What people entered, as far as it bears on the month. */
#include <errno.h>
#include <inttypes.h>

#include "collector/closing/contract_text.h"
#include "collector/closing/gather_private.h"
#include "collector/store/derived.h"
#include "collector/store/registry_decision.h"
#include "collector/store/registry_objection.h"
#include "common/civil.h"

struct listing {
	struct scope *scope;
	struct table *table;
	const struct registry_exclusion *exclusion; /* whose reach is asked */
};

static void put_time(struct table *table, int64_t utc_s)
{
	char text[CIVIL_TIME_BYTES] = "";

	if (utc_s && utc_s != SPAN_FOREVER)
		civil_format(utc_s, text);
	table_text(table, text);
}

static bool overlaps(const struct scope *scope, int64_t from_s, int64_t to_s)
{
	return from_s < scope->gather->span.to && to_s > scope->gather->span.from;
}

/* ---- links */

static const struct table_column link_columns[] = {
	{"link"},
	{"desa"},
	{"provider"},
	{"kind"},
	{"zone"},
	{"first_slot"},
	{NULL},
};

/* 0: nothing was ever heard of it. What was derived remembers it for ever. */
static int find_first_slot(struct scope *scope, int64_t link, int64_t *ret_from_s)
{
	struct ledger_db *ledger = scope->gather->source->ledger;
	struct derived_line line;
	int r;

	*ret_from_s = 0;
	if (!ledger)
		return 0;
	r = derived_line(ledger, link, &line, NULL);
	if (r == 0)
		*ret_from_s = line.first_s == SPAN_FOREVER ? 0 : line.first_s;
	if (r != -ENOENT)
		return r < 0 ? err_errno(scope->err, r, "link %" PRId64, link) : 0;
	r = ledger_first_slot(ledger, link, ret_from_s, scope->err);
	return r == -ENOENT ? 0 : r;
}

static int add_link(void *arg, const struct registry_link *link)
{
	struct listing *listing = arg;
	int64_t first_s;
	int r;

	if (!scope_find_link(listing->scope, link->id))
		return 0;
	r = find_first_slot(listing->scope, link->id, &first_s);
	table_number(listing->table, link->id);
	table_text(listing->table, link->desa);
	table_text(listing->table, link->provider);
	table_text(listing->table, link_kind_name(link->kind));
	table_text(listing->table, link->zone);
	put_time(listing->table, first_s);
	return r;
}

static int gather_links(struct scope *scope)
{
	struct listing listing = {scope, table_new(link_columns), NULL};
	int r;

	if (!listing.table)
		return scope_no_memory(scope);
	r = registry_links(scope->gather->source->registry, scope->gather->filter, add_link,
		&listing, scope->err);
	return scope_put(scope, TABLE_LINKS, listing.table, r);
}

/* ---- contracts */

static int add_contract(void *arg, const struct registry_contract *contract)
{
	struct listing *listing = arg;

	if (overlaps(listing->scope, contract->from_s, contract->to_s) &&
		scope_has_contract(listing->scope, contract->link, contract->id))
		contract_table_add(listing->table, contract);
	return 0;
}

static int gather_contracts(struct scope *scope)
{
	struct listing listing = {scope, contract_table_new(), NULL};
	int r;

	if (!listing.table)
		return scope_no_memory(scope);
	r = registry_contracts(
		scope->gather->source->registry, 0, add_contract, &listing, scope->err);
	return scope_put(scope, TABLE_CONTRACTS, listing.table, r);
}

/* ---- exclusions */

static const struct table_column exclusion_columns[] = {
	{"exclusion"},
	{"scope"},
	{"value"},
	{"reason"},
	{"from"},
	{"to"},
	{"entered"},
	{"by"},
	{"second"},
	{"document"},
	{"note"},
	{NULL},
};

/* 1: it reaches a link of the month. */
static int is_reached(void *arg, const struct registry_link *link)
{
	const struct listing *listing = arg;

	return scope_find_link(listing->scope, link->id) &&
		registry_exclusion_reaches(listing->exclusion, link);
}

static void put_exclusion(struct table *table, const struct registry_exclusion *exclusion)
{
	table_number(table, exclusion->id);
	table_text(table, exclusion_scope_name(exclusion->scope));
	table_text(table, exclusion->value);
	table_text(table, exclusion_reason_name(exclusion->reason));
	put_time(table, exclusion->from_s);
	put_time(table, exclusion->to_s);
	put_time(table, exclusion->entered_s);
	table_text(table, exclusion->by);
	table_text(table, exclusion->second);
	table_text(table, exclusion->document);
	table_text(table, exclusion->note);
}

static int add_exclusion(void *arg, const struct registry_exclusion *exclusion)
{
	struct listing *listing = arg;
	struct scope *scope = listing->scope;
	int reached;

	if (exclusion->revoked_s || !overlaps(scope, exclusion->from_s, exclusion->to_s))
		return 0;
	listing->exclusion = exclusion;
	reached = registry_links(scope->gather->source->registry, scope->gather->filter, is_reached,
		listing, scope->err);
	if (reached > 0)
		put_exclusion(listing->table, exclusion);
	return reached < 0 ? reached : 0;
}

static int gather_exclusions(struct scope *scope)
{
	struct listing listing = {scope, table_new(exclusion_columns), NULL};
	int r;

	if (!listing.table)
		return scope_no_memory(scope);
	r = registry_exclusions(
		scope->gather->source->registry, 0, add_exclusion, &listing, scope->err);
	return scope_put(scope, TABLE_EXCLUSIONS, listing.table, r);
}

/* ---- decisions that are no exclusion */

static const struct table_column decision_columns[] = {
	{"kind"}, /* settlement, objection */
	{"id"},
	{"agent"}, /* of a settlement */
	{"link"}, /* of an objection */
	{"from"}, /* an objection: the second that is objected to */
	{"to"},
	{"by"},
	{"note"},
	{"entered"},
	{"outcome"}, /* accepted, refused; empty: not answered */
	{"answered_by"},
	{"answer"},
	{NULL},
};

static int add_settlement(void *arg, const struct registry_settlement *settlement)
{
	const struct listing *listing = arg;
	struct table *table = listing->table;

	if (settlement->revoked_s ||
		!overlaps(listing->scope, settlement->from_s, settlement->to_s))
		return 0;
	table_text(table, "settlement");
	table_number(table, settlement->id);
	table_number(table, settlement->agent);
	table_empty(table);
	put_time(table, settlement->from_s);
	put_time(table, settlement->to_s);
	table_text(table, settlement->by);
	table_text(table, settlement->note);
	put_time(table, settlement->entered_s);
	table_text(table, settlement->accept);
	table_empty(table);
	table_empty(table);
	return 0;
}

static int add_objection(void *arg, const struct registry_objection *objection)
{
	const struct listing *listing = arg;
	struct table *table = listing->table;
	const char *outcome = objection->accepted ? "accepted" : "refused";

	if (!scope_find_link(listing->scope, objection->link) ||
		!overlaps(listing->scope, objection->at_s, objection->at_s + 1))
		return 0;
	table_text(table, "objection");
	table_number(table, objection->id);
	table_empty(table);
	table_number(table, objection->link);
	put_time(table, objection->at_s);
	table_empty(table);
	table_text(table, objection->by);
	table_text(table, objection->note);
	put_time(table, objection->entered_s);
	table_text(table, objection->answered_s ? outcome : "");
	table_text(table, objection->answered_by);
	table_text(table, objection->answer_note);
	return 0;
}

static int gather_decisions(struct scope *scope)
{
	struct registry *registry = scope->gather->source->registry;
	struct listing listing = {scope, table_new(decision_columns), NULL};
	int r;

	if (!listing.table)
		return scope_no_memory(scope);
	r = registry_settlements(registry, 0, add_settlement, &listing, scope->err);
	if (r == 0)
		r = registry_objections(
			registry, scope->gather->filter, add_objection, &listing, scope->err);
	return scope_put(scope, TABLE_DECISIONS, listing.table, r);
}

int gather_registry(struct scope *scope)
{
	int r = gather_links(scope);

	if (r == 0)
		r = gather_contracts(scope);
	if (r == 0)
		r = gather_exclusions(scope);
	return r == 0 ? gather_decisions(scope) : r;
}
