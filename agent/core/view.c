/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/view.h"

#include <string.h>

#define US_PER_MS 1000

struct counted {
	bool is_there[CLASS_COUNT];
	unsigned refusal[REFUSAL_OTHER + 1];
	uint64_t first_lost_us; /* after the last answer */
};

/* A reflector that is silent may be away itself: it counts when it answers. */
static bool is_of_round(const struct probe *probe, const struct slot *slot)
{
	return slot->targets[probe->target].class == CLASS_INTERNET &&
		(probe->kind != PROBE_STAMP || probe->outcome == OUTCOME_ANSWERED);
}

static void count_probe(struct view *view, struct counted *counted, const struct slot *slot,
	const struct probe *probe)
{
	enum target_class class = slot->targets[probe->target].class;
	uint64_t sent_us = slot->start_us + (uint64_t)probe->offset_ms * US_PER_MS;

	if (probe->outcome == OUTCOME_ANSWERED)
		counted->is_there[class] = true;
	if (probe->outcome == OUTCOME_REFUSED && probe->refusal <= REFUSAL_OTHER)
		counted->refusal[probe->refusal]++;
	if (!is_of_round(probe, slot))
		return;
	if (probe->outcome == OUTCOME_ANSWERED) {
		counted->first_lost_us = 0;
		view->answered_us = sent_us + probe->rtt_us;
		view->rtt_us = probe->rtt_us;
	} else if (!counted->first_lost_us) {
		counted->first_lost_us = sent_us;
	}
}

static enum view_fault find_fault(const struct counted *counted, const struct slot *slot)
{
	bool gateway = counted->is_there[CLASS_GATEWAY] ||
		slot->facts.gateway == NEIGHBOUR_RESOLVED;

	if (slot->facts.carrier == CARRIER_DOWN || counted->refusal[REFUSAL_CARRIER])
		return VIEW_FAULT_CARRIER;
	if (counted->refusal[REFUSAL_ADDRESS] || !slot->facts.address.length)
		return VIEW_FAULT_ADDRESS;
	if (counted->refusal[REFUSAL_ROUTE])
		return VIEW_FAULT_ROUTE;
	if (counted->refusal[REFUSAL_OTHER])
		return VIEW_FAULT_OTHER;
	if (counted->is_there[CLASS_INTERNET])
		return VIEW_FAULT_LOSS;
	if (counted->is_there[CLASS_EDGE] || counted->is_there[CLASS_PROVIDER])
		return VIEW_FAULT_UPSTREAM;
	return gateway ? VIEW_FAULT_ACCESS : VIEW_FAULT_GATEWAY;
}

static void turn(struct view *view, enum view_state state, uint64_t since_us)
{
	if (view->state == state)
		return;
	view->state = state;
	view->since_us = since_us;
}

void view_count_rounds(const struct slot *slot, unsigned *ret_made, unsigned *ret_answered)
{
	bool made[SLOT_ROUNDS_MAX] = {false}, answered[SLOT_ROUNDS_MAX] = {false};

	*ret_made = *ret_answered = 0;
	for (size_t i = 0; i < slot->probe_count; i++) {
		const struct probe *probe = &slot->probes[i];

		if (!is_of_round(probe, slot) || probe->round >= SLOT_ROUNDS_MAX)
			continue;
		*ret_made += !made[probe->round];
		made[probe->round] = true;
		if (probe->outcome != OUTCOME_ANSWERED)
			continue;
		*ret_answered += !answered[probe->round];
		answered[probe->round] = true;
	}
}

void view_take(struct view *view, const struct slot *slot)
{
	struct counted counted;

	memset(&counted, 0, sizeof(counted));
	for (size_t i = 0; i < slot->probe_count; i++)
		count_probe(view, &counted, slot, &slot->probes[i]);
	view_count_rounds(slot, &view->made, &view->answered);
	if (!view->made)
		return; /* cut short: nothing was asked */
	if (view->answered * 2 >= view->made) {
		turn(view, VIEW_UP, slot->start_us);
		view->fault = view->answered < view->made ? VIEW_FAULT_LOSS : VIEW_FAULT_NONE;
	} else {
		turn(view, VIEW_DOWN,
			counted.first_lost_us ? counted.first_lost_us : slot->start_us);
		view->fault = find_fault(&counted, slot);
	}
}
