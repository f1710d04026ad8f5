/* SPDX-License-Identifier: Apache-2.0 */
#include "swarm/queue.h"

#include <errno.h>
#include <stdlib.h>

/* A ring by sequence: those in [acked, last] are there. The last one acknowledged stays, so
 * that HELLO can always name the run. */
struct queue {
	uint32_t run;
	uint64_t nonce;
	uint32_t acked, last, given;
	uint64_t acked_before, lost; /* in the runs before this one */
	struct buf records[QUEUE_RECORDS_MAX];
};

static struct buf *place_of(struct queue *queue, uint32_t sequence)
{
	return &queue->records[sequence % QUEUE_RECORDS_MAX];
}

int queue_new(uint32_t run, uint64_t nonce, struct queue **ret_queue)
{
	struct queue *queue = calloc(1, sizeof(*queue));

	if (!queue)
		return -ENOMEM;
	queue->run = run;
	queue->nonce = nonce;
	for (size_t i = 0; i < QUEUE_RECORDS_MAX; i++)
		buf_init(&queue->records[i], RECORD_MAX);
	*ret_queue = queue;
	return 0;
}

void queue_free(struct queue *queue)
{
	if (!queue)
		return;
	for (size_t i = 0; i < QUEUE_RECORDS_MAX; i++)
		buf_done(&queue->records[i]);
	free(queue);
}

void queue_lose(struct queue *queue)
{
	queue->lost += queue->last - queue->acked;
	queue->last = queue->given = queue->acked;
	for (size_t i = 0; i < QUEUE_RECORDS_MAX; i++)
		buf_done(&queue->records[i]);
}

void queue_begin_again(struct queue *queue, uint32_t run, uint64_t nonce)
{
	queue->acked_before += queue->acked;
	queue->run = run;
	queue->nonce = nonce;
	queue->acked = queue->last = queue->given = 0;
}

int queue_add(struct queue *queue, const struct record *record)
{
	int status;

	if (queue->last - queue->acked + 1 >= QUEUE_RECORDS_MAX)
		return -ENOSPC;
	status = codec_record_encode(record, place_of(queue, queue->last + 1));
	if (status == 0)
		queue->last++;
	return status;
}

static size_t runs(void *arg, struct held_run *ret_runs)
{
	const struct queue *queue = arg;

	if (!queue->last)
		return 0;
	ret_runs[0] = (struct held_run){.run = queue->run,
		.nonce = queue->nonce,
		.first = queue->acked ? queue->acked : 1,
		.last = queue->last};
	return 1;
}

static void rewind_queue(void *arg)
{
	struct queue *queue = arg;

	queue->given = queue->acked ? queue->acked - 1 : 0;
}

static int next(void *arg, struct entry *ret_entry)
{
	struct queue *queue = arg;
	const struct buf *record;

	if (queue->given == queue->last)
		return 0;
	record = place_of(queue, ++queue->given);
	*ret_entry = (struct entry){.key = {queue->run, queue->given},
		.record = buf_peek(record),
		.record_length = buf_length(record)};
	return 1;
}

static void acked(void *arg, uint32_t run, uint32_t up_to)
{
	struct queue *queue = arg;

	while (run == queue->run && queue->acked < up_to && queue->acked < queue->last)
		buf_done(place_of(queue, queue->acked++));
	if (queue->given < queue->acked)
		queue->given = queue->acked;
}

struct sender_source queue_source(struct queue *queue)
{
	return (struct sender_source){
		.arg = queue, .runs = runs, .rewind = rewind_queue, .next = next, .acked = acked};
}

uint64_t queue_added(const struct queue *queue)
{
	return queue->acked_before + queue->lost + queue->last;
}

uint64_t queue_acked(const struct queue *queue)
{
	return queue->acked_before + queue->acked;
}

uint64_t queue_lost(const struct queue *queue)
{
	return queue->lost;
}
