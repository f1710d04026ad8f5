/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/slots.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct slots {
	struct grid grid;
	uint8_t boot[BOOT_BYTES];
	char wan[WAN_NAME_MAX + 1];
	struct wan_reading reading; /* at the start of the slot that collects */
	uint64_t next_us; /* end of the slot that collects */
	bool stopped;
	size_t count; /* oldest first; the last one collects unless stopped or out of memory */
	struct slot *open[SLOTS_OPEN_MAX];
};

static uint64_t slot_end(const struct slot *slot)
{
	return slot->start_us + slot->length_ms * 1000ULL;
}

/* Without memory there is no slot: what it would have held is not known. */
static void open_slot(struct slots *slots, uint64_t start_us)
{
	uint64_t end_us = grid_slot_end(&slots->grid, start_us);
	struct slot *slot;

	slots->next_us = end_us;
	if (slots->count == SLOTS_OPEN_MAX)
		return;
	slot = calloc(1, sizeof(*slot));
	if (!slot)
		return;
	memcpy(slot->boot, slots->boot, BOOT_BYTES);
	memcpy(slot->wan, slots->wan, sizeof(slot->wan));
	slot->start_us = start_us;
	slot->length_ms = (uint32_t)((end_us - start_us) / 1000);
	slots->open[slots->count++] = slot;
}

