/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_private.h"
#include "collector/store/sla.h"
#include "collector/store/sla_evidence.h"
#include "collector/store/sla_link.h"
#include "common/civil.h"

#define US_PER_S 1000000LL

struct run {
	struct registry *registry;
	struct ledger_db *ledger;
	const struct sla_query *query;
	int (*each)(void *arg, const struct sla_outage *outage);
	void *arg;
	struct outage last; /* of the present link: two contracts may see the same one */
};

const char *sla_outage_note(const struct sla_outage *outage)
{
	if (outage->running && outage->unclear)
		return "masih berlangsung; perlu klarifikasi";
	if (outage->running)
		return "masih berlangsung";
	return outage->unclear ? "perlu klarifikasi" : "";
}

/* D falls short of the threshold, and D + N does not. */
static bool lies_between(const struct sla_outage *outage, int64_t threshold_s)
{
	return outage->d_s < threshold_s && threshold_s <= outage->d_s + outage->n_s;
}

/* The least downtime with which availability falls below this target. */
static int64_t downtime_below(uint32_t target_ppm, int64_t judged_s)
{
	return (int64_t)((__int128)(TERMS_PPM - target_ppm) * judged_s / TERMS_PPM) + 1;
}

static bool threshold_inside(
	const struct sla_outage *outage, const struct terms *terms, const struct month_row *row)
{
	int64_t judged_s = row->s - row->e;

	if (lies_between(outage, terms->window_s) ||
		lies_between(outage, downtime_below(terms->target_ppm, judged_s)))
		return true;
	for (uint32_t i = 0; i < terms->band_count; i++) {
		if (lies_between(outage, downtime_below(terms->bands[i].below_ppm, judged_s)))
			return true;
	}
	return false;
}

/* Something was acknowledged over this link while it is said to have been down. */
static int heard_inside(
	struct run *run, const struct sla_outage *outage, bool *ret_heard, struct err *err)
{
	int64_t from_us = outage->start_s * US_PER_S, to_us = outage->end_s * US_PER_S;

	if (outage->first_lost_us > from_us)
		from_us = outage->first_lost_us;
	if (outage->first_answered_us && outage->first_answered_us < to_us)
		to_us = outage->first_answered_us;
	return ledger_received_within(run->ledger, outage->link, from_us, to_us, ret_heard, err);
}

static int answer_outage(struct run *run, const struct sla_case *sla_case,
	const struct registry_contract *contract, const struct month_row *row,
	const struct outage *found, struct err *err)
{
	struct sla_outage outage = {
		.link = sla_case->link.id,
		.contract = contract->id,
		.start_s = found->from,
		.end_s = found->to,
		.cause = found->cause,
		.d_s = found->down_s,
		.n_s = found->unknown_s,
		.running = found->span_to == SPAN_FOREVER,
	};
	bool heard = false;
	int r;

	memcpy(outage.desa, sla_case->link.desa, sizeof(outage.desa));
	memcpy(outage.provider, sla_case->link.provider, sizeof(outage.provider));
	r = sla_evidence(run->ledger, outage.link, outage.start_s, outage.end_s,
		&outage.first_lost_us, &outage.first_answered_us, err);
	if (r == 0)
		r = heard_inside(run, &outage, &heard, err);
	if (r < 0)
		return r;
	outage.unclear = heard || threshold_inside(&outage, &contract->terms, row);
	return run->each(run->arg, &outage);
}

static int answer_outages(struct run *run, const struct sla_case *sla_case,
	const struct registry_contract *contract, const struct states *states,
	const struct month_row *row, struct err *err)
{
	struct outage *outages = NULL;
	size_t count = 0;
	/* N without end is known up to the question */
	int r = outages_find(states, run->query->as_of_s, &outages, &count);

	if (r < 0)
		return err_errno(err, r, "outages of a link");
	for (size_t i = 0; r == 0 && i < count; i++) {
		bool again = outages[i].from == run->last.from && outages[i].to == run->last.to;
		if (again || !outage_down_within(&outages[i], states, &row->counted))
			continue;
		run->last = outages[i];
		r = answer_outage(run, sla_case, contract, row, &outages[i], err);
	}
	free(outages);
	return r;
}

static int answer_case(struct run *run, const struct sla_case *sla_case, struct err *err)
{
	struct states states;
	struct month_row row;
	int r = 0;

	run->last = (struct outage){0};
	for (size_t i = 0; r == 0 && i < sla_case->contract_count; i++) {
		const struct registry_contract *contract = &sla_case->contracts[i];
		r = sla_case_compute(sla_case, contract, &states, &row, err);
		if (r == -ENODATA) {
			r = 0;
			continue;
		}
		if (r < 0)
			break;
		r = answer_outages(run, sla_case, contract, &states, &row, err);
		month_row_done(&row);
		states_done(&states);
	}
	return r;
}

static int answer_link(struct run *run, const struct registry_link *link, struct err *err)
{
	struct sla_case sla_case;
	int r = ledger_read_begin(run->ledger, err);

	if (r < 0)
		return r;
	r = sla_case_load(&sla_case, run->registry, run->ledger, link, run->query, err);
	if (r == 0) {
		r = answer_case(run, &sla_case, err);
		sla_case_done(&sla_case);
	}
	ledger_read_end(run->ledger);
	return r;
}

int sla_outages(struct registry *registry, struct ledger_db *ledger, const struct sla_query *query,
	int (*each)(void *arg, const struct sla_outage *outage), void *arg, struct err *err)
{
	struct run run = {registry, ledger, query, each, arg, {0}};
	struct registry_link *links = NULL;
	int64_t from, to;
	size_t count = 0;
	int r = civil_month(query->month, 0, &from, &to, err);

	if (r == 0)
		r = sla_links(registry, &query->filter, &links, &count, err);
	/* never heard of: never down either */
	for (size_t i = 0; r == 0 && ledger && i < count; i++)
		r = answer_link(&run, &links[i], err);
	free(links);
	return r;
}
