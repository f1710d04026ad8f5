/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/sla_lately.h"

#include <errno.h>
#include <stdlib.h>

#include "collector/store/sla_figures.h"

int lately_init(struct lately *ret_lately)
{
	struct lately lately = {.tally = tally_new(), .figures = malloc(sizeof(struct figures))};

	if (!lately.tally || !lately.figures) {
		lately_done(&lately);
		return -ENOMEM;
	}
	*ret_lately = lately;
	return 0;
}

void lately_done(struct lately *lately)
{
	sla_speed_done(&lately->speed);
	tally_free(lately->tally);
	free(lately->figures);
}

struct subject {
	struct sla_case *sla_case;
	const struct registry_contract *contract; /* in force at the stretch's end */
	const struct span *stretch;
};

/* PDV of the U seconds of the period, as `pantau sla` has it. */
static int read_pdv(struct lately *lately, const struct subject *subject, struct sla_lately *ret,
	struct err *err)
{
	struct sla_case *sla_case = subject->sla_case;
	const struct figures_of of = {
		.ledger = sla_case->ledger,
		.tally = lately->tally,
		.link = &sla_case->link,
		.month_s = sla_case->period.from,
	};
	struct sla_figures figures;
	struct month_row row = {0};
	struct states states = {0};
	struct spans up = {0};
	int r = sla_case_compute(sla_case, subject->contract, &states, &row, err);

	if (r < 0)
		return r == -ENODATA ? 0 : r;
	figures_init(lately->figures);
	r = figures_up(&states, &row, &up);
	if (r < 0)
		err_errno(err, r, "figures of a link");
	else
		r = figures_gather(lately->figures, &of, &up, err);
	figures_publish(lately->figures, &figures);
	ret->has_pdv = r == 0 && figures.has_rtt;
	ret->pdv_us = figures.pdv_p95_us;
	spans_done(&up);
	month_row_done(&row);
	states_done(&states);
	return r;
}

static uint32_t least(const struct terms *terms, uint32_t kbps)
{
	return (uint32_t)((uint64_t)kbps * terms->speed.rate_ppm / TERMS_PPM);
}

/* The tests of the stretch, beside the part of the rate that the contract asks for. */
static int read_speed(struct lately *lately, const struct subject *subject, struct sla_lately *ret,
	struct err *err)
{
	const struct registry_contract *contract = subject->contract;
	struct spans whole = {0};
	struct sla_figures figures = {.speed_tests = 0};
	int r = spans_add(&whole, subject->stretch->from, subject->stretch->to);

	if (r == 0)
		r = sla_speed_gather(
			&lately->speed, subject->sla_case->ledger, contract, &whole, err);
	if (r == 0)
		r = sla_speed_publish(&lately->speed.row, NULL, 0, &figures);
	spans_done(&whole);
	if (r == -ENOMEM)
		err_errno(err, r, "speed tests of a link");
	ret->least_down_kbps = least(&contract->terms, contract->kbps_down);
	ret->least_up_kbps = least(&contract->terms, contract->kbps_up);
	ret->has_down = figures.has_down;
	ret->has_up = figures.has_up;
	ret->down_kbps = figures.down_median_kbps;
	ret->up_kbps = figures.up_median_kbps;
	return r;
}

static const struct registry_contract *find_contract(const struct sla_case *sla_case, int64_t at_s)
{
	for (size_t i = 0; i < sla_case->contract_count; i++) {
		const struct registry_contract *contract = &sla_case->contracts[i];

		if (contract->from_s < at_s && at_s <= contract->to_s)
			return contract;
	}
	return NULL;
}

int lately_read(struct lately *lately, struct sla_case *sla_case, const struct span *stretch,
	struct sla_lately *ret, struct err *err)
{
	const struct subject subject = {sla_case, find_contract(sla_case, stretch->to), stretch};
	int r;

	*ret = (struct sla_lately){.has_pdv = false};
	if (!subject.contract || !sla_case->ledger)
		return 0;
	sla_case->period.from = stretch->to - SLA_LATELY_S;
	sla_case->period.to = sla_case->period.as_of = stretch->to;
	r = read_pdv(lately, &subject, ret, err);
	if (r < 0 || !subject.contract->terms.speed.rate_ppm)
		return r;
	return read_speed(lately, &subject, ret, err);
}

bool sla_lately_is_slow(const struct sla_lately *lately)
{
	return (lately->has_down && lately->down_kbps < lately->least_down_kbps) ||
		(lately->has_up && lately->up_kbps < lately->least_up_kbps);
}
