/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/evidence.h"

#include <stddef.h>

#define ROUND_BITS 64

_Static_assert(SLOT_ROUNDS_MAX <= ROUND_BITS, "a slot's rounds fit one word");

struct rounds { /* one bit a round */
	uint64_t made, answered, no_carrier, no_address;
};

static unsigned bits(uint64_t word)
{
	return (unsigned)__builtin_popcountll(word);
}

static uint8_t class_bit(const struct slot *slot, const struct probe *probe)
{
	if (probe->target >= slot->target_count)
		return 0;
	return (uint8_t)(1u << slot->targets[probe->target].class);
}

static struct rounds rounds_of(const struct slot *slot)
{
	struct rounds rounds = {0};
	for (size_t i = 0; i < slot->probe_count; i++) {
		const struct probe *probe = &slot->probes[i];
		if (probe->round >= ROUND_BITS || class_bit(slot, probe) != 1u << CLASS_INTERNET)
			continue;
		/* the reflector lies beside the collector: its silence may be ours alone */
		if (probe->kind == PROBE_STAMP && probe->outcome != OUTCOME_ANSWERED)
			continue;
		uint64_t bit = 1ULL << probe->round;
		rounds.made |= bit;
		if (probe->outcome == OUTCOME_ANSWERED)
			rounds.answered |= bit;
		else if (probe->outcome == OUTCOME_REFUSED && probe->refusal == REFUSAL_CARRIER)
			rounds.no_carrier |= bit;
		else if (probe->outcome == OUTCOME_REFUSED &&
			(probe->refusal == REFUSAL_ADDRESS || probe->refusal == REFUSAL_ROUTE))
			rounds.no_address |= bit;
	}
	return rounds;
}

/* Whether what the router saw at the slot's end was seen while a round was being lost: after an
 * answered one it says nothing of those before. */
static bool ends_lost(uint64_t made, uint64_t lost)
{
	return made && lost >> (ROUND_BITS - 1 - __builtin_clzll(made)) & 1;
}

struct evidence evidence_of(const struct slot *slot)
{
	struct rounds rounds = rounds_of(slot);
	uint64_t lost = rounds.made & ~rounds.answered;
	bool at_end = ends_lost(rounds.made, lost);
	struct evidence evidence = {
		.due = slot->rounds_due,
		.made = (uint16_t)bits(rounds.made),
		.lost = (uint16_t)bits(lost),
		.carrier_down = slot->facts.carrier == CARRIER_DOWN ||
			bits(lost & rounds.no_carrier) * 2 > bits(lost),
		.no_address = bits(lost & rounds.no_address) * 2 > bits(lost),
		.gateway_resolved = at_end && slot->facts.gateway == NEIGHBOUR_RESOLVED,
		.gateway_failed = at_end && slot->facts.gateway == NEIGHBOUR_FAILED,
	};
	for (size_t i = 0; i < slot->probe_count; i++) {
		const struct probe *probe = &slot->probes[i];
		uint8_t class = class_bit(slot, probe);
		bool answered = probe->outcome == OUTCOME_ANSWERED;
		if (answered)
			evidence.ever |= class;
		if (probe->round >= ROUND_BITS || !(lost >> probe->round & 1))
			continue;
		evidence.asked |= class;
		if (answered)
			evidence.answered |= class;
	}
	return evidence;
}

enum down_cause evidence_cause(const struct evidence *evidence, uint8_t ever)
{
	static const struct {
		enum target_class class;
		enum down_cause cause;
	} outward[] = {
		{CLASS_GATEWAY, DOWN_CPE},
		{CLASS_EDGE, DOWN_ACCESS},
		{CLASS_PROVIDER, DOWN_PROVIDER},
	};
	if (evidence->carrier_down)
		return DOWN_LOCAL;
	bool gateway_answered = evidence->answered & 1u << CLASS_GATEWAY;
	if (evidence->no_address || (evidence->gateway_failed && !gateway_answered))
		return DOWN_CPE;
	for (size_t i = 0; i < sizeof(outward) / sizeof(outward[0]); i++) {
		unsigned bit = 1u << outward[i].class;
		bool speaks = (ever & bit) && (evidence->asked & bit);
		if (outward[i].class == CLASS_GATEWAY && evidence->gateway_resolved)
			speaks = false; /* ARP or ND had it: the gateway is there */
		if (speaks && !(evidence->answered & bit))
			return outward[i].cause;
	}
	return DOWN_UPSTREAM;
}

bool evidence_publishes(const struct slot *slot, const struct probe *probe)
{
	return !probe->follow_up && probe->kind == PROBE_ICMP &&
		probe->outcome != OUTCOME_REFUSED &&
		slot->targets[probe->target].class == CLASS_INTERNET;
}
