/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/sla_desa.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

enum kind { KIND_NONE, KIND_U, KIND_D, KIND_N, KIND_E };

struct part { /* sorted and disjoint within a link */
	int64_t from, to;
	enum kind kind;
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

/* [from, to) of one state, what is excluded of it being E. */
static int add_run(struct track *track, const struct spans *counted, struct part part)
{
	int64_t at = part.from;
	int failed = 0;

	for (size_t i = 0; !failed && i < counted->count && at < part.to; i++) {
		const struct span *span = &counted->items[i];
		if (span->to <= at)
			continue;
		int64_t from = span->from > at ? span->from : at;
		int64_t to = span->to < part.to ? span->to : part.to;
		if (from >= part.to)
			break;
		failed = add_part(track, (struct part){at, from, KIND_E, 0});
		if (!failed)
			failed = add_part(track, (struct part){from, to, part.kind, part.cause});
		at = to;
	}
	return failed ? failed : add_part(track, (struct part){at, part.to, KIND_E, 0});
}

int desa_contract(struct desa *desa, const struct states *states, const struct month_row *row)
{
	static const enum kind kinds[] = {
		[STATE_U] = KIND_U, [STATE_D] = KIND_D, [STATE_N] = KIND_N};
	struct track *track = &desa->tracks[desa->count - 1];
	int failed = 0;

	for (size_t i = 0; !failed && i < states->count; i++) {
		const struct state_run *run = &states->runs[i];
		struct part part = {run->from, run->to, kinds[run->state], run->cause};
		if (part.from < row->segment_from)
			part.from = row->segment_from;
		if (part.to > row->segment_to)
			part.to = row->segment_to;
		if (part.from < part.to)
			failed = add_run(track, &row->counted, part);
	}
	return failed;
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

/* The desa's own part from this second on; its kind is KIND_NONE where no link has a contract. */
static struct part judge(struct desa *desa, int64_t second)
{
	size_t links = 0, count[KIND_E + 1] = {0};
	int cause[KIND_E + 1] = {-1, -1, -1, -1, -1};
	struct part part = {.from = second};

	for (size_t i = 0; i < desa->count; i++) {
		const struct part *own = part_at(&desa->tracks[i], second);
		if (!own)
			continue;
		links++;
		if (!count[own->kind]++)
			cause[own->kind] = own->cause;
	}
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

struct outages { /* runs of D that only U, or the end of all contracts, parts */
	int64_t down_s;
	uint32_t count;
	int64_t longest_s;
};

static void follow(struct outages *outages, const struct part *part)
{
	if (part->kind == KIND_D) {
		outages->count += !outages->down_s;
		outages->down_s += part->to - part->from;
		if (outages->down_s > outages->longest_s)
			outages->longest_s = outages->down_s;
	} else if (part->kind == KIND_U || part->kind == KIND_NONE) {
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
