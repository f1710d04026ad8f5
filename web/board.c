/* SPDX-License-Identifier: Apache-2.0 */
#include "web/board.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 256

static int add_link(void *arg, const struct registry_link *link)
{
	struct board *board = arg;

	if (board->count == board->room) {
		size_t room = board->room ? board->room * 2 : ROOM_FIRST;
		struct board_row *rows = reallocarray(board->rows, room, sizeof(*rows));

		if (!rows)
			return -ENOMEM;
		board->rows = rows;
		board->room = room;
	}
	board->rows[board->count++] = (struct board_row){
		.link = *link,
		.live = {.link = link->id,
			.state = LIVE_NEVER,
			.rtt_us = LIVE_NONE,
			.loss_ppm = LIVE_NONE},
	};
	return 0;
}

static int compare_id(const void *a, const void *b)
{
	int64_t left = ((const struct board_row *)a)->link.id;
	int64_t right = ((const struct board_row *)b)->link.id;

	return (left > right) - (left < right);
}

static int compare_desa(const void *a, const void *b)
{
	const struct board_row *left = a, *right = b;
	int order = strcmp(left->link.desa, right->link.desa);

	return order ? order : compare_id(a, b);
}

static int set_live(void *arg, const struct ledger_live *live)
{
	struct board *board = arg;
	struct board_row key = {.link.id = live->link}, *row;

	row = bsearch(&key, board->rows, board->count, sizeof(key), compare_id);
	if (row)
		row->live = *live;
	return 0;
}

static int read_live(struct ledger_db *ledger, struct board *board, struct err *err)
{
	struct ledger_counts counts;
	int r = ledger_read_begin(ledger, err);

	if (r < 0)
		return r;
	r = ledger_counts(ledger, &counts, err);
	if (r == 0)
		r = ledger_live_each(ledger, set_live, board, err);
	ledger_read_end(ledger);
	if (r == 0)
		board->event_id = counts.outbox_last;
	return r;
}

enum live_state board_combine(enum live_state a, enum live_state b)
{
	if (a == b)
		return a;
	return a == LIVE_UP || b == LIVE_UP ? LIVE_UP : LIVE_UNKNOWN;
}

/* Rows are ordered by desa. */
static void set_desa_states(struct board *board)
{
	for (size_t from = 0, to; from < board->count; from = to) {
		enum live_state state = board->rows[from].live.state;

		for (to = from + 1; to < board->count &&
			strcmp(board->rows[to].link.desa, board->rows[from].link.desa) == 0;
			to++)
			state = board_combine(state, board->rows[to].live.state);
		for (size_t i = from; i < to; i++)
			board->rows[i].desa_state = state;
	}
}

static void keep_matching(struct board *board, const struct registry_filter *filter)
{
	size_t kept = 0;

	for (size_t i = 0; i < board->count; i++) {
		const struct registry_link *link = &board->rows[i].link;

		if ((!filter->provider || strcmp(link->provider, filter->provider) == 0) &&
			(!filter->link || link->id == filter->link))
			board->rows[kept++] = board->rows[i];
	}
	board->count = kept;
}

static int read_all(const struct books *books, const struct registry_filter *filter,
	struct board *board, struct err *err)
{
	/* All links of a desa are needed for its state, so provider and link are filtered last. */
	struct registry_filter place = *filter;
	int r;

	place.provider = NULL;
	place.link = 0;
	r = registry_links(books->registry, &place, add_link, board, err);
	if (r == -ENOMEM)
		return err_errno(err, r, "board");
	if (r < 0)
		return r;
	if (board->count > 0)
		qsort(board->rows, board->count, sizeof(*board->rows), compare_id);
	return books->ledger ? read_live(books->ledger, board, err) : 0;
}

int board_read(const struct books *books, const struct registry_filter *filter,
	struct board *ret_board, struct err *err)
{
	struct board board = {0};
	int r = read_all(books, filter, &board, err);

	if (r < 0) {
		board_done(&board);
		return r;
	}
	if (board.count > 0)
		qsort(board.rows, board.count, sizeof(*board.rows), compare_desa);
	set_desa_states(&board);
	keep_matching(&board, filter);
	*ret_board = board;
	return 0;
}

static void set_days(void *arg, const struct sla_day *days, size_t count)
{
	struct board *board = arg;

	for (size_t i = 0; i < board->count; i++) {
		struct board_row *row = &board->rows[i];
		const struct sla_day *day = daybook_find(days, count, row->link.id);

		if (day)
			row->day = *day;
	}
}

void board_add_days(struct board *board, struct daybook *daybook)
{
	daybook_lend(daybook, set_days, board);
}

void board_done(struct board *board)
{
	free(board->rows);
	*board = (struct board){0};
}
