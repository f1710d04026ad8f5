/* SPDX-License-Identifier: Apache-2.0 */
/* A simulated agent's records, in memory until they are acknowledged: what the spool is to a
 * real one. */
#ifndef PANTAU_SWARM_QUEUE_H
#define PANTAU_SWARM_QUEUE_H

#include "proto/sender.h"

#define QUEUE_RECORDS_MAX 256 /* per agent; beyond it nothing more is invented until some go */

struct queue;

int queue_new(uint32_t run, uint64_t nonce, struct queue **ret_queue);
void queue_free(struct queue *queue);
/* Encodes and numbers. -ENOSPC when it is full. */
int queue_add(struct queue *queue, const struct record *record);
/* A power cut: what is not acknowledged is lost. Then, another run. */
void queue_lose(struct queue *queue);
void queue_begin_again(struct queue *queue, uint32_t run, uint64_t nonce);
struct sender_source queue_source(struct queue *queue); /* borrows */
uint64_t queue_added(const struct queue *queue);
uint64_t queue_acked(const struct queue *queue);
uint64_t queue_lost(const struct queue *queue);

#endif
