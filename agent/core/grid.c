/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/grid.h"

#include "proto/limits.h"

static uint64_t round_up(uint64_t value, uint64_t step)
{
	return (value + step - 1) / step * step;
}

void grid_init(struct grid *grid, uint64_t now_us, uint32_t slot_ms, uint32_t round_ms)
{
	uint64_t end;

	grid->slot_us = slot_ms * 1000ULL;
	grid->round_us = round_ms * 1000ULL;
	grid->start_us = round_up(now_us, 1000);
	end = round_up(grid->start_us, grid->slot_us);
	if (end - grid->start_us < SLOT_LENGTH_MIN_MS * 1000ULL)
		grid->start_us = end;
}

uint64_t grid_slot_start(const struct grid *grid, uint64_t at_us)
{
	uint64_t start = at_us / grid->slot_us * grid->slot_us;

	return start > grid->start_us ? start : grid->start_us;
}

uint64_t grid_slot_end(const struct grid *grid, uint64_t at_us)
{
	uint64_t at = at_us > grid->start_us ? at_us : grid->start_us;

	return (at / grid->slot_us + 1) * grid->slot_us;
}

uint64_t grid_round_from(const struct grid *grid, uint64_t at_us)
{
	return at_us <= grid->start_us ? grid->start_us : round_up(at_us, grid->round_us);
}

uint64_t grid_round_until(const struct grid *grid, uint64_t at_us)
{
	uint64_t due = at_us / grid->round_us * grid->round_us;

	return due > grid->start_us ? due : grid->start_us;
}

uint32_t grid_rounds(const struct grid *grid, uint64_t from_us, uint64_t to_us)
{
	uint64_t from = from_us > grid->start_us ? from_us : grid->start_us;
	uint64_t count;

	if (to_us <= from)
		return 0;
	count = (to_us + grid->round_us - 1) / grid->round_us -
		(from + grid->round_us - 1) / grid->round_us;
	if (from == grid->start_us && grid->start_us % grid->round_us)
		count++;
	return (uint32_t)count;
}
