/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "worked_terms.h"

#define ALL_CLASSES \
	(1u << CLASS_GATEWAY | 1u << CLASS_EDGE | 1u << CLASS_PROVIDER | 1u << CLASS_INTERNET)

enum cell { /* of a row of equal slots */
	CELL_FROM,
	CELL_LENGTH,
	CELL_COUNT,
	CELL_DUE,
	CELL_MADE,
	CELL_LOST,
	CELL_CAUSE,
	CELL_DISPUTED,
	CELL_AGENT,
	CELL_RUN,
	CELL_SEQUENCE
};

static int64_t cell(const json_t *row, enum cell column)
{
	return json_integer_value(json_array_get(row, column));
}

static void *zeroed(size_t count, size_t size)
{
	void *items = calloc(count + 1, size);
	if (!items)
		abort();
	return items;
}

/* What a router would have seen while rounds were lost for this cause. */
static void witness(struct evidence *evidence, enum down_cause cause)
{
	static const uint8_t answered[DOWN_CAUSE_COUNT] = {
		[DOWN_ACCESS] = 1u << CLASS_GATEWAY,
		[DOWN_PROVIDER] = 1u << CLASS_GATEWAY | 1u << CLASS_EDGE,
		[DOWN_UPSTREAM] = 1u << CLASS_GATEWAY | 1u << CLASS_EDGE | 1u << CLASS_PROVIDER,
	};
	evidence->asked = ALL_CLASSES;
	evidence->answered = answered[cause];
	evidence->carrier_down = cause == DOWN_LOCAL;
	evidence->gateway_failed = cause == DOWN_CPE;
}

/* The index of the boot of this agent that had the run. */
static uint32_t boot_of(const struct history *history, uint32_t agent, uint32_t run)
{
	for (uint32_t i = 0; i < history->boot_count; i++) {
		const struct history_boot *boot = &history->boots[i];
		if (boot->agent == agent && !boot->has_unplaced && run >= boot->first_run &&
			run <= boot->last_run)
			return i;
	}
	abort();
}

static void add_row(struct history *history, const json_t *agents, const json_t *row)
{
	const char *cause = json_string_value(json_array_get(row, CELL_CAUSE));
	struct history_slot slot = {
		.agent = (uint32_t)cell(row, CELL_AGENT),
		.run = (uint32_t)cell(row, CELL_RUN),
		.disputed = json_is_true(json_array_get(row, CELL_DISPUTED)),
		.evidence = {.due = (uint16_t)cell(row, CELL_DUE),
			.made = (uint16_t)cell(row, CELL_MADE),
			.lost = (uint16_t)cell(row, CELL_LOST)},
	};
	char number[16];
	snprintf(number, sizeof(number), "%u", slot.agent);
	const json_t *agent = json_object_get(agents, number);
	slot.enrolled = (uint64_t)worked_integer(agent, "enrolled", 0);
	slot.accepted_s = worked_integer(agent, "accepted", 0);
	slot.boot = boot_of(history, slot.agent, slot.run);
	if (slot.evidence.lost)
		witness(&slot.evidence,
			*cause ? (enum down_cause)down_cause_parse(cause) : DOWN_UPSTREAM);
	for (int64_t i = 0; i < cell(row, CELL_COUNT); i++) {
		slot.from = cell(row, CELL_FROM) + i * cell(row, CELL_LENGTH);
		slot.to = slot.from + cell(row, CELL_LENGTH);
		slot.sequence = (uint32_t)(cell(row, CELL_SEQUENCE) + i);
		history->slots[history->slot_count++] = slot;
	}
}

/* Records come in any order: here the last first. */
static void reverse(struct history *history)
{
	for (size_t i = 0, k = history->slot_count; i + 1 < k--; i++) {
		struct history_slot slot = history->slots[i];
		history->slots[i] = history->slots[k];
		history->slots[k] = slot;
	}
}

