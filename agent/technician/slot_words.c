/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/technician/slot_words.h"

#include <stdio.h>
#include <stdlib.h>

#include "agent/probes/probe.h"

#define US_PER_MS 1000

static int compare_rtt(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

/* Nearest rank. */
static uint32_t median(uint32_t *values, size_t count)
{
	if (!count)
		return 0;
	qsort(values, count, sizeof(*values), compare_rtt);
	return values[(count - 1) / 2];
}

struct sample {
	size_t count;
	uint32_t rtts[SLOT_PROBES_MAX];
};

static void count_probe(
	const struct probe *probe, bool seen[2][SLOT_PROBES_MAX], struct slot_figures *figures)
{
	figures->made += !seen[0][probe->round];
	seen[0][probe->round] = true;
	if (probe->outcome == OUTCOME_REFUSED)
		figures->refusal = probe->refusal;
	if (probe->outcome != OUTCOME_ANSWERED)
		return;
	figures->answered += !seen[1][probe->round];
	seen[1][probe->round] = true;
}

void slot_count(const struct slot *slot, struct slot_figures *ret_figures)
{
	bool seen[2][SLOT_PROBES_MAX] = {{false}};
	struct slot_figures figures = {.due = slot->rounds_due};
	struct sample scheduled = {0}, tcp = {0};

	for (size_t i = 0; i < slot->probe_count; i++) {
		const struct probe *probe = &slot->probes[i];

		if (slot->targets[probe->target].class != CLASS_INTERNET ||
			probe->round >= SLOT_PROBES_MAX)
			continue;
		count_probe(probe, seen, &figures);
		if (probe->outcome == OUTCOME_ANSWERED && !probe->follow_up)
			scheduled.rtts[scheduled.count++] = probe->rtt_us;
		if (probe->outcome == OUTCOME_ANSWERED && probe->kind == PROBE_TCP)
			tcp.rtts[tcp.count++] = probe->rtt_us;
	}
	figures.by_tcp = scheduled.count == 0 && tcp.count > 0;
	figures.rtt_us = figures.by_tcp ? median(tcp.rtts, tcp.count)
					: median(scheduled.rtts, scheduled.count);
	*ret_figures = figures;
}

static const char *carrier_word(uint8_t carrier)
{
	static const char *const words[] = {"unknown", "up", "down"};

	return carrier <= CARRIER_DOWN ? words[carrier] : words[0];
}

void slot_describe(const struct slot *slot, const char *interface, char ret_text[SLOT_WORDS_BYTES])
{
	struct slot_figures figures;
	char rtt[40] = "", cut[32] = "";

	slot_count(slot, &figures);
	if (figures.rtt_us)
		snprintf(rtt, sizeof(rtt), ", RTT %u.%u ms%s", figures.rtt_us / US_PER_MS,
			figures.rtt_us % US_PER_MS / 100, figures.by_tcp ? " by TCP" : "");
	else if (figures.refusal != REFUSAL_NONE)
		snprintf(rtt, sizeof(rtt), " (%s)", probe_refusal_name(figures.refusal));
	if (figures.made < figures.due)
		snprintf(cut, sizeof(cut), ", %u not made", figures.due - figures.made);
	snprintf(ret_text, SLOT_WORDS_BYTES, "slot %u s: %u of %u rounds answered%s%s; %s %s %s",
		(slot->length_ms + US_PER_MS / 2) / US_PER_MS, figures.answered, figures.made, rtt,
		cut, slot->wan, interface, carrier_word(slot->facts.carrier));
}
