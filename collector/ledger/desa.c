/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/desa.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

enum kind { KIND_NONE, KIND_U, KIND_D, KIND_N, KIND_E };
#define KIND_COUNT (KIND_E + 1)

/* Of a link: KIND_E is excluded, KIND_NONE outside of the service hours; `state` is what was
 * measured beneath. */
struct part { /* sorted and disjoint within a link */
	int64_t from, to;
	enum kind kind;
	enum state state;
	uint8_t cause;
};

struct track { /* one link */
	struct part *parts;
	size_t count, room, at;
};

struct desa {
	struct track *tracks;
	size_t count;
	int64_t *edges;
	size_t edge_count;
};

struct desa *desa_new(void)
{
	return calloc(1, sizeof(struct desa));
}

void desa_free(struct desa *desa)
{
	if (!desa)
		return;
	for (size_t i = 0; i < desa->count; i++)
		free(desa->tracks[i].parts);
	free(desa->tracks);
	free(desa->edges);
	free(desa);
}

int desa_link(struct desa *desa)
{
	struct track *tracks = realloc(desa->tracks, (desa->count + 1) * sizeof(*tracks));

	if (!tracks)
		return -ENOMEM;
	desa->tracks = tracks;
	desa->tracks[desa->count++] = (struct track){0};
	return 0;
}

static int add_part(struct track *track, struct part part)
{
	if (part.from >= part.to)
		return 0;
	if (track->count == track->room) {
		size_t room = track->room ? track->room * 2 : 64;
		struct part *parts = realloc(track->parts, room * sizeof(*parts));
		if (!parts)
			return -ENOMEM;
		track->parts = parts;
		track->room = room;
	}
	track->parts[track->count++] = part;
	return 0;
}

/* What of the runs lies in the set, as parts of the kind that the state has there. */
static int add_runs(struct track *track, const struct states *states, const struct spans *set,
	const enum kind kinds[STATE_N + 1])
{
	size_t run = 0, span = 0;
	int failed = 0;

	while (!failed && run < states->count && span < set->count) {
		const struct state_run *own = &states->runs[run];
		const struct span *within = &set->items[span];
		struct part part = {
			.from = own->from > within->from ? own->from : within->from,
			.to = own->to < within->to ? own->to : within->to,
			.kind = kinds[own->state],
			.state = own->state,
			.cause = own->cause,
		};
		failed = add_part(track, part);
		if (own->to < within->to)
			run++;
		else
			span++;
	}
	return failed;
}

int desa_contract(struct desa *desa, const struct states *states, const struct month_row *row)
{
	static const enum kind counted[] = {
		[STATE_U] = KIND_U, [STATE_D] = KIND_D, [STATE_N] = KIND_N};
	static const enum kind excluded[] = {KIND_E, KIND_E, KIND_E};
	static const enum kind unserved[] = {KIND_NONE, KIND_NONE, KIND_NONE};
	struct track *track = &desa->tracks[desa->count - 1];
	struct spans segment = {0}, out = {0}, off = {0};
	int failed = spans_add(&segment, row->segment_from, row->segment_to);

	if (!failed)
		failed = spans_subtract(&row->period, &row->counted, &out);
	if (!failed)
		failed = spans_subtract(&segment, &row->period, &off);
	if (!failed)
		failed = add_runs(track, states, &row->counted, counted);
	if (!failed)
		failed = add_runs(track, states, &out, excluded);
	if (!failed)
		failed = add_runs(track, states, &off, unserved);
	spans_done(&off);
	spans_done(&out);
	spans_done(&segment);
	return failed;
}

static int by_from(const void *left, const void *right)
{
	const struct part *a = left, *b = right;

	return (a->from > b->from) - (a->from < b->from);
}

