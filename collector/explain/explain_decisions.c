/* SPDX-License-Identifier: Apache-2.0 */
/* What people said about the second: exclusions, objections, settled disputes. */
#include <errno.h>
#include <stdlib.h>

#include "collector/explain/explain_private.h"

/* Seconds of this one, 0 or 1, that the exclusions remove by the month's own rules. */
static int removed(const struct explain_case *explain, const struct exclusions *exclusions,
	const struct terms *terms, bool *ret_removed)
{
	const struct span second = {explain->out->at_s, explain->out->at_s + 1};
	struct spans spans = {0};
	int failed = exclusions_spans(exclusions, terms, &explain->states, &second, &spans);

	if (!failed)
		*ret_removed = spans_total(&spans) > 0;
	spans_done(&spans);
	return failed;
}

static enum explain_reach reach_of(
	const struct explanation *out, const struct exclusion *rule, int64_t counts_from_s)
{
	if (rule->revoked)
		return REACH_REVOKED;
	if (counts_from_s > out->at_s)
		return REACH_NOTICE;
	if (rule->reason == EXCLUSION_POWER)
		return REACH_NOT_POWER;
	if (out->run.state == STATE_D && !exclusion_reaches_down(rule))
		return REACH_UNCONFIRMED;
	return REACH_OTHERWISE;
}

static int see_exclusion(void *arg, const struct registry_exclusion *entry)
{
	struct explain_case *explain = arg;
	struct explanation *out = explain->out;
	struct exclusion rule = registry_exclusion_rule(entry);
	const struct exclusions alone = {&rule, 1};
	struct terms terms = out->terms;
	struct explain_exclusion *item;
	bool counts = false;

	if (entry->from_s > out->at_s || out->at_s >= entry->to_s)
		return 0;
	terms.power = POWER_UNKNOWN; /* its own doing, not the contract's */
	item = explain_add((void **)&out->exclusions, &out->exclusion_count, sizeof(*item));
	if (!item || removed(explain, &alone, &terms, &counts) < 0)
		return -ENOMEM;
	item->entry = *entry;
	item->counts_from_s = exclusion_from(&rule, &out->terms);
	item->reach = counts ? REACH_COUNTS : reach_of(out, &rule, item->counts_from_s);
	if (out->class == EXPLAIN_NOWHERE && counts)
		item->reach = REACH_OTHERWISE; /* there is no row that it could remove it from */
	return 0;
}

static int see_power(struct explain_case *explain)
{
	struct explanation *out = explain->out;
	const struct exclusions none = {0};
	bool gone = false;
	int failed;

	if (out->terms.power != POWER_EXCLUDE || !out->measured || out->run.state != STATE_N ||
		out->run.cause != UNKNOWN_POWER)
		return 0;
	failed = removed(explain, &none, &out->terms, &gone);
	out->power = gone ? POWER_REMOVED : POWER_TO_A_PERSON;
	return failed;
}

static int see_outage(struct explain_case *explain)
{
	struct explanation *out = explain->out;
	struct outage *outages = NULL;
	size_t count = 0;
	int failed = outages_find(&explain->states, out->as_of_s, &outages, &count);

	for (size_t i = 0; !failed && i < count; i++) {
		if (outages[i].span_from <= out->at_s && out->at_s < outages[i].span_to) {
			out->has_outage = out->measured;
			out->outage = outages[i];
		}
	}
	free(outages);
	return failed;
}

static int see_objection(void *arg, const struct registry_objection *objection)
{
	struct explanation *out = arg;
	struct registry_objection *item;
	bool same_outage = out->has_outage && objection->at_s >= out->outage.span_from &&
		objection->at_s < out->outage.span_to;

	if (!same_outage && objection->at_s != out->at_s)
		return 0;
	item = explain_add((void **)&out->objections, &out->objection_count, sizeof(*item));
	if (!item)
		return -ENOMEM;
	*item = *objection;
	return 0;
}

static int see_settlement(void *arg, const struct registry_settlement *settlement)
{
	struct explanation *out = arg;
	const struct ledger_slot *row = &out->witness.row;

	if (!settlement->revoked_s && settlement->from_s <= row->from_s &&
		row->to_s <= settlement->to_s)
		out->settlement = *settlement;
	return 0;
}

int explain_decisions(struct explain_case *explain)
{
	struct explanation *out = explain->out;
	struct registry *registry = explain->source->registry;
	const struct registry_filter filter = {.link = out->link.id};
	int r = see_outage(explain);

	if (r == 0)
		r = see_power(explain);
	if (r < 0)
		return err_errno(explain->err, r, "decisions about a second");
	r = registry_exclusions(registry, out->link.id, see_exclusion, explain, explain->err);
	if (r == 0)
		r = registry_objections(registry, &filter, see_objection, out, explain->err);
	if (r == 0 && out->witness.there)
		r = registry_settlements(
			registry, out->witness.row.agent, see_settlement, out, explain->err);
	if (r == -ENOMEM)
		err_errno(explain->err, r, "decisions about a second");
	return r;
}
