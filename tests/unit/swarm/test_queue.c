/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>

#include "swarm/queue.h"

struct heard {
	uint32_t run, first, last;
	uint64_t sum, count;
};

static void on_acked(void *arg, uint32_t run, uint32_t first, uint32_t last, uint64_t sum)
{
	struct heard *heard = arg;

	*heard = (struct heard){
		run, first, last, heard->sum + sum, heard->count + last - first + 1};
}

static struct queue *new_queue(struct heard *heard)
{
	const struct queue_events events = {.arg = heard, .acked = on_acked};
	struct queue *queue;

	assert_int_equal(queue_new(&events, &queue), 0);
	return queue;
}

static void begin_run(struct queue *queue, uint32_t run)
{
	const struct life_memory memory = {.run = run, .booted_us = run * 1000};

	assert_int_equal(queue_begin(queue, &memory, run + 7), 0);
}

static void add(struct queue *queue, int64_t lived_us)
{
	const struct record record = {.kind = RECORD_STOP, .stop.mono_us = (uint64_t)lived_us};

	assert_int_equal(queue_add(queue, &record, lived_us), 0);
}

static struct entry next(struct queue *queue)
{
	struct sender_source source = queue_source(queue);
	struct entry entry = {0};

	assert_int_equal(source.next(source.arg, &entry), 1);
	return entry;
}

static void records_come_in_order_and_again_after_a_rewind(void **state)
{
	struct heard heard = {0};
	struct queue *queue = new_queue(&heard);
	struct sender_source source = queue_source(queue);
	struct entry entry;

	begin_run(queue, 5);
	for (int i = 1; i <= 40; i++)
		add(queue, i);
	for (uint32_t i = 1; i <= 40; i++)
		assert_int_equal(next(queue).key.sequence, i);
	assert_int_equal(source.next(source.arg, &entry), 0);
	source.acked(source.arg, 5, 10);
	source.rewind(source.arg);
	assert_int_equal(next(queue).key.sequence, 11);
	assert_int_equal(heard.count, 10);
	assert_int_equal(queue_waiting(queue), 30);
	assert_int_equal(queue_added(queue), 40);
	assert_int_equal(queue_acked(queue), 10);
	queue_free(queue);
}

static void runs_are_held_until_they_are_acknowledged(void **state)
{
	struct heard heard = {0};
	struct queue *queue = new_queue(&heard);
	struct sender_source source = queue_source(queue);
	struct held_run runs[RUNS_MAX];

	begin_run(queue, 5);
	add(queue, 1);
	add(queue, 2);
	begin_run(queue, 6);
	assert_int_equal(source.runs(source.arg, runs), 2);
	assert_int_equal(runs[0].first, 1);
	assert_int_equal(runs[0].last, 2);
	assert_int_equal(runs[1].run, 6);
	assert_int_equal(runs[1].nonce, 13);
	assert_int_equal(runs[1].first, 1);
	assert_int_equal(runs[1].last, 0); /* nothing yet */
	source.acked(source.arg, 5, 2);
	assert_int_equal(source.runs(source.arg, runs), 1);
	assert_int_equal(runs[0].run, 6);
	add(queue, 3);
	assert_int_equal(next(queue).key.run, 6);
	queue_free(queue);
}

static void what_is_safe_is_remembered_up_to_what_was_acknowledged(void **state)
{
	struct heard heard = {0};
	struct queue *queue = new_queue(&heard);
	struct sender_source source = queue_source(queue);

	assert_int_equal(queue_safe(queue).run, 0);
	begin_run(queue, 5);
	add(queue, 100);
	add(queue, 200);
	begin_run(queue, 6);
	add(queue, 300);
	assert_int_equal(queue_safe(queue).run, 0);
	source.acked(source.arg, 5, 1);
	assert_int_equal(queue_safe(queue).run, 5);
	assert_int_equal(queue_safe(queue).lived_us, 100);
	/* A later run's does not count while an earlier one's is missing. */
	source.acked(source.arg, 6, 1);
	assert_int_equal(queue_safe(queue).lived_us, 100);
	source.acked(source.arg, 5, 2);
	assert_int_equal(queue_safe(queue).run, 6);
	assert_int_equal(queue_safe(queue).booted_us, 6000);
	assert_int_equal(queue_safe(queue).lived_us, 300);
	queue_free(queue);
}

static void more_than_is_there_is_not_acknowledged(void **state)
{
	struct heard heard = {0};
	struct queue *queue = new_queue(&heard);
	struct sender_source source = queue_source(queue);

	begin_run(queue, 5);
	add(queue, 1);
	source.acked(source.arg, 5, 7);
	source.acked(source.arg, 9, 1); /* of a run that it does not know */
	assert_int_equal(heard.count, 1);
	add(queue, 2);
	assert_int_equal(next(queue).key.sequence, 2);
	assert_int_equal(queue_waiting(queue), 1);
	queue_free(queue);
}

static void it_is_full_at_its_limit(void **state)
{
	const struct record record = {.kind = RECORD_STOP};
	struct heard heard = {0};
	struct queue *queue = new_queue(&heard);

	begin_run(queue, 5);
	for (int i = 0; i < QUEUE_RECORDS_MAX; i++)
		add(queue, i);
	assert_int_equal(queue_add(queue, &record, 0), -ENOSPC);
	assert_int_equal(queue_added(queue), QUEUE_RECORDS_MAX);
	queue_free(queue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_come_in_order_and_again_after_a_rewind),
		cmocka_unit_test(runs_are_held_until_they_are_acknowledged),
		cmocka_unit_test(what_is_safe_is_remembered_up_to_what_was_acknowledged),
		cmocka_unit_test(more_than_is_there_is_not_acknowledged),
		cmocka_unit_test(it_is_full_at_its_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
