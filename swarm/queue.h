/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A simulated agent's records until they are acknowledged: what the spool is to a real one.
 *
 *   run 7: 41 42 43 | run 8: 1 2 3 4        the oldest first
 *                ^ given to the sender so far
 */
#ifndef PANTAU_SWARM_QUEUE_H
#define PANTAU_SWARM_QUEUE_H

#include "proto/sender.h"
#include "swarm/life.h"

#define QUEUE_RECORDS_MAX 65536 /* six weeks of slots of a minute */

struct queue_events {
	void *arg;
	/* These are safe, and so are all before them: how many, and the sum of their CRC-32C. */
	void (*acked)(void *arg, uint32_t run, uint32_t first, uint32_t last, uint64_t sum);
};

struct queue;

int queue_new(const struct queue_events *events, struct queue **ret_queue);
void queue_free(struct queue *queue);
/* Another run: higher than the one before. Copies. -ENOSPC beyond RUNS_MAX that wait. */
int queue_begin(struct queue *queue, const struct life_memory *run, uint64_t nonce);
/* Encodes and numbers; all before lived_us is recorded with it. -ENOSPC when it is full. */
int queue_add(struct queue *queue, const struct record *record, int64_t lived_us);
struct sender_source queue_source(struct queue *queue); /* borrows */
/* What to go on with, were it to end now: all before it is acknowledged. run 0: nothing is. */
struct life_memory queue_safe(const struct queue *queue);
size_t queue_waiting(const struct queue *queue);
uint64_t queue_added(const struct queue *queue);
uint64_t queue_acked(const struct queue *queue);

#endif
