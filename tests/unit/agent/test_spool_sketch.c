/* SPDX-License-Identifier: Apache-2.0 */
/* What turned in a slot that the power did not let finish. */
#include "tests/unit/agent/spool_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "agent/core/flush.h"
#include "tests/sim/disk.h"

#define CUTS 20 /* each tears what was not synced elsewhere */
#define TURN_US S(130) /* in the slot of the second minute */

static struct record record, found;

/* Of the slot that began with the minute, after so many seconds: the carrier went at its end. */
static int sketch(struct spool *spool, uint32_t minute, uint32_t seconds)
{
	memset(&record, 0, sizeof(record));
	record.kind = RECORD_SLOT;
	record.slot.start_us = S(60.0 * minute);
	record.slot.length_ms = seconds * 1000;
	memcpy(record.slot.boot, boot_id, BOOT_BYTES);
	strcpy(record.slot.wan, "wan");
	record.slot.rounds_due = 1;
	record.slot.event_count = 1;
	record.slot.events[0] = (struct event){
		.kind = EVENT_CARRIER_DOWN, .offset_ms = seconds * 1000};
	return spool_sketch(spool, &record);
}

static void cut_power(struct spool *spool, uint64_t seed)
{
	struct draw draw;

	draw_init(&draw, seed);
	disk_hear_syncs(false);
	spool_close(spool);
	disk_hear_syncs(true);
	lose_power();
	disk_cut_power(spool_fixture_folder(), &draw);
}

/* A run whose slots are acknowledged up to the first minute, and safe. */
static struct spool *begin(uint32_t run)
{
	struct spool *spool = open_spool();
	struct sender_source source = spool_source(spool);

	spool_begin(spool, run, 99, boot_id);
	add_slots(spool, 1, 1);
	assert_int_equal(spool_sync(spool), 0);
	source.acked(source.arg, run, 1);
	return spool;
}

/* What is taken up after a restart, as run `run`: how many slots, the last one in `found`. */
static unsigned take_up(struct spool *spool, uint32_t run)
{
	struct sender_source source = spool_source(spool);
	struct entry entry;
	unsigned count = 0;

	if (!spool_has_unfinished(spool))
		return 0;
	assert_int_equal(spool_add_unfinished(spool, run, run), 0);
	assert_false(spool_has_unfinished(spool));
	source.rewind(source.arg);
	while (source.next(source.arg, &entry) > 0) {
		if (entry.key.run != run)
			continue;
		assert_int_equal(entry.key.sequence, ++count);
		assert_int_equal(
			codec_record_decode(entry.record, entry.record_length, &found, NULL), 0);
	}
	return count;
}

static void turn_is_on_flash_within_five_seconds(void **state)
{
	for (uint32_t seed = 1; seed <= CUTS; seed++) {
		struct spool *spool = begin(2 * seed);

		assert_int_equal(sketch(spool, 2, 10), 0);
		spool_turn(spool, TURN_US);
		assert_true(spool_due(spool) <= TURN_US + S(5));
		spool_turn(spool, TURN_US + S(5));
		cut_power(spool, seed);

		spool = open_spool();
		assert_int_equal(take_up(spool, 2 * seed + 1), 1);
		assert_memory_equal(&found.slot, &record.slot, sizeof(found.slot));
		spool_close(spool);
	}
}

static void newest_sketch_of_a_slot_counts(void **state)
{
	struct spool *spool = begin(1);

	for (uint32_t seconds = 10; seconds <= 40; seconds += 10) {
		sketch(spool, 2, seconds);
		spool_turn(spool, TURN_US + S(seconds));
		spool_turn(spool, TURN_US + S(seconds + 5));
	}
	cut_power(spool, 1);
	spool = open_spool();
	assert_int_equal(take_up(spool, 2), 1);
	assert_int_equal(found.slot.length_ms, 40000);
	spool_close(spool);
}

static void finished_slot_takes_the_place_of_its_sketch(void **state)
{
	for (int is_synced = 0; is_synced < 2; is_synced++) {
		struct spool *spool = begin(1 + (uint32_t)is_synced);

		sketch(spool, 2, 10);
		spool_turn(spool, TURN_US);
		spool_turn(spool, TURN_US + S(5));
		add_slots(spool, 2, 3);
		if (is_synced) {
			assert_int_equal(spool_sync(spool), 0);
			cut_power(spool, 1);
		} else {
			spool_close(spool); /* killed: RAM is still there */
		}
		spool = open_spool();
		assert_false(spool_has_unfinished(spool));
		spool_close(spool);
	}
}

static void sketch_becomes_a_record_once_however_often_the_power_goes(void **state)
{
	struct spool *spool = begin(1);

	sketch(spool, 2, 10);
	spool_turn(spool, TURN_US);
	spool_turn(spool, TURN_US + S(5));
	cut_power(spool, 1);
	for (uint32_t run = 2; run <= 4; run++) {
		spool = open_spool();
		assert_int_equal(take_up(spool, run), 1); /* it was not safe yet */
		if (run == 4)
			assert_int_equal(spool_sync(spool), 0);
		cut_power(spool, run);
	}
	spool = open_spool();
	assert_int_equal(spool_last_run(spool), 4);
	assert_false(spool_has_unfinished(spool));
	assert_int_equal(spool_figures(spool).waiting, 1);
	spool_close(spool);
}

static void sketches_that_are_too_many_wait_for_the_budget(void **state)
{
	struct spool *spool = begin(1);
	uint64_t now_us = TURN_US;

	for (int i = 0; i < FLUSH_NEWS_BURST; i++) {
		sketch(spool, 2, 10);
		spool_turn(spool, now_us);
		assert_int_equal(spool_due(spool), now_us + FLUSH_NEWS_US);
		now_us += FLUSH_NEWS_US;
		spool_turn(spool, now_us);
		assert_int_equal(spool_due(spool), FLUSH_NEVER);
	}
	sketch(spool, 2, 10);
	spool_turn(spool, now_us);
	assert_true(spool_due(spool) > now_us + S(60));
	add_slots(spool, 2, 2); /* with its slot it waits no more */
	spool_source(spool).acked(spool, 1, 2);
	spool_turn(spool, now_us);
	assert_int_equal(spool_due(spool), FLUSH_NEVER);
	spool_close(spool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(turn_is_on_flash_within_five_seconds),
		cmocka_unit_test(newest_sketch_of_a_slot_counts),
		cmocka_unit_test(finished_slot_takes_the_place_of_its_sketch),
		cmocka_unit_test(sketch_becomes_a_record_once_however_often_the_power_goes),
		cmocka_unit_test(sketches_that_are_too_many_wait_for_the_budget),
	};

	return spool_fixture_run(tests, sizeof(tests) / sizeof(tests[0]));
}
