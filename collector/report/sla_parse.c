/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/sla_parse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/civil.h"
#include "common/digits.h"

#define PPM_DECIMALS 6 /* of a percentage: 99.500000 is 995,000 ppm */
#define PPM_SCALE 100 /* millionths of a percent in one ppm */

enum kind {
	FROM_OTHERS, /* not read */
	TEXT, /* into an array of `size` bytes */
	TIME,
	NUMBER, /* int64_t; empty: 0 */
	COUNT, /* uint32_t */
	KNOWN, /* int64_t; empty: the flag at `flag` stays false */
	TARGET,
	VERDICT,
	SPEED_VERDICT,
	REVISION,
};

struct column {
	const char *key;
	enum kind kind;
	size_t offset, size, flag;
};

#define AT(member) offsetof(struct sla_row, member)
#define TEXT_OF(member) TEXT, AT(member), sizeof(((struct sla_row *)0)->member)
#define KNOWN_IF(member, known) KNOWN, AT(member), 0, AT(known)

/* clang-format off */
static const struct column columns[] = {
	{"period", TEXT_OF(period)}, {"as_of", TIME, AT(as_of_s)},
	{"link", NUMBER, AT(link)}, {"desa", TEXT_OF(desa)}, {"kecamatan", TEXT_OF(kecamatan)},
	{"kabupaten", TEXT_OF(kabupaten)}, {"provider", TEXT_OF(provider)},
	{"contract", NUMBER, AT(contract)},
	{"segment_start", TIME, AT(month.segment_from)},
	{"segment_end", TIME, AT(month.segment_to)},
	{"s", NUMBER, AT(month.s)}, {"e", NUMBER, AT(month.e)}, {"u", NUMBER, AT(month.u)},
	{"d", NUMBER, AT(month.d)}, {"n", NUMBER, AT(month.n)},
	{"a_known"}, {"a_low"}, {"a_high"}, {"coverage"},
	{"target", TARGET}, {"verdict", VERDICT},
	{"outages", COUNT, AT(month.outages)}, {"longest_s", NUMBER, AT(month.longest_s)},
	{"high_loss_intervals", COUNT, AT(month.high_loss_intervals)},
	{"n_power", NUMBER, AT(month.n_by[UNKNOWN_POWER])},
	{"n_restart", NUMBER, AT(month.n_by[UNKNOWN_RESTART])},
	{"n_agent", NUMBER, AT(month.n_by[UNKNOWN_AGENT])},
	{"n_dropped", NUMBER, AT(month.n_by[UNKNOWN_DROPPED])},
	{"n_clock", NUMBER, AT(month.n_by[UNKNOWN_CLOCK])},
	{"n_local", NUMBER, AT(month.n_by[UNKNOWN_LOCAL])},
	{"n_disputed", NUMBER, AT(month.n_by[UNKNOWN_DISPUTED])},
	{"n_edge", NUMBER, AT(month.n_by[UNKNOWN_EDGE])},
	{"n_silent", NUMBER, AT(month.n_by[UNKNOWN_SILENT])},
	{"d_local", NUMBER, AT(month.d_by[DOWN_LOCAL])},
	{"d_cpe", NUMBER, AT(month.d_by[DOWN_CPE])},
	{"d_access", NUMBER, AT(month.d_by[DOWN_ACCESS])},
	{"d_provider", NUMBER, AT(month.d_by[DOWN_PROVIDER])},
	{"d_upstream", NUMBER, AT(month.d_by[DOWN_UPSTREAM])},
	{"rtt_median_us", KNOWN_IF(figures.rtt_median_us, figures.has_rtt)},
	{"rtt_p95_us", KNOWN_IF(figures.rtt_p95_us, figures.has_rtt)},
	{"loss_ppm", KNOWN_IF(figures.loss_ppm, figures.has_loss)},
	{"pdv_p95_us", KNOWN_IF(figures.pdv_p95_us, figures.has_rtt)},
	{"down_median_kbps", KNOWN_IF(figures.down_median_kbps, figures.has_down)},
	{"up_median_kbps", KNOWN_IF(figures.up_median_kbps, figures.has_up)},
	{"speed_tests", NUMBER, AT(figures.speed_tests)},
	{"restitution_low", KNOWN_IF(month.restitution_low, month.has_restitution)},
	{"restitution_high", KNOWN_IF(month.restitution_high, month.has_restitution)},
	{"revision", REVISION}, {"speed_verdict", SPEED_VERDICT},
	{"links_met", COUNT, AT(links_met)}, {"links_missed", COUNT, AT(links_missed)},
	{"links_undecided", COUNT, AT(links_undecided)}, {"links_never", COUNT, AT(links_never)},
};
/* clang-format on */

