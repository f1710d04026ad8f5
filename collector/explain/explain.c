/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/explain/explain.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "collector/explain/explain_private.h"
#include "common/civil.h"

const char *explain_class_name(enum explain_class class)
{
	static const char *const names[] = {
		[EXPLAIN_UP] = "U",
		[EXPLAIN_DOWN] = "D",
		[EXPLAIN_UNDETERMINED] = "N",
		[EXPLAIN_EXCLUDED] = "E",
	};

	return names[class];
}

const char *explain_nowhere_name(enum explain_nowhere nowhere)
{
	static const char *const names[] = {
		[NOWHERE_NO_CONTRACT] = "no-contract",
		[NOWHERE_NOT_YET] = "not-yet",
		[NOWHERE_OFF_HOURS] = "off-hours",
	};

	return names[nowhere];
}

const char *explain_reach_name(enum explain_reach reach)
{
	static const char *const names[] = {
		[REACH_COUNTS] = "counts",
		[REACH_REVOKED] = "revoked",
		[REACH_NOTICE] = "notice",
		[REACH_UNCONFIRMED] = "unconfirmed",
		[REACH_NOT_POWER] = "not-power",
		[REACH_OTHERWISE] = "otherwise",
	};

	return names[reach];
}

/* What a month can be named of: 1970 to 9998. */
#define TIME_MAX_S 253370764800LL

/* ---- link and contract */

static int see_contract(void *arg, const struct registry_contract *contract)
{
	struct explanation *out = arg;

	if (contract->from_s < out->begins_s)
		out->begins_s = contract->from_s;
	if (contract->to_s <= out->at_s)
		out->before = *contract;
	else if (contract->from_s <= out->at_s) {
		out->contract = *contract;
		out->has_contract = true;
	} else if (!out->after.id)
		out->after = *contract;
	return 0;
}

static int find_contract(struct explain_case *explain)
{
	struct explanation *out = explain->out;
	struct registry *registry = explain->source->registry;
	int r = registry_link_get(registry, out->link.id, &out->link, explain->err);

	if (r == 0)
		r = registry_place(registry, out->link.desa, &out->place, explain->err);
	if (r == 0)
		r = registry_contracts(registry, out->link.id, see_contract, out, explain->err);
	if (r < 0)
		return r;
	terms_init(&out->terms);
	if (out->has_contract)
		out->terms = out->contract.terms;
	explain->contract_s = out->begins_s;
	civil_month_name(out->at_s, out->link.offset_s, out->period);
	return civil_month(out->period, out->link.offset_s, &explain->month.from,
		&explain->month.to, explain->err);
}

/* ---- the row */

static int see_rule(void *arg, const struct registry_exclusion *entry)
{
	struct exclusions *rules = arg;
	struct exclusion *rule = explain_add((void **)&rules->items, &rules->count, sizeof(*rule));

	if (!rule)
		return -ENOMEM;
	*rule = registry_exclusion_rule(entry);
	return 0;
}

static void clip(struct explanation *out, int64_t from_s, int64_t to_s)
{
	if (from_s > out->from_s)
		out->from_s = from_s;
	if (to_s < out->to_s)
		out->to_s = to_s;
}

/* Clips to the interval of the set that holds the second, or to the one between two of them.
 * Whether there is one. */
static bool clip_to(struct explanation *out, const struct spans *set)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct span *span = &set->items[i];
		if (span->from > out->at_s) {
			clip(out, INT64_MIN, span->from);
			return false;
		}
		if (span->to > out->at_s) {
			clip(out, span->from, span->to);
			return true;
		}
		clip(out, span->to, SPAN_FOREVER);
	}
	return false;
}

static enum explain_class measured_class(const struct explanation *out)
{
	switch (out->run.state) {
	case STATE_U: return EXPLAIN_UP;
	case STATE_D: return EXPLAIN_DOWN;
	default: return EXPLAIN_UNDETERMINED;
	}
}

