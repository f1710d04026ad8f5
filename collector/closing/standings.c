/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/closing/standings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/closing/document.h"
#include "collector/ledger/group.h"
#include "collector/report/sla_parse.h"

struct taking { /* rows as they come: by link and beginning */
	struct standings *into;
	size_t room;
	/* the present link; 0: none */
	int64_t link;
	char kabupaten[REGION_CODE_BYTES], provider[REGISTRY_NAME_BYTES];
	bool heard, speed_judged;
	enum verdict worst, worst_speed;
};

void standing_add(struct standing *sum, const struct standing *part)
{
	sum->s += part->s;
	sum->e += part->e;
	sum->u += part->u;
	sum->d += part->d;
	sum->n += part->n;
	sum->outages += part->outages;
	sum->restitution_low += part->restitution_low;
	sum->restitution_high += part->restitution_high;
	sum->links += part->links;
	sum->met += part->met;
	sum->missed += part->missed;
	sum->undecided += part->undecided;
	sum->never += part->never;
	sum->speed_met += part->speed_met;
	sum->speed_missed += part->speed_missed;
	sum->speed_undecided += part->speed_undecided;
	sum->speed_tests += part->speed_tests;
	sum->down_kbps += part->down_kbps;
	sum->down_promised_kbps += part->down_promised_kbps;
	sum->up_kbps += part->up_kbps;
	sum->up_promised_kbps += part->up_promised_kbps;
}

/* ---- whose sum */

static int compare(const struct standing *item, const struct taking *taking)
{
	int order = strcmp(item->kabupaten, taking->kabupaten);

	return order ? order : strcmp(item->provider, taking->provider);
}

/* Of the present link; made where there is none yet. NULL: no memory. */
static struct standing *find(struct taking *taking)
{
	struct standings *into = taking->into;
	size_t low = 0, high = into->count;
	struct standing *item;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(&into->items[middle], taking) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < into->count && compare(&into->items[low], taking) == 0)
		return &into->items[low];
	if (into->count == taking->room) {
		size_t room = taking->room ? 2 * taking->room : 64;
		struct standing *items = reallocarray(into->items, room, sizeof(*items));

		if (!items)
			return NULL;
		into->items = items;
		taking->room = room;
	}
	item = &into->items[low];
	memmove(item + 1, item, (into->count++ - low) * sizeof(*item));
	*item = (struct standing){.s = 0};
	memcpy(item->kabupaten, taking->kabupaten, sizeof(item->kabupaten));
	memcpy(item->provider, taking->provider, sizeof(item->provider));
	return item;
}

/* ---- rows */

static int end_link(struct taking *taking)
{
	struct group_links links = {0};
	struct standing *item;

	if (!taking->link)
		return 0;
	item = find(taking);
	if (!item)
		return -ENOMEM;
	group_count_link(&links, taking->worst, taking->heard);
	item->links++;
	item->met += links.met;
	item->missed += links.missed;
	item->undecided += links.undecided;
	item->never += links.never;
	if (taking->speed_judged) {
		item->speed_met += taking->worst_speed == VERDICT_MET;
		item->speed_missed += taking->worst_speed == VERDICT_MISSED;
		item->speed_undecided += taking->worst_speed == VERDICT_UNDECIDED;
	}
	taking->link = 0;
	return 0;
}

static void begin_link(struct taking *taking, const struct sla_row *row)
{
	taking->link = row->link;
	memcpy(taking->kabupaten, row->kabupaten, sizeof(taking->kabupaten));
	memcpy(taking->provider, row->provider, sizeof(taking->provider));
	taking->heard = row->heard;
	taking->worst = row->month.verdict;
	taking->speed_judged = false;
}

static void judge_speed(struct taking *taking, const struct sla_figures *figures)
{
	if (!figures->has_speed_verdict)
		return;
	taking->worst_speed = taking->speed_judged
		? group_worse(taking->worst_speed, figures->speed_verdict)
		: figures->speed_verdict;
	taking->speed_judged = true;
}

static void add_speed(struct standing *item, const struct sla_row *row)
{
	item->speed_tests += row->figures.speed_tests;
	if (row->figures.has_down) {
		item->down_kbps += row->figures.down_median_kbps;
		item->down_promised_kbps += row->kbps_down;
	}
	if (row->figures.has_up) {
		item->up_kbps += row->figures.up_median_kbps;
		item->up_promised_kbps += row->kbps_up;
	}
}