/* Mostly it stands where the report puts it. */
static const struct column *find(const char *key, size_t likely)
{
	size_t count = sizeof(columns) / sizeof(*columns);

	if (likely < count && !strcmp(columns[likely].key, key))
		return &columns[likely];
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(columns[i].key, key))
			return &columns[i];
	}
	return NULL;
}

/* "99.500000" */
static int parse_target(const char *cell, struct sla_row *row)
{
	const char *point = strchr(cell, '.');
	char whole[4] = "";
	int64_t percent, fraction;

	if (!*cell)
		return 0;
	if (!point || point - cell > 3 || strlen(point + 1) != PPM_DECIMALS)
		return -EINVAL;
	memcpy(whole, cell, (size_t)(point - cell));
	if (digits_parse(whole, 100, &percent) < 0 ||
		digits_parse(point + 1, 999999, &fraction) < 0 || fraction % PPM_SCALE)
		return -EINVAL;
	row->has_target = true;
	row->target_ppm = (uint32_t)(percent * (TERMS_PPM / 100) + fraction / PPM_SCALE);
	return 0;
}

static int parse_verdict(const char *cell, bool *ret_has, enum verdict *ret_verdict)
{
	if (!*cell)
		return 0;
	for (int i = VERDICT_MET; i <= VERDICT_NOT_JUDGED; i++) {
		if (!strcmp(verdict_name((enum verdict)i), cell)) {
			*ret_verdict = (enum verdict)i;
			*ret_has = true;
			return 0;
		}
	}
	return -EINVAL;
}

static int parse_text(const struct column *column, const char *cell, void *member)
{
	if (strlen(cell) >= column->size)
		return -EINVAL;
	memcpy(member, cell, strlen(cell) + 1);
	return 0;
}

static int parse_cell(const struct column *column, const char *cell, struct sla_row *row)
{
	void *member = (char *)row + column->offset;
	int64_t count;
	int r = 0;

	switch (column->kind) {
	case FROM_OTHERS: return 0;
	case TEXT: return parse_text(column, cell, member);
	case TIME: return *cell ? civil_parse(cell, 0, member, NULL) : 0;
	case NUMBER: return *cell ? digits_parse(cell, INT64_MAX, member) : 0;
	case COUNT:
		r = digits_parse(cell, UINT32_MAX, &count);
		if (r == 0)
			*(uint32_t *)member = (uint32_t)count;
		return r;
	case KNOWN:
		if (!*cell)
			return 0;
		*((bool *)((char *)row + column->flag)) = true;
		return digits_parse(cell, INT64_MAX, member);
	case TARGET: return parse_target(cell, row);
	case VERDICT: return parse_verdict(cell, &row->has_verdict, &row->month.verdict);
	case SPEED_VERDICT:
		return parse_verdict(
			cell, &row->figures.has_speed_verdict, &row->figures.speed_verdict);
	case REVISION: row->revision = cell; return 0;
	}
	return -EINVAL;
}

int sla_row_parse(const struct sla_cells *cells, struct sla_row *ret_row, struct err *err)
{
	struct sla_row row = {.revision = ""};

	for (size_t i = 0; i < cells->count; i++) {
		const struct column *column = find(cells->keys[i], i);

		if (!column)
			return err_set(err, -EINVAL, "column %.40s is none of `pantau sla`",
				cells->keys[i]);
		if (parse_cell(column, cells->cells[i], &row) < 0)
			return err_set(err, -EINVAL, "%s = '%.60s' is not what this column holds",
				column->key, cells->cells[i]);
	}
	*ret_row = row;
	return 0;
}