/* As the row of its month has it: in P minus E, in E, or not in P. */
static void classify(struct explanation *out, const struct month_row *row)
{
	clip(out, row->segment_from, row->segment_to);
	clip(out, out->run.from, out->run.to);
	if (!clip_to(out, &row->period)) {
		out->nowhere = NOWHERE_OFF_HOURS;
		return;
	}
	out->class = clip_to(out, &row->counted) ? measured_class(out) : EXPLAIN_EXCLUDED;
}

static int place_in_row(struct explain_case *explain, const struct month_period *period)
{
	struct explanation *out = explain->out;
	const struct span span = {out->contract.from_s, out->contract.to_s};
	struct exclusions rules = {0};
	const struct month_case month_case = {&span, &out->terms, &explain->states, &rules};
	struct month_row row;
	int r = registry_exclusions(
		explain->source->registry, out->link.id, see_rule, &rules, explain->err);

	if (r == 0) {
		r = month_compute(period, &month_case, &row);
		if (r == 0) {
			classify(out, &row);
			month_row_done(&row);
		}
	}
	free((void *)rules.items);
	if (r < 0)
		err_errno(explain->err, r, "row of a second");
	return r;
}

static int find_row(struct explain_case *explain)
{
	struct explanation *out = explain->out;
	const struct month_period period = {
		.from = explain->month.from,
		.to = explain->month.to,
		.as_of = out->as_of_s < explain->month.to ? out->as_of_s : explain->month.to,
		.offset_s = out->link.offset_s,
	};

	out->from_s = period.from;
	out->to_s = period.to;
	if (!out->has_contract) {
		out->nowhere = NOWHERE_NO_CONTRACT;
		clip(out, out->before.id ? out->before.to_s : INT64_MIN,
			out->after.id ? out->after.from_s : SPAN_FOREVER);
		return 0;
	}
	if (out->at_s >= out->as_of_s) {
		out->nowhere = NOWHERE_NOT_YET;
		clip(out, out->as_of_s, SPAN_FOREVER);
		clip(out, out->contract.from_s, out->contract.to_s);
		return 0;
	}
	return place_in_row(explain, &period);
}

/* ---- all of it */

void explain_case_done(struct explain_case *explain)
{
	states_done(&explain->states);
	base_done(&explain->base);
	free(explain->pieces);
	line_done(&explain->line);
	ledger_history_done(&explain->history);
}

static int gather(struct explain_case *explain)
{
	int r = find_contract(explain);

	if (r == 0)
		r = explain_count(explain);
	if (r == 0)
		r = explain_judge(explain);
	if (r == 0)
		r = find_row(explain);
	if (r == 0)
		r = explain_evidence(explain);
	return r == 0 ? explain_decisions(explain) : r;
}

int explain_second(const struct sla_source *source, const struct explain_query *query,
	struct explanation *ret_explanation, struct err *err)
{
	struct explanation out = {
		.at_s = query->at_s,
		.as_of_s = query->as_of_s,
		.link.id = query->link,
		.begins_s = SPAN_FOREVER,
		.gone_s = INT64_MIN,
	};
	struct explain_case explain = {.source = source, .out = &out, .err = err};
	int r = 0;

	if (query->at_s < 0 || query->at_s >= TIME_MAX_S)
		return err_set(err, -EINVAL, "at = @%" PRId64 ": not in the years 1970 to 9998",
			query->at_s);
	if (source->ledger)
		r = ledger_read_begin(source->ledger, err);
	if (r < 0)
		return r;
	r = gather(&explain);
	if (source->ledger)
		ledger_read_end(source->ledger);
	explain_case_done(&explain);
	if (r < 0)
		explanation_done(&out);
	else
		*ret_explanation = out;
	return r;
}

void explanation_done(struct explanation *explanation)
{
	free(explanation->pieces);
	free(explanation->witness.slot);
	free(explanation->losers);
	free(explanation->exclusions);
	free(explanation->objections);
	*explanation = (struct explanation){0};
}