static void read_boots(const json_t *agents, struct history *history)
{
	const char *number;
	json_t *agent, *boot, *drop;
	size_t i;
	json_object_foreach((json_t *)agents, number, agent)
	{
		uint32_t id = (uint32_t)strtoul(number, NULL, 10);
		json_array_foreach(json_object_get(agent, "boots"), i, boot)
		{
			history->boots[history->boot_count++] = (struct history_boot){
				.agent = id,
				.first_run = (uint32_t)worked_integer(boot, "first_run", 0),
				.last_run = (uint32_t)worked_integer(boot, "last_run", 0),
				.booted_s = worked_integer(boot, "booted", 0),
				.alive_s = worked_integer(boot, "alive", 0),
				.placed = !json_is_true(json_object_get(boot, "unplaced")),
				.stopped = json_is_true(json_object_get(boot, "stopped")),
				.reset = (uint8_t)worked_integer(boot, "reset", RESET_UNKNOWN),
				.has_unplaced = json_is_true(json_object_get(boot, "unplaced")),
			};
		}
		json_array_foreach(json_object_get(agent, "drops"), i, drop)
		{
			history->drops[history->drop_count++] = (struct history_drop){
				id, cell(drop, 0), cell(drop, 1)};
		}
	}
}

static void read_history(const json_t *input, struct history *ret_history)
{
	const json_t *agents = json_object_get(input, "agents");
	const json_t *rows = json_object_get(input, "rows");
	struct history history = {.ever = ALL_CLASSES};
	const char *number;
	json_t *agent, *row;
	size_t i, slots = 0, boots = 0, drops = 0;
	json_array_foreach((json_t *)rows, i, row) slots += (size_t)cell(row, CELL_COUNT);
	json_object_foreach((json_t *)agents, number, agent)
	{
		boots += json_array_size(json_object_get(agent, "boots"));
		drops += json_array_size(json_object_get(agent, "drops"));
	}
	history.slots = zeroed(slots, sizeof(*history.slots));
	history.boots = zeroed(boots, sizeof(*history.boots));
	history.drops = zeroed(drops, sizeof(*history.drops));
	read_boots(agents, &history);
	json_array_foreach((json_t *)rows, i, row) add_row(&history, agents, row);
	if (json_is_true(json_object_get(input, "reversed")))
		reverse(&history);
	*ret_history = history;
}

static void read_exclusions(const json_t *input, struct world_link *link)
{
	json_t *items = json_object_get(input, "exclusions"), *item;
	size_t i;
	link->exclusions = zeroed(json_array_size(items), sizeof(*link->exclusions));
	json_array_foreach(items, i, item)
	{
		link->exclusions[link->exclusion_count++] = (struct exclusion){
			.reason = (enum exclusion_reason)exclusion_reason_parse(
				worked_text(item, "reason")),
			.from = worked_integer(item, "from", 0),
			.to = worked_integer(item, "to", 0),
			.entered = worked_integer(item, "entered", 0),
			.revoked = json_is_true(json_object_get(item, "revoked")),
			.confirmed = json_is_true(json_object_get(item, "confirmed")),
		};
	}
}

static void read_begins(struct world_link *link)
{
	json_t *contract;
	size_t i;
	link->begins = INT64_MAX;
	for (i = 0; i < link->history.slot_count; i++) {
		if (link->history.slots[i].from < link->begins)
			link->begins = link->history.slots[i].from;
	}
	json_array_foreach((json_t *)link->contracts, i, contract)
	{
		int64_t from = worked_integer(contract, "from", 0);
		link->begins = from < link->begins ? from : link->begins;
	}
}

void world_link_read(const json_t *input, struct world_link *ret_link)
{
	struct world_link link = {.contracts = json_object_get(input, "contracts")};
	read_history(input, &link.history);
	read_exclusions(input, &link);
	read_begins(&link);
	*ret_link = link;
}

void world_link_done(struct world_link *link)
{
	free(link->history.slots);
	free(link->history.boots);
	free(link->history.drops);
	free(link->exclusions);
}
