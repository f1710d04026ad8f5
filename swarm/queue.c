/* SPDX-License-Identifier: Apache-2.0 */
#include "swarm/queue.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/crc32c.h"

struct item {
	uint32_t run, sequence, length;
	int64_t lived_us;
	uint8_t bytes[];
};

struct queued_run {
	struct life_memory memory;
	uint64_t nonce;
	uint32_t acked, last;
};

struct queue {
	struct queue_events events;
	struct queued_run *runs; /* those that wait, and the present one: the last */
	size_t run_count;
	struct item **items; /* a ring: [front, front + count) */
	size_t front, count, room;
	size_t given; /* of count */
	uint64_t added, acked;
	struct life_memory safe;
	struct buf scratch;
};

int queue_new(const struct queue_events *events, struct queue **ret_queue)
{
	struct queue *queue = calloc(1, sizeof(*queue));

	if (!queue)
		return -ENOMEM;
	queue->events = *events;
	buf_init(&queue->scratch, RECORD_MAX);
	*ret_queue = queue;
	return 0;
}

void queue_free(struct queue *queue)
{
	if (!queue)
		return;
	for (size_t i = 0; i < queue->count; i++)
		free(queue->items[(queue->front + i) % queue->room]);
	buf_done(&queue->scratch);
	free(queue->items);
	free(queue->runs);
	free(queue);
}

/* ---- in */

/* Runs that are acknowledged to their end are not held any more, but for the present one. */
static void forget_runs(struct queue *queue)
{
	size_t kept = 0;

	for (size_t i = 0; i < queue->run_count; i++)
		if (i == queue->run_count - 1 || queue->runs[i].acked < queue->runs[i].last)
			queue->runs[kept++] = queue->runs[i];
	queue->run_count = kept;
}

int queue_begin(struct queue *queue, const struct life_memory *run, uint64_t nonce)
{
	struct queued_run *grown;

	forget_runs(queue);
	if (queue->run_count == RUNS_MAX)
		return -ENOSPC;
	grown = reallocarray(queue->runs, queue->run_count + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	queue->runs = grown;
	queue->runs[queue->run_count++] = (struct queued_run){.memory = *run, .nonce = nonce};
	return 0;
}

static int make_room(struct queue *queue)
{
	size_t room = queue->room ? queue->room * 2 : 16;
	struct item **grown;

	if (queue->count < queue->room)
		return 0;
	if (queue->count >= QUEUE_RECORDS_MAX)
		return -ENOSPC;
	grown = calloc(room, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	for (size_t i = 0; i < queue->count; i++)
		grown[i] = queue->items[(queue->front + i) % queue->room];
	free(queue->items);
	queue->items = grown;
	queue->front = 0;
	queue->room = room;
	return 0;
}

int queue_add(struct queue *queue, const struct record *record, int64_t lived_us)
{
	struct queued_run *run;
	struct item *item = NULL;
	int status = queue->run_count ? make_room(queue) : -EINVAL;

	if (status == 0)
		status = codec_record_encode(record, &queue->scratch);
	if (status == 0)
		item = malloc(sizeof(*item) + buf_length(&queue->scratch));
	if (item) {
		run = &queue->runs[queue->run_count - 1];
		*item = (struct item){.run = run->memory.run,
			.sequence = ++run->last,
			.length = (uint32_t)buf_length(&queue->scratch),
			.lived_us = lived_us};
		memcpy(item->bytes, buf_peek(&queue->scratch), item->length);
		queue->items[(queue->front + queue->count++) % queue->room] = item;
		queue->added++;
	} else if (status == 0) {
		status = -ENOMEM;
	}
	buf_clear(&queue->scratch);
	return status;
}

/* ---- out */

static size_t runs(void *arg, struct held_run *ret_runs)
{
	struct queue *queue = arg;

	forget_runs(queue);
	for (size_t i = 0; i < queue->run_count; i++)
		ret_runs[i] = (struct held_run){.run = queue->runs[i].memory.run,
			.nonce = queue->runs[i].nonce,
			.first = queue->runs[i].acked + 1,
			.last = queue->runs[i].last};
	return queue->run_count;
}

static void rewind_queue(void *arg)
{
	struct queue *queue = arg;

	queue->given = 0;
}

static int next(void *arg, struct entry *ret_entry)
{
	struct queue *queue = arg;
	const struct item *item;

	if (queue->given == queue->count)
		return 0;
	item = queue->items[(queue->front + queue->given++) % queue->room];
	*ret_entry = (struct entry){.key = {item->run, item->sequence},
		.record = item->bytes,
		.record_length = item->length};
	return 1;
}

static struct queued_run *find_run(struct queue *queue, uint32_t number)
{
	for (size_t i = 0; i < queue->run_count; i++)
		if (queue->runs[i].memory.run == number)
			return &queue->runs[i];
	return NULL;
}

/* Takes the front away as far as it is acknowledged; tells of what was. */
static void drop_front(struct queue *queue, const struct queued_run *run)
{
	uint32_t first = 0, last = 0;
	uint64_t sum = 0;

	while (queue->count) {
		struct item *item = queue->items[queue->front];

		if (item->run != run->memory.run || item->sequence > run->acked)
			break;
		first = first ? first : item->sequence;
		last = item->sequence;
		queue->safe = run->memory;
		queue->safe.lived_us = item->lived_us;
		sum += crc32c(0, item->bytes, item->length);
		free(item);
		queue->front = (queue->front + 1) % queue->room;
		queue->count--;
		queue->given -= queue->given > 0;
		queue->acked++;
	}
	if (first)
		queue->events.acked(queue->events.arg, run->memory.run, first, last, sum);
}

static void acked(void *arg, uint32_t number, uint32_t up_to)
{
	struct queue *queue = arg;
	struct queued_run *run = find_run(queue, number);

	if (!run || up_to <= run->acked)
		return;
	run->acked = up_to < run->last ? up_to : run->last;
	for (size_t i = 0; i < queue->run_count; i++)
		drop_front(queue, &queue->runs[i]); /* what waited behind an older run, too */
}

struct sender_source queue_source(struct queue *queue)
{
	return (struct sender_source){
		.arg = queue, .runs = runs, .rewind = rewind_queue, .next = next, .acked = acked};
}

struct life_memory queue_safe(const struct queue *queue)
{
	return queue->safe;
}

size_t queue_waiting(const struct queue *queue)
{
	return queue->count;
}

uint64_t queue_added(const struct queue *queue)
{
	return queue->added;
}

uint64_t queue_acked(const struct queue *queue)
{
	return queue->acked;
}
