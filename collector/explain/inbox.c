/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/explain/inbox.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/explain/explain_private.h"
#include "collector/explain/inbox_private.h"
#include "collector/store/derived.h"
#include "common/civil.h"

const char *const inbox_kind_names[INBOX_KIND_COUNT + 1] = {
	[INBOX_UNDETERMINED] = "undetermined",
	[INBOX_POWER_GAP] = "power-gap",
	[INBOX_OUTAGE] = "outage",
	[INBOX_DISPUTE] = "dispute",
	[INBOX_EXCLUSION] = "exclusion",
	[INBOX_OBJECTION] = "objection",
	[INBOX_CONTRACT_GAP] = "contract-gap",
	[INBOX_WITNESS] = "witness",
};

const char *inbox_kind_name(enum inbox_kind kind)
{
	return kind < INBOX_KIND_COUNT ? inbox_kind_names[kind] : "?";
}

struct inbox_item *inbox_add(struct inbox_run *run, enum inbox_kind kind,
	const struct registry_link *link, const char *format, ...)
{
	struct inbox_item *item = explain_add(
		(void **)&run->inbox.items, &run->inbox.count, sizeof(*item));
	int length;
	va_list args;

	if (!item)
		return NULL;
	item->kind = kind;
	item->cause = -1;
	item->links = 1;
	item->link = link->id;
	item->offset_s = link->offset_s;
	memcpy(item->desa, link->desa, sizeof(item->desa));
	memcpy(item->provider, link->provider, sizeof(item->provider));
	length = snprintf(item->id, sizeof(item->id), "%s-", inbox_kind_names[kind]);
	va_start(args, format);
	vsnprintf(item->id + length, sizeof(item->id) - (size_t)length, format, args);
	va_end(args);
	return item;
}

/* ---- what is read once */

static int see_unclear(void *arg, const struct sla_outage *outage)
{
	struct inbox_run *run = arg;
	struct sla_outage *item;

	if (!outage->unclear)
		return 0;
	item = explain_add((void **)&run->unclear, &run->unclear_count, sizeof(*item));
	if (!item)
		return -ENOMEM;
	*item = *outage;
	return 0;
}

static int see_objection(void *arg, const struct registry_objection *objection)
{
	struct inbox_run *run = arg;
	struct registry_objection *item;

	if (objection->answered_s)
		return 0;
	item = explain_add((void **)&run->waiting, &run->waiting_count, sizeof(*item));
	if (!item)
		return -ENOMEM;
	*item = *objection;
	return 0;
}

static int see_settlement(void *arg, const struct registry_settlement *settlement)
{
	struct inbox_run *run = arg;
	struct registry_settlement *item;

	if (settlement->revoked_s)
		return 0;
	item = explain_add((void **)&run->settled, &run->settled_count, sizeof(*item));
	if (!item)
		return -ENOMEM;
	*item = *settlement;
	return 0;
}

static int see_doubted(void *arg, uint32_t agent)
{
	struct inbox_run *run = arg;
	uint32_t *item = explain_add((void **)&run->doubted, &run->doubted_count, sizeof(*item));

	if (!item)
		return -ENOMEM;
	*item = agent;
	return 0;
}

static int see_twin(void *arg, const struct ledger_twin *twin)
{
	struct inbox_run *run = arg;
	struct ledger_twin *item = explain_add(
		(void **)&run->twins, &run->twin_count, sizeof(*item));

	if (!item)
		return -ENOMEM;
	*item = *twin;
	return 0;
}

static int read_once(struct inbox_run *run)
{
	struct registry *registry = run->source->registry;
	int r = sla_outages(run->source, run->query, see_unclear, run, run->err);

	if (r == 0)
		r = registry_objections(
			registry, &run->query->filter, see_objection, run, run->err);
	if (r == 0)
		r = registry_settlements(registry, 0, see_settlement, run, run->err);
	if (r == 0 && run->source->ledger)
		r = ledger_doubted_agents(run->source->ledger, see_doubted, run, run->err);
	if (r == 0 && run->source->ledger)
		r = ledger_twins_each(run->source->ledger, see_twin, run, run->err);
	return r;
}

/* ---- one link */

static int add_contract(void *arg, const struct registry_contract *contract)
{
	struct inbox_link *link = arg;
	struct registry_contract *item = explain_add(
		(void **)&link->contracts, &link->contract_count, sizeof(*item));

	if (!item)
		return -ENOMEM;
	*item = *contract;
	return 0;
}

static int add_entry(void *arg, const struct registry_exclusion *entry)
{
	struct inbox_link *link = arg;
	size_t count = link->rule_count;
	struct registry_exclusion *item = explain_add(
		(void **)&link->entries, &count, sizeof(*item));
	struct exclusion *rule = explain_add(
		(void **)&link->rules, &link->rule_count, sizeof(*rule));

	if (!item || !rule)
		return -ENOMEM;
	*item = *entry;
	*rule = registry_exclusion_rule(entry);
	return 0;
}

static int load_link(struct inbox_run *run, struct inbox_link *link)
{
	struct registry *registry = run->source->registry;
	struct month_period *period = &link->period;
	int r = civil_month(
		run->query->month, link->link->offset_s, &period->from, &period->to, run->err);

	if (r < 0)
		return r;
	period->offset_s = link->link->offset_s;
	period->as_of = run->query->as_of_s < period->to ? run->query->as_of_s : period->to;
	r = registry_contracts(registry, link->link->id, add_contract, link, run->err);
	return r == 0 ? registry_exclusions(registry, link->link->id, add_entry, link, run->err)
		      : r;
}