static int by_time(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

static int collect_edges(struct desa *desa)
{
	size_t room = 0, count = 0;

	for (size_t i = 0; i < desa->count; i++)
		room += desa->tracks[i].count * 2;
	free(desa->edges);
	desa->edges = calloc(room + 1, sizeof(*desa->edges));
	if (!desa->edges)
		return -ENOMEM;
	for (size_t i = 0; i < desa->count; i++) {
		struct track *track = &desa->tracks[i];
		if (track->count)
			qsort(track->parts, track->count, sizeof(*track->parts), by_from);
		track->at = 0;
		for (size_t k = 0; k < desa->tracks[i].count; k++) {
			desa->edges[count++] = desa->tracks[i].parts[k].from;
			desa->edges[count++] = desa->tracks[i].parts[k].to;
		}
	}
	qsort(desa->edges, count, sizeof(*desa->edges), by_time);
	desa->edge_count = count;
	return 0;
}

/* The link's part at the second; NULL where it has no contract. Seconds are asked in order. */
static const struct part *part_at(struct track *track, int64_t second)
{
	while (track->at < track->count && track->parts[track->at].to <= second)
		track->at++;
	if (track->at == track->count || track->parts[track->at].from > second)
		return NULL;
	return &track->parts[track->at];
}

/* The desa's own part from this second on; its kind is KIND_NONE where no link's P is. Its state is
 * STATE_U where some link was up, counted or not, and where there is no contract at all. */
static struct part judge(struct desa *desa, int64_t second)
{
	size_t seen = 0, count[KIND_COUNT] = {0};
	int cause[KIND_COUNT] = {[KIND_D] = -1, [KIND_N] = -1};
	struct part part = {.from = second, .state = STATE_N};

	for (size_t i = 0; i < desa->count; i++) {
		const struct part *own = part_at(&desa->tracks[i], second);
		if (!own)
			continue;
		seen++;
		if (own->state == STATE_U)
			part.state = STATE_U;
		if (!count[own->kind]++)
			cause[own->kind] = own->cause;
	}
	size_t links = seen - count[KIND_NONE];
	if (!seen)
		part.state = STATE_U;
	if (!links)
		return part;
	part.kind = count[KIND_U]        ? KIND_U
		: count[KIND_D] == links ? KIND_D
		: count[KIND_E] == links ? KIND_E
					 : KIND_N;
	/* some links down, the others excluded: undetermined with no unknown second to blame */
	if (part.kind == KIND_N && !count[KIND_N])
		cause[KIND_N] = UNKNOWN_EDGE;
	part.cause = (uint8_t)cause[part.kind];
	return part;
}

struct outages { /* runs of D that only U parts */
	int64_t down_s;
	uint32_t count;
	int64_t longest_s;
};

static void follow(struct outages *outages, const struct part *part)
{
	bool counted = part->kind != KIND_E && part->kind != KIND_NONE;

	if (part->kind == KIND_D) {
		outages->count += !outages->down_s;
		outages->down_s += part->to - part->from;
		if (outages->down_s > outages->longest_s)
			outages->longest_s = outages->down_s;
	} else if (part->kind == KIND_U || (!counted && part->state == STATE_U)) {
		outages->down_s = 0;
	}
}

static void count_part(struct month_row *row, const struct part *part)
{
	int64_t seconds = part->to - part->from;

	switch (part->kind) {
	case KIND_U: row->u += seconds; break;
	case KIND_D:
		row->d += seconds;
		row->d_by[part->cause] += seconds;
		break;
	case KIND_N:
		row->n += seconds;
		row->n_by[part->cause] += seconds;
		break;
	case KIND_E: row->e += seconds; break;
	case KIND_NONE: return;
	}
	row->s += seconds;
}

int desa_count(struct desa *desa, struct month_row *row)
{
	struct outages outages = {0};
	int failed = collect_edges(desa);

	if (failed)
		return failed;
	for (size_t i = 0; i + 1 < desa->edge_count; i++) {
		if (desa->edges[i] == desa->edges[i + 1])
			continue;
		struct part part = judge(desa, desa->edges[i]);
		part.to = desa->edges[i + 1];
		count_part(row, &part);
		follow(&outages, &part);
	}
	row->outages = outages.count;
	row->longest_s = outages.longest_s;
	return 0;
}
