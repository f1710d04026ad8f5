/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/progress.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/crc32c.h"
#include "common/pack.h"
#include "proto/marks.h"

#define TABLE_MIN 64 /* power of two */
#define HEADER_BYTES (8 + 8 + 8 + 4) /* magic, segment, record, agents */
#define CRC_BYTES 4
#define AGENT_BYTES (4 + 4) /* agent, runs */
#define RUN_BYTES (4 + 8) /* run, nonce; its marks follow */

static const uint8_t magic[8] = {'P', 'D', 'M', 'A', 'R', 'K', 'S', '1'};

struct run {
	uint64_t nonce;
	uint32_t run;
	struct marks marks;
};

struct agent { /* id 0: an empty place of the table */
	uint32_t id;
	uint32_t count, room;
	struct run *runs; /* by run, then nonce */
};

struct progress { /* open addressing; nothing is ever removed */
	struct agent *table;
	size_t size, used;
};

int progress_new(struct progress **ret_progress)
{
	struct progress *progress = calloc(1, sizeof(*progress));

	if (!progress)
		return -ENOMEM;
	progress->size = TABLE_MIN;
	progress->table = calloc(TABLE_MIN, sizeof(*progress->table));
	if (!progress->table) {
		free(progress);
		return -ENOMEM;
	}
	*ret_progress = progress;
	return 0;
}

void progress_free(struct progress *progress)
{
	if (!progress)
		return;
	for (size_t i = 0; i < progress->size; i++) {
		for (uint32_t j = 0; j < progress->table[i].count; j++)
			marks_done(&progress->table[i].runs[j].marks);
		free(progress->table[i].runs);
	}
	free(progress->table);
	free(progress);
}

/* ---- finding */

/* The agent's place: where it is, or where it would go. */
static struct agent *find_agent(const struct progress *progress, uint32_t id)
{
	size_t at = (id * UINT32_C(2654435769)) & (progress->size - 1);

	while (progress->table[at].id != 0 && progress->table[at].id != id)
		at = (at + 1) & (progress->size - 1);
	return &progress->table[at];
}

