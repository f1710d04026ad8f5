/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/sla.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ledger/desa.h"
#include "collector/ledger/group.h"
#include "collector/store/sla_figures.h"
#include "collector/store/sla_link.h"
#include "collector/store/sla_reading.h"
#include "collector/store/sla_speed.h"
#include "common/civil.h"

/* Closing a month is not there yet: until then every row may still change. */
#define REVISION_OPEN "sementara"

static const char *const by_names[] = {
	[SLA_BY_LINK] = "link",
	[SLA_BY_DESA] = "desa",
	[SLA_BY_KECAMATAN] = "kecamatan",
	[SLA_BY_KABUPATEN] = "kabupaten",
	[SLA_BY_PROVIDER] = "provider",
};

int sla_by_parse(const char *name)
{
	for (int i = SLA_BY_LINK; i <= SLA_BY_PROVIDER; i++) {
		if (!strcmp(name, by_names[i]))
			return i;
	}
	return -1;
}

struct run { /* one answer to a query */
	const struct sla_source *source;
	const struct sla_query *query;
	int (*each)(void *arg, const struct sla_row *row);
	void *arg;
	struct sla_reading reading;
	struct sla_book *book;
	struct tally *tally;
	struct figures *figures; /* of the present row */
	struct sla_speed speed;
	/* groups */
	struct figures *sum_figures;
	struct desa *desa;
	struct sla_row sum;
	size_t sum_rows;
	enum verdict worst; /* of the present link */
	size_t link_rows;
};

static void name_place(struct sla_row *row, enum sla_by by, const struct registry_link *link)
{
	if (by == SLA_BY_LINK || by == SLA_BY_PROVIDER)
		memcpy(row->provider, link->provider, sizeof(row->provider));
	if (by == SLA_BY_PROVIDER)
		return;
	region_parent(link->desa, REGION_KABUPATEN, row->kabupaten);
	if (by != SLA_BY_KABUPATEN)
		region_parent(link->desa, REGION_KECAMATAN, row->kecamatan);
	if (by == SLA_BY_LINK || by == SLA_BY_DESA)
		region_parent(link->desa, REGION_DESA, row->desa);
}

static void begin_row(struct run *run, struct sla_row *row, const struct sla_case *sla_case)
{
	*row = (struct sla_row){
		.as_of_s = sla_case->period.as_of,
		.open = sla_case->period.as_of < sla_case->period.to,
		.revision = REVISION_OPEN,
	};
	snprintf(row->period, sizeof(row->period), "%s", run->query->month);
	name_place(row, run->query->by, &sla_case->link);
}

/* ---- groups */

static void sum_target(struct sla_row *sum, size_t rows, uint32_t target_ppm)
{
	if (!rows) {
		sum->has_target = true;
		sum->target_ppm = target_ppm;
	} else if (sum->target_ppm != target_ppm) {
		sum->has_target = false;
		sum->target_ppm = 0;
	}
}

static int add_to_group(struct run *run, const struct sla_case *sla_case,
	const struct registry_contract *contract, const struct states *states,
	const struct month_row *row)
{
	int failed = 0;

	if (run->desa)
		failed = desa_contract(run->desa, states, row);
	else
		group_add_seconds(&run->sum.month, row);
	group_add_money(&run->sum.month, row);
	sum_target(&run->sum, run->sum_rows++, contract->terms.target_ppm);
	if (sla_case->period.as_of > run->sum.as_of_s)
		run->sum.as_of_s = sla_case->period.as_of;
	run->sum.open |= sla_case->period.as_of < sla_case->period.to;
	figures_merge(run->sum_figures, run->figures);
	run->worst = run->link_rows++ ? group_worse(run->worst, row->verdict) : row->verdict;
	return failed ? failed : speed_list_merge(&run->speed.sum, &run->speed.row);
}

