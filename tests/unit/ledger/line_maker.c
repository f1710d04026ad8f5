/* SPDX-License-Identifier: Apache-2.0 */
#include "line_maker.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define ROOM 4096

static void add_slots(struct line *line, int64_t *at, char letter, long count)
{
	for (long i = 0; i < count; i++, *at += 60) {
		assert(line->slot_count < ROOM);
		line->slots[line->slot_count++] = (struct line_slot){
			.from = *at,
			.to = *at + 60,
			.due = 6,
			.made = letter == 'f' ? 2 : 6,
			.lost = letter == 'g'   ? 0
				: letter == 'f' ? 2
						: 6,
			.cause = letter == 'l'  ? DOWN_LOCAL
				: letter == 'a' ? DOWN_ACCESS
						: DOWN_UPSTREAM,
			.disputed = letter == 'x',
		};
	}
}

void line_make(struct line *ret_line, int64_t from, const char *text)
{
	struct line line = {
		.slots = calloc(ROOM, sizeof(*line.slots)),
		.holes = calloc(ROOM, sizeof(*line.holes)),
	};
	while (*text) {
		char letter = *text++, *end;
		long count = strtol(text, &end, 10);
		text = *end == ' ' ? end + 1 : end;
		if (letter == 'p' || letter == 'd') {
			line.holes[line.hole_count++] = (struct line_hole){from, from + count * 60,
				letter == 'p' ? UNKNOWN_POWER : UNKNOWN_DROPPED};
		}
		if (letter == 'p' || letter == 'd' || letter == '.')
			from += count * 60;
		else
			add_slots(&line, &from, letter, count);
	}
	*ret_line = line;
}

void states_text(const struct states *states, char *ret_text, size_t size)
{
	size_t at = 0;
	ret_text[0] = 0;
	for (size_t i = 0; i < states->count && at < size; i++) {
		const struct state_run *run = &states->runs[i];
		char length[24] = "-";
		if (run->to != SPAN_FOREVER)
			snprintf(length, sizeof(length), "%" PRId64, run->to - run->from);
		at += (size_t)snprintf(ret_text + at, size - at, "%s%c%s%s%s", i ? " " : "",
			"UDN"[run->state], length, run -> state == STATE_U ? "" : ":",
			run->state == STATE_U           ? ""
				: run->state == STATE_D ? down_cause_name(run->cause)
							: unknown_cause_name(run->cause));
	}
}

void judge_text(
	const char *text, int64_t from, const struct terms *terms, char *ret_text, size_t size)
{
	struct line line;
	struct states states = {0};
	line_make(&line, from, text);
	if (states_compute(&line, terms, from, &states))
		abort();
	states_text(&states, ret_text, size);
	states_done(&states);
	line_done(&line);
}
