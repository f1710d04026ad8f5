/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/sla_figures.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_private.h"

#define TARGETS_MAX 256 /* addresses that a link's agents ever asked in a month, and to spare */

struct answer {
	uint32_t rtt_us, target;
};

struct gatherer {
	struct figures *figures;
	const struct spans *up; /* U seconds of P minus E */
	size_t at; /* first of them that ends after the present piece's beginning */
	struct answer *answers;
	size_t count, room;
};

struct least { /* the smallest RTT to a target */
	uint32_t target, rtt_us;
};

void figures_init(struct figures *figures)
{
	hist_init(&figures->rtt);
	hist_init(&figures->pdv);
	figures->sent = figures->lost = 0;
}

static bool is_up(const struct gatherer *gatherer, int64_t second)
{
	const struct spans *up = gatherer->up;

	for (size_t i = gatherer->at; i < up->count && up->items[i].from <= second; i++) {
		if (second < up->items[i].to)
			return true;
	}
	return false;
}

static int add_answer(struct gatherer *gatherer, const struct sample *sample)
{
	if (gatherer->count == gatherer->room) {
		size_t room = gatherer->room ? gatherer->room * 2 : 4096;
		struct answer *answers = realloc(gatherer->answers, room * sizeof(*answers));
		if (!answers)
			return -ENOMEM;
		gatherer->answers = answers;
		gatherer->room = room;
	}
	gatherer->answers[gatherer->count++] = (struct answer){sample->rtt_us, sample->target};
	return 0;
}

/* Pieces come by their beginning, so the U seconds before it are done with. */
static int gather_piece(void *arg, int64_t from_s, const uint8_t *samples, size_t length)
{
	struct gatherer *gatherer = arg;
	struct sample sample;

	while (gatherer->at < gatherer->up->count && gatherer->up->items[gatherer->at].to <= from_s)
		gatherer->at++;
	for (size_t at = 0; at + SAMPLE_BYTES <= length; at += SAMPLE_BYTES) {
		sample_unpack(samples + at, &sample);
		if (!is_up(gatherer, from_s + sample.second))
			continue;
		gatherer->figures->sent++;
		gatherer->figures->lost += !sample.answered;
		if (sample.answered && add_answer(gatherer, &sample) < 0)
			return -ENOMEM;
	}
	return 0;
}

int figures_up(const struct states *states, const struct month_row *row, struct spans *ret_up)
{
	struct spans all = {0};
	int failed = 0;

	for (size_t i = 0; !failed && i < states->count; i++) {
		const struct state_run *run = &states->runs[i];
		if (run->state == STATE_U && run->to > row->segment_from &&
			run->from < row->segment_to)
			failed = spans_add(&all, run->from, run->to);
	}
	if (!failed)
		failed = spans_intersect(&all, &row->counted, ret_up);
	spans_done(&all);
	return failed;
}

static struct least *find_least(struct least *least, size_t *count, uint32_t target)
{
	for (size_t i = 0; i < *count; i++) {
		if (least[i].target == target)
			return &least[i];
	}
	if (*count == TARGETS_MAX)
		return NULL; /* its delays have nothing to vary from: left out of the PDV */
	least[*count] = (struct least){target, UINT32_MAX};
	return &least[(*count)++];
}

/* PDV (RFC 5481): each RTT less the smallest one to the same target in the row. */
static void count_answers(struct figures *figures, const struct answer *answers, size_t count)
{
	struct least least[TARGETS_MAX], *own;
	size_t targets = 0;

	for (size_t i = 0; i < count; i++) {
		own = find_least(least, &targets, answers[i].target);
		if (own && answers[i].rtt_us < own->rtt_us)
			own->rtt_us = answers[i].rtt_us;
	}
	for (size_t i = 0; i < count; i++) {
		hist_add(&figures->rtt, answers[i].rtt_us);
		own = find_least(least, &targets, answers[i].target);
		if (own)
			hist_add(&figures->pdv, answers[i].rtt_us - own->rtt_us);
	}
}

int figures_gather(struct figures *figures, struct ledger_db *ledger, int64_t link,
	const struct spans *up, struct err *err)
{
	struct gatherer gatherer = {.figures = figures, .up = up};
	int r;

	if (!ledger || !up->count)
		return 0;
	struct ledger_span span = {link, up->items[0].from, up->items[up->count - 1].to};
	r = ledger_samples(ledger, &span, gather_piece, &gatherer, err);
	if (r == 0)
		count_answers(figures, gatherer.answers, gatherer.count);
	free(gatherer.answers);
	return r;
}

void figures_merge(struct figures *into, const struct figures *from)
{
	hist_merge(&into->rtt, &from->rtt);
	hist_merge(&into->pdv, &from->pdv);
	into->sent += from->sent;
	into->lost += from->lost;
}

void figures_publish(const struct figures *figures, struct sla_figures *ret_figures)
{
	struct sla_figures out = {.has_rtt = figures->rtt.total > 0, .has_loss = figures->sent > 0};

	if (out.has_rtt) {
		out.rtt_median_us = hist_percentile(&figures->rtt, 50);
		out.rtt_p95_us = hist_percentile(&figures->rtt, 95);
		out.pdv_p95_us = hist_percentile(&figures->pdv, 95);
	}
	if (out.has_loss)
		out.loss_ppm = (int64_t)(figures->lost * TERMS_PPM / figures->sent);
	*ret_figures = out;
}
