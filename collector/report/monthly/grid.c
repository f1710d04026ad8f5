/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/monthly/grid.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/report/monthly/clean.h"

#define PERCENT_SCALE 100000000 /* millionths of a percent in one */

void grid_init(struct grid *grid, const char *name, const struct grid_column *columns)
{
	*grid = (struct grid){.name = name, .columns = columns};
	while (columns[grid->column_count].key)
		grid->column_count++;
	buf_init(&grid->texts, GRID_TEXTS_MAX);
}

void grid_done(struct grid *grid)
{
	free(grid->cells);
	buf_done(&grid->texts);
	*grid = (struct grid){0};
}

static void add(struct grid *grid, struct grid_cell cell)
{
	if (grid->cell_count == grid->cell_room && !grid->failed) {
		size_t room = grid->cell_room ? grid->cell_room * 2 : 1024;
		struct grid_cell *cells = realloc(grid->cells, room * sizeof(*cells));

		if (cells) {
			grid->cells = cells;
			grid->cell_room = room;
		} else {
			grid->failed = -ENOMEM;
		}
	}
	if (!grid->failed)
		grid->cells[grid->cell_count++] = cell;
}

void grid_text(struct grid *grid, const char *text)
{
	size_t at = buf_length(&grid->texts);

	if (!text || !*text) {
		grid_empty(grid);
		return;
	}
	if (!grid->failed)
		grid->failed = buf_append(&grid->texts, text, strlen(text) + 1);
	if (!grid->failed)
		clean_text((char *)grid->texts.bytes + grid->texts.start + at);
	add(grid, (struct grid_cell){.number = (int64_t)at});
}

void grid_number(struct grid *grid, int64_t number)
{
	add(grid, (struct grid_cell){.number = number});
}

void grid_empty(struct grid *grid)
{
	add(grid, (struct grid_cell){.empty = true});
}

void grid_time(struct grid *grid, int64_t utc_s, int32_t offset_s)
{
	add(grid, (struct grid_cell){.empty = !utc_s, .number = utc_s, .offset_s = offset_s});
}

void grid_share(struct grid *grid, int64_t part, int64_t whole)
{
	if (whole)
		grid_number(grid, (int64_t)((__int128)part * PERCENT_SCALE / whole));
	else
		grid_empty(grid);
}

void grid_number_if(struct grid *grid, bool known, int64_t number)
{
	if (known)
		grid_number(grid, number);
	else
		grid_empty(grid);
}

size_t grid_rows(const struct grid *grid)
{
	return grid->cell_count / grid->column_count;
}

const struct grid_cell *grid_cell(const struct grid *grid, size_t row, size_t column)
{
	assert(row * grid->column_count + column < grid->cell_count);
	return &grid->cells[row * grid->column_count + column];
}

const char *grid_text_of(const struct grid *grid, const struct grid_cell *cell)
{
	return cell->empty ? "" : (const char *)buf_peek(&grid->texts) + cell->number;
}

int grid_find(const struct grid *grid, const char *key)
{
	for (size_t i = 0; i < grid->column_count; i++) {
		if (!strcmp(grid->columns[i].key, key))
			return (int)i;
	}
	return -1;
}

const char *grid_title(const struct grid_column *column, enum report_language language)
{
	return language == REPORT_ID ? column->id : column->en;
}
