/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/explain/effect.h"

#include <errno.h>
#include <stdlib.h>

#include "collector/explain/explain_private.h"
#include "collector/store/derived.h"

struct reached { /* one link that it reaches */
	struct registry_contract *contracts;
	size_t contract_count;
	struct exclusion *rules; /* those in force, and room for the new one at the end */
	size_t rule_count;
};

struct gatherer {
	const struct sla_source *source;
	const struct registry_exclusion *exclusion;
	int64_t now_s;
	struct effect effect;
	int64_t *links; /* ids */
	size_t link_count;
	struct err *err;
};

static int see_link(void *arg, const struct registry_link *link)
{
	struct gatherer *gatherer = arg;
	int64_t *id;

	if (!registry_exclusion_reaches(gatherer->exclusion, link))
		return 0;
	id = explain_add((void **)&gatherer->links, &gatherer->link_count, sizeof(*id));
	if (!id)
		return -ENOMEM;
	*id = link->id;
	return 0;
}

static int see_contract(void *arg, const struct registry_contract *contract)
{
	struct reached *reached = arg;
	struct registry_contract *item = explain_add(
		(void **)&reached->contracts, &reached->contract_count, sizeof(*item));

	if (!item)
		return -ENOMEM;
	*item = *contract;
	return 0;
}

static int see_rule(void *arg, const struct registry_exclusion *entry)
{
	struct reached *reached = arg;
	struct exclusion *rule = explain_add(
		(void **)&reached->rules, &reached->rule_count, sizeof(*rule));

	if (!rule)
		return -ENOMEM;
	*rule = registry_exclusion_rule(entry);
	return 0;
}

static int removed(const struct reached *reached, size_t rules, const struct terms *terms,
	const struct states *states, const struct span *within)
{
	const struct exclusions exclusions = {reached->rules, rules};
	struct spans spans = {0};
	int seconds = exclusions_spans(&exclusions, terms, states, within, &spans);

	if (seconds == 0)
		seconds = (int)spans_total(&spans);
	spans_done(&spans);
	return seconds;
}

static int count_contract(struct gatherer *gatherer, const struct reached *reached, int64_t link,
	const struct registry_contract *contract)
{
	const struct derived_of of = {link, reached->contracts[0].from_s, &contract->terms};
	struct span within = {gatherer->exclusion->from_s, gatherer->exclusion->to_s};
	struct derived derived;
	int before, after, r;

	if (within.from < contract->from_s)
		within.from = contract->from_s;
	if (within.to > contract->to_s)
		within.to = contract->to_s;
	if (within.to > gatherer->now_s)
		within.to = gatherer->now_s;
	if (within.from >= within.to)
		return 0;
	r = derived_get(gatherer->source->ledger, &of, &within, &derived, gatherer->err);
	if (r < 0)
		return r;
	before = removed(
		reached, reached->rule_count - 1, &contract->terms, &derived.states, &within);
	after = removed(reached, reached->rule_count, &contract->terms, &derived.states, &within);
	states_done(&derived.states);
	if (before < 0 || after < 0)
		return -ENOMEM;
	gatherer->effect.seconds += after - before;
	return 0;
}

static int count_link(struct gatherer *gatherer, int64_t link)
{
	struct registry *registry = gatherer->source->registry;
	struct registry_exclusion now = *gatherer->exclusion;
	struct reached reached = {0};
	int r = registry_contracts(registry, link, see_contract, &reached, gatherer->err);

	now.entered_s = gatherer->now_s;
	if (r == 0)
		r = registry_exclusions(registry, link, see_rule, &reached, gatherer->err);
	if (r == 0)
		r = see_rule(&reached, &now);
	for (size_t i = 0; r == 0 && i < reached.contract_count; i++)
		r = count_contract(gatherer, &reached, link, &reached.contracts[i]);
	free(reached.contracts);
	free(reached.rules);
	gatherer->effect.links++;
	return r;
}

static int count_links(struct gatherer *gatherer)
{
	struct ledger_db *ledger = gatherer->source->ledger;
	int r;

	if (!ledger) {
		gatherer->effect.links = (int64_t)gatherer->link_count;
		return 0;
	}
	r = ledger_read_begin(ledger, gatherer->err);
	if (r < 0)
		return r;
	for (size_t i = 0; r == 0 && i < gatherer->link_count; i++)
		r = count_link(gatherer, gatherer->links[i]);
	ledger_read_end(ledger);
	return r;
}

int effect_of(const struct sla_source *source, const struct registry_exclusion *exclusion,
	int64_t now_s, struct effect *ret_effect, struct err *err)
{
	struct gatherer gatherer = {
		.source = source, .exclusion = exclusion, .now_s = now_s, .err = err};
	int r = registry_links(source->registry, NULL, see_link, &gatherer, err);

	if (r == 0)
		r = count_links(&gatherer);
	free(gatherer.links);
	if (r == -ENOMEM)
		err_errno(err, r, "what an exclusion removes");
	if (r == 0)
		*ret_effect = gatherer.effect;
	return r;
}