static int load_states(struct inbox_row *row)
{
	const struct month_period *period = &row->link->period;
	struct ledger_db *ledger = row->run->source->ledger;
	const struct derived_of of = {
		row->link->link->id, row->link->contracts[0].from_s, &row->contract->terms};
	const struct span span = {period->from, period->as_of};
	const struct line nothing = {0};
	struct derived derived = {0};
	int r;

	if (!ledger)
		return states_compute(&nothing, &row->contract->terms, of.contract_s, &row->states);
	r = derived_get(ledger, &of, &span, &derived, row->run->err);
	if (r == 0)
		row->states = derived.states;
	return r;
}

static int look_at_row(struct inbox_row *row)
{
	const struct exclusions rules = {row->link->rules, row->link->rule_count};
	const struct span span = {row->contract->from_s, row->contract->to_s};
	const struct month_case month_case = {&span, &row->contract->terms, &row->states, &rules};
	int r = load_states(row);

	if (r < 0)
		return r;
	r = month_compute(&row->link->period, &month_case, &row->month);
	if (r == 0) {
		r = inbox_row_items(row);
		month_row_done(&row->month);
	}
	states_done(&row->states);
	return r == -ENODATA ? 0 : r;
}

static int look_at_rows(struct inbox_run *run, const struct inbox_link *link)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < link->contract_count; i++) {
		struct inbox_row row = {run, link, &link->contracts[i], {0}, {0}};
		if (link->contracts[i].from_s < link->period.as_of &&
			link->contracts[i].to_s > link->period.from)
			r = look_at_row(&row);
	}
	return r;
}

static int look_at_link(struct inbox_run *run, const struct registry_link *of)
{
	struct ledger_db *ledger = run->source->ledger;
	struct inbox_link link = {.link = of};
	int r = ledger ? ledger_read_begin(ledger, run->err) : 0;

	if (r < 0)
		return r;
	r = load_link(run, &link);
	if (r == 0)
		r = look_at_rows(run, &link);
	if (r == 0)
		r = inbox_link_items(run, &link);
	if (ledger)
		ledger_read_end(ledger);
	free(link.contracts);
	free(link.entries);
	free(link.rules);
	return r;
}

/* ---- all links */

struct links {
	struct registry_link *items;
	size_t count;
};

static int see_link(void *arg, const struct registry_link *link)
{
	struct links *links = arg;
	struct registry_link *item = explain_add(
		(void **)&links->items, &links->count, sizeof(*item));

	if (!item)
		return -ENOMEM;
	*item = *link;
	return 0;
}

static int look_at_links(struct inbox_run *run)
{
	struct links links = {0};
	int r = registry_links(
		run->source->registry, &run->query->filter, see_link, &links, run->err);

	for (size_t i = 0; r == 0 && i < links.count; i++)
		r = look_at_link(run, &links.items[i]);
	free(links.items);
	return r;
}

static int see_dismissal(void *arg, const struct registry_dismissal *dismissal)
{
	struct inbox *inbox = arg;

	for (size_t i = 0; !dismissal->revoked_s && i < inbox->count; i++) {
		struct inbox_item *item = &inbox->items[i];
		if (strcmp(item->id, dismissal->item) != 0)
			continue;
		item->dismissal = dismissal->id;
		memcpy(item->dismissed_by, dismissal->by, sizeof(item->dismissed_by));
		memcpy(item->dismissed_note, dismissal->note, sizeof(item->dismissed_note));
	}
	return 0;
}

static int by_weight(const void *left, const void *right)
{
	const struct inbox_item *a = left, *b = right;

	if (!a->dismissal != !b->dismissal)
		return a->dismissal ? 1 : -1;
	if (a->rupiah != b->rupiah)
		return a->rupiah > b->rupiah ? -1 : 1;
	if (a->seconds != b->seconds)
		return a->seconds > b->seconds ? -1 : 1;
	return strcmp(a->id, b->id);
}

static void run_done(struct inbox_run *run)
{
	free(run->unclear);
	free(run->waiting);
	free(run->settled);
	free(run->doubted);
	free(run->twins);
}

int inbox_gather(const struct sla_source *source, const struct sla_query *query,
	struct inbox *ret_inbox, struct err *err)
{
	struct inbox_run run = {.source = source, .query = query, .err = err};
	int r = read_once(&run);

	if (r == 0)
		r = look_at_links(&run);
	if (r == 0)
		r = registry_dismissals(source->registry, see_dismissal, &run.inbox, err);
	run_done(&run);
	if (r < 0) {
		if (r == -ENOMEM || r == -ERANGE)
			err_errno(err, r, "what is to be decided in %s", query->month);
		inbox_done(&run.inbox);
		return r;
	}
	if (run.inbox.count)
		qsort(run.inbox.items, run.inbox.count, sizeof(*run.inbox.items), by_weight);
	*ret_inbox = run.inbox;
	return 0;
}

static void item_done(struct inbox_item *item)
{
	free(item->parts);
	free(item->devices);
}

void inbox_keep(struct inbox *inbox, int kind, bool open)
{
	size_t count = 0;

	for (size_t i = 0; i < inbox->count; i++) {
		struct inbox_item *item = &inbox->items[i];

		if ((kind >= 0 && (int)item->kind != kind) || (open && item->dismissal))
			item_done(item);
		else
			inbox->items[count++] = *item;
	}
	inbox->count = count;
}

void inbox_done(struct inbox *inbox)
{
	for (size_t i = 0; i < inbox->count; i++)
		item_done(&inbox->items[i]);
	free(inbox->items);
	*inbox = (struct inbox){0};
}

const struct inbox_item *inbox_find(const struct inbox *inbox, const char *id)
{
	for (size_t i = 0; i < inbox->count; i++) {
		if (!strcmp(inbox->items[i].id, id))
			return &inbox->items[i];
	}
	return NULL;
}
