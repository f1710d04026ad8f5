/* SPDX-License-Identifier: Apache-2.0 */
/* The wall's figures of a link: its last few slots. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ledger/hist.h"
#include "collector/ledger/names_fail.h"
#include "collector/store/ledger_source.h"
#include "proto/names.h"

#define ANSWERS_MAX (RECENT_SLOTS * SLOT_ROUNDS_MAX) /* one scheduled probe a round */
#define REACH_S 600 /* the first look back; each further one reaches eight times as far */
#define NEAR_S (SOURCE_NEAR_S + REACH_S) /* a boot's row may say an hour more than there is */

struct gatherer { /* the last RECENT_SLOTS that came by */
	struct ledger_recent slots[RECENT_SLOTS];
	struct answers {
		uint32_t rtt_us[SLOT_ROUNDS_MAX];
		size_t count, sent;
	} answers[RECENT_SLOTS];
	size_t seen;
	int64_t dns_s; /* as in struct ledger_recent */
	char dns[LIVE_DNS_BYTES];
};

/* The same that months are made of. */
static void collect(struct answers *answers, const struct slot *slot)
{
	answers->count = answers->sent = 0;
	for (uint16_t i = 0; i < slot->probe_count; i++) {
		const struct probe *probe = &slot->probes[i];
		if (probe->follow_up || probe->kind != PROBE_ICMP ||
			probe->outcome == OUTCOME_REFUSED ||
			slot->targets[probe->target].class != CLASS_INTERNET)
			continue;
		answers->sent++;
		if (probe->outcome == OUTCOME_ANSWERED && answers->count < SLOT_ROUNDS_MAX)
			answers->rtt_us[answers->count++] = hist_step(probe->rtt_us);
	}
}

static void collect_dns(struct gatherer *gatherer, const struct ledger_slot *slot)
{
	const struct dns *failed = names_fail(slot->slot);
	char resolver[NAMES_ADDRESS_BYTES];

	if (!slot->slot->dns_count)
		return;
	gatherer->dns_s = slot->from_s;
	gatherer->dns[0] = '\0';
	if (!failed)
		return;
	names_address(&failed->resolver, 0, resolver);
	snprintf(gatherer->dns, sizeof(gatherer->dns), "%s %s", resolver,
		dns_outcome_name(failed->outcome));
}

static int gather(void *arg, const struct ledger_slot *slot)
{
	struct gatherer *gatherer = arg;
	size_t at = gatherer->seen++ % RECENT_SLOTS;

	gatherer->slots[at] = (struct ledger_recent){
		.from_s = slot->from_s,
		.to_s = slot->to_s,
		.length_ms = slot->length_ms,
		.received_us = slot->received_us,
	};
	collect(&gatherer->answers[at], slot->slot);
	collect_dns(gatherer, slot);
	return 0;
}

static int by_value(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

static void conclude(const struct gatherer *gatherer, struct ledger_recent *recent)
{
	uint32_t rtt_us[ANSWERS_MAX];
	size_t answered = 0, sent = 0;

	for (size_t i = 0; i < recent->slots; i++) {
		const struct answers *answers = &gatherer->answers[i];
		sent += answers->sent;
		for (size_t k = 0; k < answers->count; k++)
			rtt_us[answered++] = answers->rtt_us[k];
	}
	if (answered) {
		qsort(rtt_us, answered, sizeof(*rtt_us), by_value);
		recent->rtt_us = (int32_t)rtt_us[(answered - 1) / 2]; /* nearest rank */
	}
	if (sent)
		recent->loss_ppm = (int32_t)((sent - answered) * TERMS_PPM / sent);
}

static struct ledger_recent sum_up(const struct gatherer *gatherer)
{
	struct ledger_recent recent = {.rtt_us = LIVE_NONE, .loss_ppm = LIVE_NONE};
	size_t last = (gatherer->seen + RECENT_SLOTS - 1) % RECENT_SLOTS;

	recent.slots = gatherer->seen < RECENT_SLOTS ? gatherer->seen : RECENT_SLOTS;
	if (!recent.slots)
		return recent;
	recent.dns_s = gatherer->dns_s;
	memcpy(recent.dns, gatherer->dns, sizeof(recent.dns));
	recent.from_s = gatherer->slots[last].from_s;
	recent.to_s = gatherer->slots[last].to_s;
	for (size_t i = 0; i < recent.slots; i++) {
		const struct ledger_recent *slot = &gatherer->slots[i];
		if (slot->length_ms > recent.length_ms)
			recent.length_ms = slot->length_ms;
		if (slot->received_us > recent.received_us)
			recent.received_us = slot->received_us;
	}
	conclude(gatherer, &recent);
	return recent;
}

/* Near the end of the boots' rows; where nothing is found there, wherever it is. */
static int find_last(
	struct ledger_db *db, struct ledger_span *near, struct sources *sources, struct err *err)
{
	int64_t end_s = 0, last_s = INT64_MIN;
	int r = slots_end(db, near->link, &end_s, err);

	near->to_s = SPAN_FOREVER;
	near->from_s = end_s == INT64_MIN ? end_s : end_s - NEAR_S;
	if (r == 0)
		r = sources_find(db, near, sources, err);
	if (r == 0)
		r = sources_before(db, sources, end_s, &last_s, err);
	if (r == 0 && last_s < near->from_s)
		r = slot_before(db, near->link, SPAN_FOREVER, &last_s, err);
	near->to_s = last_s;
	return r;
}

static int gather_last(struct ledger_db *db, int64_t link, int64_t first_s,
	struct gatherer *gatherer, struct err *err)
{
	struct ledger_span near = {.link = link};
	struct slots_to to = {gather, gatherer, false};
	struct sources sources = {0};
	int r = find_last(db, &near, &sources, err);
	int64_t last_s = near.to_s;

	for (int64_t reach_s = REACH_S; r == 0 && last_s != INT64_MIN; reach_s *= 8) {
		struct ledger_span span = {link, last_s - reach_s, SPAN_FOREVER};
		if (span.from_s < near.from_s) {
			sources_done(&sources);
			r = sources_find(db, &span, &sources, err);
			near = span;
		}
		*gatherer = (struct gatherer){.seen = 0};
		if (r == 0)
			r = ledger_slots_among(db, &sources, &span, &to, err);
		if (gatherer->seen >= RECENT_SLOTS || span.from_s <= first_s)
			break;
	}
	sources_done(&sources);
	return r;
}

int ledger_recent(
	struct ledger_db *db, int64_t link, struct ledger_recent *ret_recent, struct err *err)
{
	struct gatherer gatherer = {.seen = 0};
	struct link_first first = {0};
	int r = link_ever_get(db->db, link, &first, err);

	if (r == 0 && first.first_s != SPAN_FOREVER)
		r = gather_last(db, link, first.first_s, &gatherer, err);
	if (r == 0)
		*ret_recent = sum_up(&gatherer);
	return r;
}