static void count_link(struct run *run, bool heard)
{
	struct sla_row *sum = &run->sum;
	struct group_links links = {0};

	if (!run->link_rows)
		return;
	group_count_link(&links, run->worst, heard);
	sum->links_met += links.met;
	sum->links_missed += links.missed;
	sum->links_undecided += links.undecided;
	sum->links_never += links.never;
}

static int end_group(struct run *run)
{
	int failed = 0;

	if (!run->sum_rows)
		return 0;
	if (run->desa)
		failed = desa_count(run->desa, &run->sum.month);
	if (failed)
		return failed;
	figures_publish(run->sum_figures, &run->sum.figures);
	failed = sla_speed_publish(&run->speed.sum, NULL, 0, &run->sum.figures);
	return failed ? failed : run->each(run->arg, &run->sum);
}

static int begin_group(struct run *run)
{
	run->sum_rows = 0;
	figures_init(run->sum_figures);
	run->speed.sum.count = 0;
	desa_free(run->desa);
	run->desa = NULL;
	if (run->query->by != SLA_BY_DESA)
		return 0;
	run->desa = desa_new();
	return run->desa ? 0 : -ENOMEM;
}

/* ---- rows */

static int answer_row(struct run *run, const struct sla_case *sla_case,
	const struct registry_contract *contract, const struct states *states,
	const struct month_row *month)
{
	struct sla_row row;

	if (run->query->by != SLA_BY_LINK)
		return add_to_group(run, sla_case, contract, states, month);
	begin_row(run, &row, sla_case);
	row.link = sla_case->link.id;
	row.contract = contract->id;
	row.has_target = true;
	row.target_ppm = contract->terms.target_ppm;
	row.heard = sla_case->first_s != SPAN_FOREVER;
	row.kbps_down = contract->kbps_down;
	row.kbps_up = contract->kbps_up;
	row.has_verdict = true;
	row.month = *month;
	figures_publish(run->figures, &row.figures);
	int failed = sla_speed_publish(
		&run->speed.row, &contract->terms.speed, sla_case->period.offset_s, &row.figures);
	return failed ? failed : run->each(run->arg, &row);
}

static int gather_figures(struct run *run, const struct sla_case *sla_case,
	const struct states *states, const struct month_row *month, struct err *err)
{
	const struct figures_of of = {
		.ledger = run->source->ledger,
		.tally = run->tally,
		.link = &sla_case->link,
		.month_s = sla_case->period.from,
	};
	struct spans up = {0};
	int r = figures_up(states, month, &up);

	if (r < 0)
		err_errno(err, r, "figures of a link");
	else
		r = figures_gather(run->figures, &of, &up, err);
	spans_done(&up);
	return r;
}

static int answer_contract(struct run *run, struct sla_case *sla_case,
	const struct registry_contract *contract, struct err *err)
{
	struct states states;
	struct month_row month;
	int r = sla_case_compute(sla_case, contract, &states, &month, err);

	if (r == -ENODATA)
		return 0;
	if (r < 0)
		return r;
	figures_init(run->figures);
	if (!run->query->no_quality)
		r = gather_figures(run, sla_case, &states, &month, err);
	if (r == 0)
		r = sla_speed_gather(
			&run->speed, run->source->ledger, contract, &month.counted, err);
	if (r == 0)
		r = answer_row(run, sla_case, contract, &states, &month);
	month_row_done(&month);
	states_done(&states);
	return r;
}

static int answer_case(struct run *run, struct sla_case *sla_case, struct err *err)
{
	int r = 0;

	if (run->query->by != SLA_BY_LINK && !run->sum_rows)
		begin_row(run, &run->sum, sla_case);
	run->link_rows = 0;
	if (run->desa)
		r = desa_link(run->desa);
	for (size_t i = 0; r == 0 && i < sla_case->contract_count; i++)
		r = answer_contract(run, sla_case, &sla_case->contracts[i], err);
	count_link(run, sla_case->first_s != SPAN_FOREVER);
	return r;
}

/* The first of these links. */
static int answer_link(
	struct run *run, const struct registry_link *link, size_t count, struct err *err)
{
	struct sla_case sla_case;
	int r = sla_reading_next(&run->reading, link, count, err);

