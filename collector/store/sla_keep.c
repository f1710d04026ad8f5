/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/sla_keep.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "collector/store/derived.h"
#include "collector/store/forget.h"
#include "collector/store/kept_figures.h"
#include "collector/store/ledger_private.h"
#include "collector/store/said_day.h"
#include "collector/store/sla_figures.h"
#include "collector/store/sla_link.h"
#include "common/civil.h"

/* A state can hang on what comes up to a day later (W), so the days before are looked at again. */
#define AGAIN_S (2 * 86400LL)

struct keeper { /* of one link's month */
	struct ledger_writer *writer;
	struct sla_case sla_case; /* its arrays are borrowed */
	struct figures_of of;
	struct kept_key key;
	int64_t *hashes; /* of the rows that are right */
	size_t hash_count;
	int64_t gone_s; /* the link's slots before it are gone */
};

static int make_month(
	struct keeper *keeper, const struct spans *up, const struct kept_sum *sum, struct err *err)
{
	int64_t to_s = keeper->sla_case.period.as_of;
	struct span days = {kept_day_of(up->items[0].from, keeper->sla_case.link.offset_s), to_s};
	struct figures *figures = malloc(sizeof(*figures));
	int r;

	if (!figures)
		return err_errno(err, -ENOMEM, "figures of a link");
	figures_init(figures);
	r = figures_gather_days(figures, &keeper->of, up, &days, err);
	if (r == 0)
		r = kept_month_put(keeper->writer->db, &keeper->key, sum, figures, err);
	free(figures);
	return r;
}

/* There is a row for just these seconds; or it is made. */
static int ensure_month(struct keeper *keeper, const struct spans *up, struct err *err)
{
	struct kept_sum sum = {.to_s = keeper->sla_case.period.as_of};
	int r;

	if (!up->count)
		return 0;
	sum.hash = kept_hash(up, sum.to_s);
	keeper->hashes[keeper->hash_count++] = sum.hash;
	r = kept_month_has(keeper->writer->db, &keeper->key, &sum, err);
	return r == 0 ? make_month(keeper, up, &sum, err) : r < 0 ? r : 0;
}

static int keep_contract(
	struct keeper *keeper, const struct registry_contract *contract, struct err *err)
{
	struct spans up = {0};
	struct states states;
	struct month_row row;
	int r = sla_case_compute(&keeper->sla_case, contract, &states, &row, err);

	if (r < 0)
		return r == -ENODATA ? 0 : r;
	r = figures_up(&states, &row, &up);
	if (r < 0)
		err_errno(err, r, "figures of link %" PRId64, keeper->sla_case.link.id);
	else
		r = ensure_month(keeper, &up, err);
	spans_done(&up);
	month_row_done(&row);
	states_done(&states);
	return r;
}

static int keep_contracts(struct keeper *keeper, struct err *err)
{
	const struct sla_case *sla_case = &keeper->sla_case;
	const struct month_period *period = &sla_case->period;
	int r = 0;

	keeper->hashes = calloc(sla_case->contract_count + 1, sizeof(*keeper->hashes));
	if (!keeper->hashes)
		return err_errno(err, -ENOMEM, "figures of a link");
	for (size_t i = 0; r == 0 && i < sla_case->contract_count; i++)
		r = keep_contract(keeper, &sla_case->contracts[i], err);
	if (r == 0)
		r = kept_month_drop_others(keeper->writer->db, &keeper->key,
			&(struct kept_hashes){keeper->hashes, keeper->hash_count}, err);
	/* once the month is over its days are of no use, or soon made again */
	if (r == 0 && period->as_of == period->to)
		r = kept_days_drop(keeper->writer->db, sla_case->link.id,
			&(struct span){period->from, period->to}, err);
	free(keeper->hashes);
	return r;
}

/* The local month that holds the second, up to to_s. *ret_to_s: as far as it went. */
static int keep_month(
	struct keeper *keeper, int64_t second, int64_t to_s, int64_t *ret_to_s, struct err *err)
{
	struct month_period *period = &keeper->sla_case.period;
	char name[8];
	int r;

	period->offset_s = keeper->sla_case.link.offset_s;
	civil_month_name(second, period->offset_s, name);
	r = civil_month(name, period->offset_s, &period->from, &period->to, err);
	if (r < 0)
		return r;
	period->as_of = to_s < period->to ? to_s : period->to;
	*ret_to_s = period->as_of;
	if (period->from < keeper->gone_s)
		return 0; /* what it holds was made from slots that are gone */
	keeper->of.month_s = period->from;
	keeper->of.keep_days = period->as_of < period->to;
	keeper->key = (struct kept_key){
		keeper->sla_case.link.id, kept_month_number(period->from, period->offset_s)};
	*ret_to_s = period->as_of;
	return keep_contracts(keeper, err);
}

static int64_t again_from(const struct derived_line *line)
{
	return line->figured_s > line->begins_s + AGAIN_S ? line->figured_s - AGAIN_S
							  : line->begins_s;
}

/* Up to to_s: of what was looked at, and of days that may be final by waiting. */
static int tell_days(struct keeper *keeper, const struct derived_line *line, int64_t to_s,
	int64_t now_s, struct err *err)
{
	int32_t offset_s = keeper->sla_case.link.offset_s;
	struct said_days said_days = {.sla_case = &keeper->sla_case,
		.days = {again_from(line), to_s},
		.gone_s = keeper->gone_s,
		.now_s = now_s};

	if (said_days.days.from > to_s - SAID_DAY_WAIT_S - AGAIN_S)
		said_days.days.from = to_s - SAID_DAY_WAIT_S - AGAIN_S;
	if (said_days.days.from < line->begins_s)
		said_days.days.from = line->begins_s;
	if (said_days.days.from >= to_s)
		return 0;
	said_days.days.from = kept_day_of(said_days.days.from, offset_s);
	said_days.days.to = kept_day_of(to_s, offset_s);
	keeper->sla_case.period.offset_s = offset_s;
	return said_days_tell(keeper->writer, &said_days, err);
}

int sla_keep(struct ledger_writer *writer, const struct sla_subject *subject, int64_t now_s,
	struct tally *scratch, struct err *err)
{
	struct ledger_db *ledger = ledger_writer_view(writer);
	struct keeper keeper = {
		.writer = writer,
		.sla_case =
			{
				.link = *subject->link,
				.contracts = subject->contracts,
				.contract_count = subject->contract_count,
				.exclusions = subject->exclusions,
				.exclusion_count = subject->exclusion_count,
				.ledger = ledger,
			},
		.of = {.ledger = ledger, .tally = scratch, .link = subject->link},
	};
	int64_t over_s = kept_day_of(now_s - SLA_KEEP_LATE_S, subject->link->offset_s), at;
	struct derived_line line;
	int r = derived_line(ledger, subject->link->id, &line, err);

	if (r == 0)
		r = ledger_forgotten_until(ledger, subject->link->id, &keeper.gone_s, err);
	if (r < 0)
		return r;
	at = again_from(&line);
	do
		r = at < over_s ? keep_month(&keeper, at, over_s, &at, err) : 0;
	while (r == 0 && at < over_s && at <= line.figured_s);
	if (at < line.figured_s)
		at = line.figured_s;
	if (r == 0)
		r = tell_days(&keeper, &line, at, now_s, err);
	return r < 0 ? r : derived_put_figured(writer, subject->link->id, at, err);
}
