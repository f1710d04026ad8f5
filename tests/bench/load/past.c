/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/load/past.h"

#include <errno.h>
#include <stdlib.h>

#include "tests/bench/router.h"

#define SEED 1
#define BYTES_MAX (256U << 20) /* of all: 190 a slot */
#define ROOM_FIRST 512

struct past {
	uint32_t routers;
	struct past_one *ones;
	struct buf bytes;
};

static int note_run(struct past_one *one, const struct router_told *told)
{
	struct held_run *run = one->run_count ? &one->runs[one->run_count - 1] : NULL;

	if (run && run->run == told->key.run) {
		run->last = told->key.sequence;
		return 0;
	}
	if (one->run_count == PAST_RUNS_MAX)
		return -E2BIG;
	one->runs[one->run_count++] = (struct held_run){
		told->key.run, told->nonce, told->key.sequence, told->key.sequence};
	return 0;
}

/* Where its bytes lie is said when all are there. */
static int keep(struct past *past, struct past_one *one, const struct record *record,
	const struct router_told *told)
{
	size_t before = buf_length(&past->bytes);
	struct entry *grown;
	int r = note_run(one, told);

	if (r < 0)
		return r;
	if (one->count % ROOM_FIRST == 0) {
		grown = reallocarray(one->entries, one->count + ROOM_FIRST, sizeof(*one->entries));
		if (!grown)
			return -ENOMEM;
		one->entries = grown;
	}
	r = codec_record_encode(record, &past->bytes);
	one->entries[one->count++] = (struct entry){
		.key = told->key, .record_length = buf_length(&past->bytes) - before};
	one->slots += record->kind == RECORD_SLOT;
	return r;
}

static int live(struct past *past, const struct router_plan *plan)
{
	struct past_one *one = &past->ones[plan->agent - 1];
	struct record *record = calloc(1, sizeof(*record));
	struct router_told told;
	struct router router;
	int r = record ? 0 : -ENOMEM;

	if (r == 0)
		router_init(&router, plan);
	while (r == 0 && router_next(&router, record, &told))
		r = keep(past, one, record, &told);
	free(record);
	return r;
}

static void place(struct past *past)
{
	const uint8_t *bytes = buf_peek(&past->bytes);

	for (uint32_t i = 0; i < past->routers; i++)
		for (size_t j = 0; j < past->ones[i].count; j++) {
			struct entry *entry = &past->ones[i].entries[j];

			entry->record = bytes;
			bytes += entry->record_length;
		}
}

int past_new(
	uint32_t routers, int64_t from_s, int64_t to_s, struct past **ret_past, struct err *err)
{
	struct past *past = calloc(1, sizeof(*past));
	struct nature nature;
	struct router_plan plan = {.nature = &nature,
		.seed = SEED,
		.from_s = from_s,
		.to_s = to_s,
		.report_s = (uint32_t)(to_s - from_s)};
	int r = 0;

	if (!past || !(past->ones = calloc(routers, sizeof(*past->ones)))) {
		free(past);
		return err_errno(err, -ENOMEM, "past");
	}
	past->routers = routers;
	buf_init(&past->bytes, BYTES_MAX);
	nature_init(&nature);
	for (plan.agent = 1; r == 0 && plan.agent <= routers; plan.agent++)
		r = live(past, &plan);
	if (r < 0) {
		past_free(past);
		return err_errno(err, r, "past");
	}
	place(past);
	*ret_past = past;
	return 0;
}

void past_free(struct past *past)
{
	if (!past)
		return;
	for (uint32_t i = 0; i < past->routers; i++)
		free(past->ones[i].entries);
	free(past->ones);
	buf_done(&past->bytes);
	free(past);
}

const struct past_one *past_of(const struct past *past, uint32_t agent)
{
	return &past->ones[(agent - 1) % past->routers];
}