static int take_row(void *arg, const struct sla_row *row)
{
	const struct month_row *month = &row->month;
	struct taking *taking = arg;
	struct standing *item;

	if (taking->link != row->link) {
		if (end_link(taking) < 0)
			return -ENOMEM;
		begin_link(taking, row);
	}
	item = find(taking);
	if (!item)
		return -ENOMEM;
	taking->worst = group_worse(taking->worst, month->verdict);
	judge_speed(taking, &row->figures);
	item->s += month->s;
	item->e += month->e;
	item->u += month->u;
	item->d += month->d;
	item->n += month->n;
	item->outages += month->outages;
	if (month->has_restitution) {
		item->restitution_low += month->restitution_low;
		item->restitution_high += month->restitution_high;
	}
	add_speed(item, row);
	if (row->as_of_s > taking->into->as_of_s)
		taking->into->as_of_s = row->as_of_s;
	return 0;
}

/* ---- as it was issued */

static int64_t number_in(const struct document_table *table, size_t row, const char *column)
{
	return strtoll(document_cell(table, row, document_column(table, column)), NULL, 10);
}

/* The record of a table that goes by link, or by link and contract; tables of a month have the same
 * order, so it is sought from where the last one was. */
static bool seek(const struct document_table *table, const char *column, int64_t wanted, size_t *at)
{
	for (size_t tried = 0; table && tried < table->row_count; tried++) {
		size_t i = (*at + tried) % table->row_count;

		if (number_in(table, i, column) == wanted) {
			*at = i;
			return true;
		}
	}
	return false;
}

static int take_document(struct taking *taking, const struct document *document, struct err *err)
{
	const struct document_table *rows = document_table(document, TABLE_ROWS);
	const struct document_table *links = document_table(document, TABLE_LINKS);
	const struct document_table *contracts = document_table(document, TABLE_CONTRACTS);
	size_t link = 0, contract = 0;
	struct sla_row row;
	int r = rows ? 0 : err_set(err, -EBADMSG, "the table %s is missing", TABLE_ROWS);

	for (size_t i = 0; r == 0 && i < rows->row_count; i++) {
		const struct sla_cells cells = {
			rows->keys, rows->cells + i * rows->column_count, rows->column_count};

		r = sla_row_parse(&cells, &row, err);
		if (r < 0)
			return r;
		row.heard = seek(links, "link", row.link, &link) &&
			*document_cell(links, link, document_column(links, "first_slot"));
		if (seek(contracts, "contract", row.contract, &contract)) {
			row.kbps_down = (uint32_t)number_in(contracts, contract, "kbps_down");
			row.kbps_up = (uint32_t)number_in(contracts, contract, "kbps_up");
		}
		r = take_row(taking, &row);
	}
	return r;
}

static int take_issued(struct taking *taking, struct ledger_db *ledger,
	const struct closed_month *closed, struct err *err)
{
	struct document *document;
	struct buf bytes;
	int r;

	buf_init(&bytes, DOCUMENT_MAX);
	r = closed_month_read(ledger, closed->month, closed->revision, &bytes, err);
	if (r == 0)
		r = document_parse(buf_peek(&bytes), buf_length(&bytes), true, &document, err);
	if (r == 0) {
		r = document_is_whole(document, buf_peek(&bytes))
			? take_document(taking, document, err)
			: err_set(err, -EBADMSG,
				  "it is damaged: its hash does not hold. Restore "
				  "ledger.db from the backup");
		document_free(document);
	}
	buf_done(&bytes);
	return r < 0 ? err_prefix(err, "%s in the archive", closed->month) : 0;
}

static int take_month(struct taking *taking, const struct sla_source *source,
	const struct sla_query *query, struct err *err)
{
	struct closed_month closed;
	int r = -ENOENT;

	if (source->ledger)
		r = closed_month_find(source->ledger, query->month, CLOSED_LATEST, &closed, err);
	if (r == 0) {
		taking->into->closed = true;
		taking->into->revision = closed.revision;
		return take_issued(taking, source->ledger, &closed, err);
	}
	return r == -ENOENT ? sla_rows(source, query, take_row, taking, err) : r;
}

int standings_read(const struct sla_source *source, const char *month, int64_t as_of_s,
	struct standings *ret_standings, struct err *err)
{
	const struct sla_query query = {
		.month = month, .as_of_s = as_of_s, .by = SLA_BY_LINK, .no_quality = true};
	struct standings standings = {NULL};
	struct taking taking = {.into = &standings};
	int r = take_month(&taking, source, &query, err);

	if (r == 0 && end_link(&taking) < 0)
		r = err_errno(err, -ENOMEM, "sums of %s", month);
	if (r < 0) {
		standings_done(&standings);
		return r;
	}
	*ret_standings = standings;
	return 0;
}

void standings_done(struct standings *standings)
{
	free(standings->items);
	*standings = (struct standings){NULL};
}