	if (r < 0)
		return r;
	r = sla_case_open(&sla_case, run->book, link, run->query, err);
	if (r < 0)
		return r;
	sla_case.ledger = run->source->ledger;
	r = answer_case(run, &sla_case, err);
	sla_case_done(&sla_case);
	return r;
}

/* What the links of a group have in common, as text. */
static const char *group_key(
	enum sla_by by, const struct registry_link *link, char text[REGION_CODE_BYTES])
{
	static const enum region_level levels[] = {
		[SLA_BY_DESA] = REGION_DESA,
		[SLA_BY_KECAMATAN] = REGION_KECAMATAN,
		[SLA_BY_KABUPATEN] = REGION_KABUPATEN,
	};

	if (by == SLA_BY_PROVIDER)
		return link->provider;
	region_parent(link->desa, levels[by], text);
	return text;
}

static int by_group(const void *left, const void *right, void *arg)
{
	const struct registry_link *a = left, *b = right;
	const enum sla_by *by = arg;
	char first[REGION_CODE_BYTES], second[REGION_CODE_BYTES];
	int order = strcmp(group_key(*by, a, first), group_key(*by, b, second));

	return order ? order : (a->id > b->id) - (a->id < b->id);
}

static int answer_groups(
	struct run *run, struct registry_link *links, size_t count, struct err *err)
{
	enum sla_by by = run->query->by;
	char key[REGION_CODE_BYTES], next[REGION_CODE_BYTES];
	int r = 0;

	if (count)
		qsort_r(links, count, sizeof(*links), by_group, &by);
	for (size_t i = 0; r == 0 && i < count; i++) {
		if (i == 0 ||
			strcmp(group_key(by, &links[i - 1], key), group_key(by, &links[i], next)) !=
				0)
			r = begin_group(run);
		if (r == 0)
			r = answer_link(run, &links[i], count - i, err);
		if (r == 0 &&
			(i + 1 == count ||
				strcmp(group_key(by, &links[i], key),
					group_key(by, &links[i + 1], next)) != 0))
			r = end_group(run);
	}
	return r;
}

static int check_month(const struct sla_query *query, struct err *err)
{
	int64_t from, to;

	return civil_month(query->month, 0, &from, &to, err);
}

static int answer(struct run *run, struct err *err)
{
	struct registry_link *links = NULL;
	size_t count = 0;
	int r = check_month(run->query, err);

	if (r == 0)
		r = sla_links(run->source->registry, &run->query->filter, &links, &count, err);
	if (r == 0)
		r = sla_book_open(run->source->registry, links, count, &run->book, err);
	if (r == 0 && run->query->by != SLA_BY_LINK)
		r = answer_groups(run, links, count, err);
	for (size_t i = 0; r == 0 && run->query->by == SLA_BY_LINK && i < count; i++)
		r = answer_link(run, &links[i], count - i, err);
	sla_reading_end(&run->reading);
	free(links);
	return r;
}

int sla_rows(const struct sla_source *source, const struct sla_query *query,
	int (*each)(void *arg, const struct sla_row *row), void *arg, struct err *err)
{
	struct run run = {
		.source = source,
		.query = query,
		.reading =
			{
				.ledger = source->ledger,
				.month = query->month,
				.in_order = query->by == SLA_BY_LINK,
			},
		.each = each,
		.arg = arg,
		.tally = tally_new(),
		.figures = malloc(sizeof(struct figures)),
		.sum_figures = malloc(sizeof(struct figures)),
	};
	int r = -ENOMEM;

	if (run.tally && run.figures && run.sum_figures)
		r = answer(&run, err);
	if (r == -ENOMEM)
		err_errno(err, r, "figures of %s", query->month);
	desa_free(run.desa);
	sla_speed_done(&run.speed);
	sla_book_close(run.book);
	tally_free(run.tally);
	free(run.figures);
	free(run.sum_figures);
	return r;
}
