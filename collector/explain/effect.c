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

struct place {
	int64_t id;
	int32_t offset_s; /* of its zone */
};

struct gatherer {
	const struct sla_source *source;
	const struct registry_exclusion *exclusion;
	int64_t now_s;
	struct effect effect;
	struct place *links;
	size_t link_count;
	struct err *err;
};

static int see_link(void *arg, const struct registry_link *link)
{
	struct gatherer *gatherer = arg;
	struct place *place;

	if (!registry_exclusion_reaches(gatherer->exclusion, link))
		return 0;
	place = explain_add((void **)&gatherer->links, &gatherer->link_count, sizeof(*place));
	if (!place)
		return -ENOMEM;
	*place = (struct place){link->id, link->offset_s};
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

struct stretch { /* where one contract meets the exclusion */
	const struct terms *terms;
	const struct states *states;
	struct span within;
	struct spans served; /* its service hours: what P is made of */
};

static int removed(const struct reached *reached, size_t rules, const struct stretch *stretch,
	int64_t *ret_seconds)
{
	const struct exclusions exclusions = {reached->rules, rules};
	struct spans spans = {0}, counted = {0};
	int failed = exclusions_spans(
		&exclusions, stretch->terms, stretch->states, &stretch->within, &spans);

	if (!failed)
		failed = spans_intersect(&spans, &stretch->served, &counted);
	*ret_seconds = spans_total(&counted);
	spans_done(&counted);
	spans_done(&spans);
	return failed;
}

static int compare(const struct reached *reached, struct stretch *stretch, int32_t offset_s,
	int64_t *ret_seconds)
{
	int64_t before = 0, after = 0;
	int failed = service_spans(
		&stretch->terms->service, &stretch->within, offset_s, &stretch->served);

	if (!failed)
		failed = removed(reached, reached->rule_count - 1, stretch, &before);
	if (!failed)
		failed = removed(reached, reached->rule_count, stretch, &after);
	spans_done(&stretch->served);
	*ret_seconds = after - before;
	return failed;
}

static struct span clip(const struct gatherer *gatherer, const struct registry_contract *contract)
{
	struct span within = {gatherer->exclusion->from_s, gatherer->exclusion->to_s};

	if (within.from < contract->from_s)
		within.from = contract->from_s;
	if (within.to > contract->to_s)
		within.to = contract->to_s;
	if (within.to > gatherer->now_s)
		within.to = gatherer->now_s;
	return within;
}

static int count_contract(struct gatherer *gatherer, const struct reached *reached,
	const struct registry_contract *contract, int32_t offset_s)
{
	const struct derived_of of = {
		contract->link, reached->contracts[0].from_s, &contract->terms};
	struct derived derived;
	struct stretch stretch = {&contract->terms, &derived.states, clip(gatherer, contract), {0}};
	int64_t seconds = 0;
	int r;

	if (stretch.within.from >= stretch.within.to)
		return 0;
	r = derived_get(gatherer->source->ledger, &of, &stretch.within, &derived, gatherer->err);
	if (r < 0)
		return r;
	r = compare(reached, &stretch, offset_s, &seconds);
	states_done(&derived.states);
	gatherer->effect.seconds += seconds;
	return r;
}

static int count_link(struct gatherer *gatherer, const struct place *link)
{
	struct registry *registry = gatherer->source->registry;
	struct registry_exclusion now = *gatherer->exclusion;
	struct reached reached = {0};
	int r = registry_contracts(registry, link->id, see_contract, &reached, gatherer->err);

	now.entered_s = gatherer->now_s;
	if (r == 0)
		r = registry_exclusions(registry, link->id, see_rule, &reached, gatherer->err);
	if (r == 0)
		r = see_rule(&reached, &now);
	for (size_t i = 0; r == 0 && i < reached.contract_count; i++)
		r = count_contract(gatherer, &reached, &reached.contracts[i], link->offset_s);
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
		r = count_link(gatherer, &gatherer->links[i]);
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