int slots_new(const struct grid *grid, const char *wan, const uint8_t boot[BOOT_BYTES],
	const struct wan_reading *reading, struct slots **ret_slots)
{
	struct slots *slots;

	if (strlen(wan) > WAN_NAME_MAX)
		return -EINVAL;
	slots = calloc(1, sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	slots->grid = *grid;
	slots->reading = *reading;
	memcpy(slots->boot, boot, BOOT_BYTES);
	strcpy(slots->wan, wan);
	open_slot(slots, grid->start_us);
	*ret_slots = slots;
	return 0;
}

void slots_free(struct slots *slots)
{
	if (!slots)
		return;
	for (size_t i = 0; i < slots->count; i++)
		free(slots->open[i]);
	free(slots);
}

uint64_t slots_due(const struct slots *slots)
{
	return slots->stopped ? UINT64_MAX : slots->next_us;
}

/* The slot in which the moment lies, NULL if it is not kept (any more). */
static struct slot *find_slot(const struct slots *slots, uint64_t at_us)
{
	for (size_t i = slots->count; i-- > 0;)
		if (at_us >= slots->open[i]->start_us && at_us < slot_end(slots->open[i]))
			return slots->open[i];
	return NULL;
}

static uint64_t grown(uint64_t before, uint64_t after)
{
	return after >= before ? after - before : after; /* the counter began anew */
}

/* The slot that collects; NULL: there was no memory for it. */
static struct slot *collecting(const struct slots *slots)
{
	struct slot *slot = slots->count ? slots->open[slots->count - 1] : NULL;

	return slot && slot_end(slot) == slots->next_us ? slot : NULL;
}

static void fill_facts(
	const struct slots *slots, const struct wan_reading *now, struct slot *ret_slot)
{
	const struct wan_reading none = {0};
	const struct wan_reading *then = &slots->reading;

	if (then->interface != now->interface)
		then = &none;
	ret_slot->facts = (struct wan_facts){
		.carrier = now->carrier,
		.gateway = now->gateway,
		.address = now->address,
		.rx_bytes = grown(then->rx_bytes, now->rx_bytes),
		.tx_bytes = grown(then->tx_bytes, now->tx_bytes),
		.rx_packets = grown(then->rx_packets, now->rx_packets),
		.tx_packets = grown(then->tx_packets, now->tx_packets),
		.errors = grown(then->errors, now->errors),
	};
}

static void take_facts(struct slots *slots, const struct wan_reading *now)
{
	struct slot *slot = collecting(slots);

	if (slot)
		fill_facts(slots, now, slot);
	slots->reading = *now;
}

void slots_turn(struct slots *slots, uint64_t now_us, const struct wan_reading *reading)
{
	if (slots->stopped || now_us < slots->next_us)
		return;
	take_facts(slots, reading);
	/* After a sleep the next slot is the one that runs now: of those between nothing is
	 * known. */
	open_slot(slots, grid_slot_start(&slots->grid, now_us));
}

/* The target's index in the slot, added if it is new; -ENOSPC. */
static int index_target(struct slot *slot, const struct target *target)
{
	for (int i = 0; i < slot->target_count; i++)
		if (target_same(&slot->targets[i], target))
			return i;
	if (slot->target_count == SLOT_TARGETS_MAX)
		return -ENOSPC;
	slot->targets[slot->target_count] = *target;
	return slot->target_count++;
}

/* More than a slot can say is not said: the probes themselves say it. */
static void add_stamp(struct stamp *sum, const struct stamp *told)
{
	if (told->sent > SLOT_STAMP_MAX - sum->sent)
		return;
	sum->sent += told->sent;
	sum->lost_out += told->lost_out;
	sum->lost_back += told->lost_back;
	sum->forged += told->forged;
}

void slots_probe(struct slots *slots, const struct question *question, const struct answer *answer)
{
	struct slot *slot = find_slot(slots, question->round_us);
	uint64_t offset_ms;
	int target;

	if (!slot || slot->probe_count == SLOT_PROBES_MAX || answer->sent_us < slot->start_us)
		return;
	offset_ms = (answer->sent_us - slot->start_us) / 1000;
	target = index_target(slot, &question->target);
	if (target < 0 || offset_ms > OFFSET_MAX_MS)
		return;
	slot->probes[slot->probe_count++] = (struct probe){
		.offset_ms = (uint32_t)offset_ms,
		.rtt_us = answer->outcome == OUTCOME_ANSWERED ? answer->rtt_us : 0,
		.round = (uint16_t)grid_rounds(&slots->grid, slot->start_us, question->round_us),
		.target = (uint8_t)target,
		.kind = question->kind,
		.outcome = answer->outcome,
		.refusal = answer->outcome == OUTCOME_REFUSED ? answer->refusal : REFUSAL_NONE,
		.follow_up = question->follow_up,
	};
	add_stamp(&slot->stamp, &answer->stamp);
}

void slots_event(struct slots *slots, uint64_t now_us, enum event_kind kind, int64_t value)
{
	struct slot *slot = find_slot(slots, now_us);

	if (!slot || slot->event_count == SLOT_EVENTS_MAX)
		return;
	slot->events[slot->event_count++] = (struct event){
		.kind = kind,
		.offset_ms = (uint32_t)((now_us - slot->start_us) / 1000),
		.value = value,
	};
}

void slots_cut(struct slots *slots, uint64_t now_us, const struct wan_reading *reading)
{
	const uint64_t least_us = SLOT_LENGTH_MIN_MS * 1000ULL;
	uint64_t cut_us = now_us - now_us % 1000; /* slots begin at whole milliseconds */
	struct slot *slot = find_slot(slots, cut_us);

	if (slots->stopped || !slot || slot_end(slot) != slots->next_us ||
		slots->count >= SLOTS_CUT_MAX || cut_us < slot->start_us + least_us ||
		cut_us + least_us > slots->next_us)
		return;
	if (!grid_rounds(&slots->grid, slot->start_us, cut_us) ||
		!grid_rounds(&slots->grid, cut_us, slots->next_us))
		return;
	take_facts(slots, reading);
	slot->length_ms = (uint32_t)((cut_us - slot->start_us) / 1000);
	open_slot(slots, cut_us);
}

void slots_stop(struct slots *slots, uint64_t now_us, const struct wan_reading *reading)
{
	struct slot *slot;

	if (slots->stopped)
		return;
	slots_turn(slots, now_us, reading); /* in case the slot's end passed unseen */
	take_facts(slots, reading);
	slots->stopped = true;
	slot = collecting(slots);
	if (!slot)
		return;
	if (now_us >= slot->start_us + SLOT_LENGTH_MIN_MS * 1000ULL) {
		slot->length_ms = (uint32_t)((now_us - slot->start_us) / 1000);
	} else {
		free(slot);
		slots->count--;
	}
}

static void forget_in_slot(struct slot *slot, uint16_t round)
{
	uint16_t kept = 0;

	for (uint16_t i = 0; i < slot->probe_count; i++)
		if (slot->probes[i].round != round)
			slot->probes[kept++] = slot->probes[i];
	slot->probe_count = kept;
}

void slots_leave_out(const struct slots *slots, uint64_t round_us, struct slot *slot)
{
	if (round_us >= slot->start_us && round_us < slot_end(slot))
		forget_in_slot(slot, (uint16_t)grid_rounds(&slots->grid, slot->start_us, round_us));
}

void slots_forget_round(struct slots *slots, uint64_t round_us)
{
	struct slot *slot = find_slot(slots, round_us);

	if (slot)
		slots_leave_out(slots, round_us, slot);
}

bool slots_sketch(const struct slots *slots, uint64_t now_us, const struct wan_reading *reading,
	struct slot *ret_slot)
{
	const struct slot *slot = collecting(slots);
	uint64_t end_us = now_us < slots->next_us ? now_us : slots->next_us;

	if (slots->stopped || !slot || now_us < slot->start_us)
		return false;
	*ret_slot = *slot;
	fill_facts(slots, reading, ret_slot);
	ret_slot->length_ms = (uint32_t)((end_us - slot->start_us) / 1000);
	if (ret_slot->length_ms < SLOT_LENGTH_MIN_MS)
		ret_slot->length_ms = SLOT_LENGTH_MIN_MS;
	ret_slot->rounds_due = (uint16_t)grid_rounds(
		&slots->grid, slot->start_us, slot_end(ret_slot));
	return true;
}

bool slots_take(struct slots *slots, uint64_t open_since_us, struct slot *ret_slot)
{
	struct slot *slot = slots->count ? slots->open[0] : NULL;

	if (!slot || slot_end(slot) > open_since_us)
		return false;
	if (!slots->stopped && slot_end(slot) == slots->next_us)
		return false; /* it collects */
	slot->rounds_due = (uint16_t)grid_rounds(&slots->grid, slot->start_us, slot_end(slot));
	*ret_slot = *slot;
	slots->count--;
	memmove(slots->open, slots->open + 1, slots->count * sizeof(slots->open[0]));
	free(slot);
	return true;
}
