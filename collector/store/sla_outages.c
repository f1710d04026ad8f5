/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_private.h"
#include "collector/store/sla.h"
#include "collector/store/sla_evidence.h"
#include "collector/store/sla_link.h"
#include "collector/store/sla_papers.h"
#include "collector/store/sla_reading.h"
#include "common/civil.h"

#define US_PER_S 1000000LL

struct judged { /* one contract of one link */
	const struct sla_case *sla_case;
	const struct registry_contract *contract;
	struct states states;
	struct month_row row;
};

struct run {
	const struct sla_source *source;
	const struct sla_query *query;
	int (*each)(void *arg, const struct sla_outage *outage);
	void *arg;
	struct sla_book *book;
	struct sla_reading reading;
	struct outage last; /* of the present link: two contracts may see the same one */
};

const char *sla_outage_note(const struct sla_outage *outage)
{
	if (outage->excluded)
		return outage->running ? "masih berlangsung; dikecualikan" : "dikecualikan";
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
	struct within_us within = {outage->start_s * US_PER_S, outage->end_s * US_PER_S};

	if (outage->first_lost_us > within.from_us)
		within.from_us = outage->first_lost_us;
	if (outage->first_answered_us && outage->first_answered_us < within.to_us)
		within.to_us = outage->first_answered_us;
	return ledger_received_within(run->source->ledger, outage->link, within, ret_heard, err);
}

static struct sla_outage describe(const struct judged *judged, const struct outage *found)
{
	const struct registry_link *link = &judged->sla_case->link;
	struct sla_outage outage = {
		.link = link->id,
		.contract = judged->contract->id,
		.start_s = found->from,
		.end_s = found->to,
		.cause = found->cause,
		.d_s = found->down_s,
		.n_s = found->unknown_s,
		.running = found->span_to == SPAN_FOREVER,
		.span_from_s = found->span_from,
		.span_to_s = found->span_to,
	};

	memcpy(outage.desa, link->desa, sizeof(outage.desa));
	memcpy(outage.provider, link->provider, sizeof(outage.provider));
	return outage;
}

static bool is_excluded(const struct judged *judged, const struct outage *found)
{
	return !outage_down_within(found, &judged->states, &judged->row.counted);
}

static bool is_asked_for(
	const struct run *run, const struct judged *judged, const struct outage *found)
{
	if (!is_excluded(judged, found))
		return true;
	return run->query->excluded_too &&
		outage_down_within(found, &judged->states, &judged->row.period) > 0;
}

static int add_evidence(
	struct run *run, const struct judged *judged, struct sla_outage *outage, struct err *err)
{
	struct ledger_span span = {outage->link, outage->start_s, outage->end_s};
	struct sla_evidence evidence;
	bool heard = false;
	int r = sla_evidence(run->source->ledger, &span, &evidence, err);

	if (r < 0)
		return r;
	outage->first_lost_us = evidence.first_lost_us;
	outage->first_answered_us = evidence.first_answered_us;
	r = heard_inside(run, outage, &heard, err);
	outage->unclear = heard || threshold_inside(outage, &judged->contract->terms, &judged->row);
	return r < 0 ? r : sla_papers(run->source->registry, outage, err);
}

static int answer_outage(
	struct run *run, const struct judged *judged, const struct outage *found, struct err *err)
{
	struct sla_outage outage = describe(judged, found);
	int r = run->query->no_evidence ? 0 : add_evidence(run, judged, &outage, err);

	if (r < 0)
		return r;
	outage.excluded = is_excluded(judged, found);
	outage.ttr = ttr_from_start(found, run->query->as_of_s);
	if (outage.papers.ticket[0])
		outage.ticket_ttr = ttr_from_ticket(
			found, outage.papers.ticket_opened_s, run->query->as_of_s);
	return run->each(run->arg, &outage);
}

static int answer_outages(struct run *run, const struct judged *judged, struct err *err)
{
	struct outage *outages = NULL;
	size_t count = 0;
	/* N without end is known up to the question */
	int r = outages_find(&judged->states, run->query->as_of_s, &outages, &count);

	if (r < 0)
		return err_errno(err, r, "outages of a link");
	for (size_t i = 0; r == 0 && i < count; i++) {
		bool again = outages[i].from == run->last.from && outages[i].to == run->last.to;
		if (again || !is_asked_for(run, judged, &outages[i]))
			continue;
		run->last = outages[i];
		r = answer_outage(run, judged, &outages[i], err);
	}
	free(outages);
	return r;
}

static int answer_case(struct run *run, struct sla_case *sla_case, struct err *err)
{
	struct judged judged = {.sla_case = sla_case};
	int r = 0;

	run->last = (struct outage){0};
	for (size_t i = 0; r == 0 && i < sla_case->contract_count; i++) {
		judged.contract = &sla_case->contracts[i];
		r = sla_case_compute(sla_case, judged.contract, &judged.states, &judged.row, err);
		if (r == -ENODATA) {
			r = 0;
			continue;
		}
		if (r < 0)
			break;
		r = answer_outages(run, &judged, err);
		month_row_done(&judged.row);
		states_done(&judged.states);
	}
	return r;
}

/* The first of these links. */
static int answer_link(
	struct run *run, const struct registry_link *link, size_t count, struct err *err)
{
	struct sla_case sla_case;
	int r = sla_reading_next(&run->reading, link, count, err);

	if (r == 0)
		r = sla_case_open(&sla_case, run->book, link, run->query, err);
	if (r < 0)
		return r;
	sla_case.ledger = run->source->ledger;
	r = answer_case(run, &sla_case, err);
	sla_case_done(&sla_case);
	return r;
}

int sla_outages(const struct sla_source *source, const struct sla_query *query,
	int (*each)(void *arg, const struct sla_outage *outage), void *arg, struct err *err)
{
	struct run run = {
		.source = source,
		.query = query,
		.each = each,
		.arg = arg,
		.reading = {.ledger = source->ledger, .month = query->month, .in_order = true},
	};
	struct registry_link *links = NULL;
	int64_t from, to;
	size_t count = 0;
	int r = civil_month(query->month, 0, &from, &to, err);

	if (r == 0)
		r = sla_links(source->registry, &query->filter, &links, &count, err);
	if (r == 0)
		r = sla_book_open(source->registry, links, count, &run.book, err);
	/* never heard of: never down either */
	for (size_t i = 0; r == 0 && source->ledger && i < count; i++)
		r = answer_link(&run, &links[i], count - i, err);
	sla_reading_end(&run.reading);
	sla_book_close(run.book);
	free(links);
	return r;
}