/* The index of the run, or of the first one behind where it would be. */
static uint32_t find_run(const struct agent *agent, const struct progress_run *run)
{
	uint32_t low = 0, high = agent->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct run *at = &agent->runs[middle];

		if (at->run < run->run || (at->run == run->run && at->nonce < run->nonce))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_run(const struct agent *agent, uint32_t at, const struct progress_run *run)
{
	return at < agent->count && agent->runs[at].run == run->run &&
		agent->runs[at].nonce == run->nonce;
}

static const struct marks *find_marks(
	const struct progress *progress, const struct progress_run *run)
{
	const struct agent *agent = find_agent(progress, run->agent);
	uint32_t at;

	if (agent->id == 0)
		return NULL;
	at = find_run(agent, run);
	return is_run(agent, at, run) ? &agent->runs[at].marks : NULL;
}

/* ---- adding */

static int grow_table(struct progress *progress)
{
	struct progress grown = {.size = progress->size * 2, .used = progress->used};

	if ((progress->used + 1) * 4 < progress->size * 3)
		return 0;
	grown.table = calloc(grown.size, sizeof(*grown.table));
	if (!grown.table)
		return -ENOMEM;
	for (size_t i = 0; i < progress->size; i++)
		if (progress->table[i].id != 0)
			*find_agent(&grown, progress->table[i].id) = progress->table[i];
	free(progress->table);
	*progress = grown;
	return 0;
}

static int make_agent(struct progress *progress, uint32_t id, struct agent **ret_agent)
{
	struct agent *agent = find_agent(progress, id);
	int r;

	if (agent->id == 0) {
		r = grow_table(progress);
		if (r < 0)
			return r;
		agent = find_agent(progress, id);
		agent->id = id;
		progress->used++;
	}
	*ret_agent = agent;
	return 0;
}

/* Room for one more; the oldest run is forgotten when there are too many. */
static int make_run_room(struct agent *agent)
{
	uint32_t room = agent->room ? agent->room * 2 : 1;
	struct run *grown;

	if (agent->count == PROGRESS_RUNS_MAX) {
		marks_done(&agent->runs[0].marks);
		agent->count--;
		memmove(agent->runs, agent->runs + 1, agent->count * sizeof(*agent->runs));
	}
	if (agent->count < agent->room)
		return 0;
	grown = reallocarray(agent->runs, room, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	agent->runs = grown;
	agent->room = room;
	return 0;
}

static int make_run(struct agent *agent, const struct progress_run *run, struct run **ret_run)
{
	uint32_t at = find_run(agent, run);
	int r;

	if (!is_run(agent, at, run)) {
		r = make_run_room(agent);
		if (r < 0)
			return r;
		at = find_run(agent, run);
		memmove(&agent->runs[at + 1], &agent->runs[at],
			(agent->count - at) * sizeof(*agent->runs));
		agent->runs[at] = (struct run){.run = run->run, .nonce = run->nonce};
		marks_init(&agent->runs[at].marks);
		agent->count++;
	}
	*ret_run = &agent->runs[at];
	return 0;
}

int progress_add(
	struct progress *progress, const struct progress_run *run, uint32_t first, uint32_t last)
{
	struct agent *agent;
	struct run *found;
	int r;

	if (run->agent == 0)
		return -EINVAL;
	r = make_agent(progress, run->agent, &agent);
	if (r == 0)
		r = make_run(agent, run, &found);
	return r < 0 ? r : marks_add(&found->marks, first, last);
}

uint32_t progress_up_to(
	const struct progress *progress, const struct progress_run *run, uint32_t first)
{
	const struct marks *marks = find_marks(progress, run);

	return marks ? marks_up_to(marks, first) : first - 1;
}

bool progress_contains(
	const struct progress *progress, const struct progress_run *run, uint32_t sequence)
{
	const struct marks *marks = find_marks(progress, run);

	return marks && marks_contain(marks, sequence);
}

uint32_t progress_missing(const struct progress *progress, const struct progress_run *run,
	uint32_t first, uint32_t last)
{
	const struct marks *marks = find_marks(progress, run);

	return marks ? marks_missing(marks, first, last) : last - first + 1;
}

/* ---- the snapshot: header, agents with their runs, CRC of all before it */

static int encode_agent(const struct agent *agent, struct buf *out)
{
	uint8_t bytes[AGENT_BYTES > RUN_BYTES ? AGENT_BYTES : RUN_BYTES];
	struct pack pack;
	int r;

	pack_init(&pack, bytes, sizeof(bytes));
	pack_u32(&pack, agent->id);
	pack_u32(&pack, agent->count);
	r = buf_append(out, bytes, pack.length);
	for (uint32_t i = 0; r == 0 && i < agent->count; i++) {
		pack_init(&pack, bytes, sizeof(bytes));
		pack_u32(&pack, agent->runs[i].run);
		pack_u64(&pack, agent->runs[i].nonce);
		r = buf_append(out, bytes, pack.length);
		if (r == 0)
			r = marks_encode(&agent->runs[i].marks, out);
	}
	return r;
}

int progress_encode(const struct progress *progress, struct seglog_pos pos, struct buf *out)
{
	size_t before = buf_length(out);
	uint8_t bytes[HEADER_BYTES];
	struct pack pack;
	int r;

	pack_init(&pack, bytes, sizeof(bytes));
	pack_bytes(&pack, magic, sizeof(magic));
	pack_u64(&pack, pos.segment);
	pack_u64(&pack, pos.record);
	pack_u32(&pack, (uint32_t)progress->used);
	r = buf_append(out, bytes, pack.length);
	for (size_t i = 0; r == 0 && i < progress->size; i++)
		if (progress->table[i].id != 0)
			r = encode_agent(&progress->table[i], out);
	if (r < 0)
		return r;
	pack_init(&pack, bytes, sizeof(bytes));
	pack_u32(&pack, crc32c(0, buf_peek(out) + before, buf_length(out) - before));
	return buf_append(out, bytes, pack.length);
}

static int decode_run(struct unpack *unpack, struct agent *agent)
{
	struct progress_run key = {.agent = agent->id};
	struct marks marks;
	struct run *run;
	size_t taken;
	int r;

	key.run = unpack_u32(unpack);
	key.nonce = unpack_u64(unpack);
	if (unpack->failed)
		return -EBADMSG;
	marks_init(&marks);
	r = marks_decode(unpack->bytes + unpack->at, unpack->length - unpack->at, &marks, &taken);
	if (r < 0)
		return r;
	unpack_bytes(unpack, taken);
	r = make_run(agent, &key, &run);
	if (r < 0 || run->marks.count > 0) {
		marks_done(&marks);
		return r < 0 ? r : -EBADMSG;
	}
	run->marks = marks;
	return 0;
}

static int decode_agent(struct unpack *unpack, struct progress *progress)
{
	uint32_t id = unpack_u32(unpack), count = unpack_u32(unpack);
	struct agent *agent;
	int r;

	if (unpack->failed || id == 0 || count > PROGRESS_RUNS_MAX)
		return -EBADMSG;
	r = make_agent(progress, id, &agent);
	while (r == 0 && count-- > 0)
		r = decode_run(unpack, agent);
	return r;
}

static int decode_all(struct unpack *unpack, struct progress *progress, struct seglog_pos *ret_pos)
{
	const uint8_t *start = unpack_bytes(unpack, sizeof(magic));
	struct seglog_pos pos;
	uint32_t agents;
	int r = 0;

	pos.segment = unpack_u64(unpack);
	pos.record = unpack_u64(unpack);
	agents = unpack_u32(unpack);
	if (unpack->failed || memcmp(start, magic, sizeof(magic)) != 0)
		return -EBADMSG;
	while (r == 0 && agents-- > 0)
		r = decode_agent(unpack, progress);
	if (r == 0 && unpack->at != unpack->length)
		r = -EBADMSG;
	if (r == 0)
		*ret_pos = pos;
	return r;
}

int progress_decode(const void *bytes, size_t length, struct progress **ret_progress,
	struct seglog_pos *ret_pos)
{
	struct progress *progress;
	struct unpack unpack;
	uint32_t crc;
	int r;

	if (length < HEADER_BYTES + CRC_BYTES)
		return -EBADMSG;
	length -= CRC_BYTES;
	unpack_init(&unpack, (const uint8_t *)bytes + length, CRC_BYTES);
	crc = unpack_u32(&unpack);
	if (crc != crc32c(0, bytes, length))
		return -EBADMSG;
	r = progress_new(&progress);
	if (r < 0)
		return r;
	unpack_init(&unpack, bytes, length);
	r = decode_all(&unpack, progress, ret_pos);
	if (r < 0) {
		progress_free(progress);
		return r;
	}
	*ret_progress = progress;
	return 0;
}
