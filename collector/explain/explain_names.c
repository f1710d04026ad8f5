/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/explain/explain_names.h"

#define PICK(names, value) pick(names, sizeof(names) / sizeof((names)[0]), value)

static const char *pick(const char *const *names, size_t count, size_t value)
{
	return value < count && names[value] ? names[value] : "?";
}

const char *explain_state_name(enum state state)
{
	static const char *const names[] = {[STATE_U] = "U", [STATE_D] = "D", [STATE_N] = "N"};

	return PICK(names, state);
}

const char *explain_run_cause(const struct state_run *run)
{
	switch (run->state) {
	case STATE_D: return down_cause_name((enum down_cause)run->cause);
	case STATE_N: return unknown_cause_name((enum unknown_cause)run->cause);
	default: return "";
	}
}

const char *explain_kind_name(enum base_kind kind)
{
	static const char *const names[] = {
		[BASE_GOOD] = "good", [BASE_BAD] = "bad", [BASE_UNKNOWN] = "unknown"};

	return PICK(names, kind);
}

const char *explain_piece_cause(const struct explain_piece *piece)
{
	if (piece->cause == BASE_NO_CAUSE)
		return "";
	if (piece->kind == BASE_BAD && !piece->bridged)
		return down_cause_name((enum down_cause)piece->cause);
	return unknown_cause_name((enum unknown_cause)piece->cause);
}

const char *explain_target_name(enum target_class class)
{
	static const char *const names[] = {
		[CLASS_GATEWAY] = "gateway",
		[CLASS_EDGE] = "edge",
		[CLASS_PROVIDER] = "provider",
		[CLASS_INTERNET] = "internet",
	};

	return PICK(names, class);
}

const char *explain_probe_name(uint8_t kind)
{
	static const char *const names[] = {
		[PROBE_ICMP] = "icmp", [PROBE_TCP] = "tcp", [PROBE_STAMP] = "stamp"};

	return PICK(names, kind);
}

const char *explain_outcome_name(uint8_t outcome)
{
	static const char *const names[] = {
		[OUTCOME_ANSWERED] = "answered",
		[OUTCOME_LOST] = "lost",
		[OUTCOME_REFUSED] = "refused",
	};

	return PICK(names, outcome);
}

const char *explain_refusal_name(uint8_t refusal)
{
	static const char *const names[] = {
		[REFUSAL_NONE] = "",
		[REFUSAL_CARRIER] = "carrier",
		[REFUSAL_ADDRESS] = "address",
		[REFUSAL_ROUTE] = "route",
		[REFUSAL_OTHER] = "other",
	};

	return PICK(names, refusal);
}

const char *explain_carrier_name(uint8_t carrier)
{
	static const char *const names[] = {
		[CARRIER_UNKNOWN] = "unknown", [CARRIER_UP] = "up", [CARRIER_DOWN] = "down"};

	return PICK(names, carrier);
}

const char *explain_neighbour_name(uint8_t neighbour)
{
	static const char *const names[] = {
		[NEIGHBOUR_UNKNOWN] = "unknown",
		[NEIGHBOUR_RESOLVED] = "resolved",
		[NEIGHBOUR_FAILED] = "failed",
	};

	return PICK(names, neighbour);
}

const char *explain_source_name(enum anchor_source source)
{
	static const char *const names[] = {
		[ANCHOR_NTP] = "ntp",
		[ANCHOR_COLLECTOR] = "collector",
		[ANCHOR_MANUAL] = "manual",
	};

	return PICK(names, source);
}
