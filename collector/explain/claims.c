/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/explain/claims.h"

#include <errno.h>
#include <stdlib.h>

#include "collector/explain/explain_private.h"
#include "common/civil.h"

#define DAY_S 86400
#define MONTH_BYTES 8

const char *claim_state_name(enum claim_state state)
{
	static const char *const names[] = {
		[CLAIM_OVERDUE] = "overdue",
		[CLAIM_OPEN] = "open",
		[CLAIM_RUNNING] = "running",
		[CLAIM_TOLD] = "told",
		[CLAIM_TOLD_LATE] = "told-late",
	};

	return names[state];
}

struct gatherer {
	const struct sla_source *source;
	const struct claims_query *query;
	struct claims claims;
	struct err *err;
};

static int see_contract(void *arg, const struct registry_contract *contract)
{
	struct claim *claim = arg;

	if (contract->id != claim->outage.contract)
		return 0;
	claim->claim_days = contract->terms.claim_days;
	return 1;
}

static int see_told(void *arg, const struct registry_told *told)
{
	struct claim *claim = arg;

	if (told->revoked_s || told->at_s < claim->outage.span_from_s ||
		told->at_s >= claim->outage.span_to_s)
		return 0;
	claim->told = *told;
	return 1;
}

static enum claim_state state_of(const struct claim *claim, int64_t now_s)
{
	if (claim->told.id)
		return claim->told.told_s < claim->window_to_s ? CLAIM_TOLD : CLAIM_TOLD_LATE;
	if (claim->outage.running)
		return CLAIM_RUNNING;
	return now_s < claim->window_to_s ? CLAIM_OPEN : CLAIM_OVERDUE;
}

static int complete(const struct gatherer *gatherer, struct claim *claim)
{
	struct registry *registry = gatherer->source->registry;
	const struct sla_outage *outage = &claim->outage;
	struct registry_link link;
	int r = registry_link_get(registry, outage->link, &link, gatherer->err);

	if (r == 0)
		r = registry_contracts(registry, outage->link, see_contract, claim, gatherer->err);
	if (r >= 0)
		r = registry_told(registry, outage->link, see_told, claim, gatherer->err);
	if (r < 0)
		return r;
	claim->offset_s = link.offset_s;
	claim->window_from_s = outage->running ? SPAN_FOREVER : outage->end_s;
	claim->window_to_s = outage->running ? SPAN_FOREVER
					     : outage->end_s + (int64_t)claim->claim_days * DAY_S;
	claim->state = state_of(claim, gatherer->query->now_s);
	return 0;
}

/* An outage over the end of a month comes twice. */
static bool is_known(const struct claims *claims, const struct sla_outage *outage)
{
	for (size_t i = claims->count; i > 0; i--) {
		const struct sla_outage *other = &claims->items[i - 1].outage;
		if (other->link == outage->link && other->start_s == outage->start_s)
			return true;
	}
	return false;
}

static int see_outage(void *arg, const struct sla_outage *outage)
{
	struct gatherer *gatherer = arg;
	const struct claims_query *query = gatherer->query;
	struct claim claim = {.outage = *outage}, *item;
	int r = complete(gatherer, &claim);

	if (r < 0)
		return r;
	if (claim.window_to_s < query->now_s - (int64_t)query->overdue_days * DAY_S ||
		is_known(&gatherer->claims, outage))
		return 0;
	item = explain_add(
		(void **)&gatherer->claims.items, &gatherer->claims.count, sizeof(*item));
	if (!item)
		return err_errno(gatherer->err, -ENOMEM, "claims");
	*item = claim;
	return 0;
}

static int longest_window(void *arg, const struct registry_contract *contract)
{
	uint32_t *days = arg;

	if (contract->terms.claim_days > *days)
		*days = contract->terms.claim_days;
	return 0;
}

static int look_at_months(struct gatherer *gatherer, uint32_t days)
{
	const struct claims_query *query = gatherer->query;
	/* a day more on either side: a month begins at another moment in each zone */
	int64_t at_s = query->now_s - ((int64_t)days + query->overdue_days + 1) * DAY_S;
	int64_t from_s;
	char month[MONTH_BYTES];
	int r = 0;

	while (r == 0 && at_s <= query->now_s + DAY_S) {
		struct sla_query sla = {
			.month = month, .as_of_s = query->now_s, .filter = query->filter};
		civil_month_name(at_s, 0, month);
		r = civil_month(month, 0, &from_s, &at_s, gatherer->err);
		if (r == 0)
			r = sla_outages(
				gatherer->source, &sla, see_outage, gatherer, gatherer->err);
	}
	return r;
}

static int by_window(const void *left, const void *right)
{
	const struct claim *a = left, *b = right;

	if (!a->told.id != !b->told.id)
		return a->told.id ? 1 : -1;
	if (a->window_to_s != b->window_to_s)
		return a->window_to_s < b->window_to_s ? -1 : 1;
	if (a->outage.link != b->outage.link)
		return a->outage.link < b->outage.link ? -1 : 1;
	return (a->outage.start_s > b->outage.start_s) - (a->outage.start_s < b->outage.start_s);
}

int claims_gather(const struct sla_source *source, const struct claims_query *query,
	struct claims *ret_claims, struct err *err)
{
	struct gatherer gatherer = {.source = source, .query = query, .err = err};
	uint32_t days = 0;
	int r = registry_contracts(source->registry, 0, longest_window, &days, err);

	if (r == 0)
		r = look_at_months(&gatherer, days);
	if (r < 0) {
		claims_done(&gatherer.claims);
		return r;
	}
	if (gatherer.claims.count)
		qsort(gatherer.claims.items, gatherer.claims.count, sizeof(struct claim),
			by_window);
	*ret_claims = gatherer.claims;
	return 0;
}

void claims_done(struct claims *claims)
{
	free(claims->items);
	*claims = (struct claims){0};
}

int64_t claim_days_left(const struct claim *claim, int64_t now_s)
{
	int64_t left_s = claim->window_to_s - now_s;

	return left_s / DAY_S - (left_s % DAY_S < 0);
}
