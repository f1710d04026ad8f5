/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/news.h"

#include <string.h>

void news_init(struct news *news)
{
	memset(news, 0, sizeof(*news));
}

bool news_is_lossy(const struct slot *slot)
{
	uint64_t asked = 0, answered = 0; /* by round */

	_Static_assert(SLOT_ROUNDS_MAX <= 64, "rounds are bits");
	for (size_t i = 0; i < slot->probe_count; i++) {
		const struct probe *probe = &slot->probes[i];
		uint64_t round = 1ULL << (probe->round & 63);

		if (slot->targets[probe->target].class != CLASS_INTERNET ||
			(probe->kind == PROBE_STAMP && probe->outcome != OUTCOME_ANSWERED))
			continue; /* a silent reflector says nothing of the internet */
		asked |= round;
		if (probe->outcome == OUTCOME_ANSWERED)
			answered |= round;
	}
	return asked != answered;
}

/* The WAN of that name; a new one is taken to have been well. */
static struct news_wan *find(struct news *news, const char *name)
{
	struct news_wan *wan;

	for (unsigned i = 0; i < news->count; i++)
		if (strcmp(news->wans[i].name, name) == 0)
			return &news->wans[i];
	wan = &news->wans[news->next];
	news->next = (news->next + 1) % NEWS_WANS;
	if (news->count < NEWS_WANS)
		news->count++;
	memset(wan, 0, sizeof(*wan));
	memcpy(wan->name, name, sizeof(wan->name));
	return wan;
}

static bool take_slot(struct news *news, const struct slot *slot)
{
	struct news_wan *wan = find(news, slot->wan);
	bool lossy = news_is_lossy(slot), turned = lossy != wan->lossy;
	bool sketched = wan->sketched_us == slot->start_us;

	wan->lossy = lossy;
	return turned || slot->event_count > (sketched ? wan->sketched_events : 0);
}

void news_sketched(struct news *news, const struct slot *slot)
{
	struct news_wan *wan = find(news, slot->wan);

	wan->lossy = news_is_lossy(slot);
	wan->sketched_us = slot->start_us;
	wan->sketched_events = (uint8_t)slot->event_count;
}

bool news_take(struct news *news, const struct record *record)
{
	switch (record->kind) {
	case RECORD_SLOT: return take_slot(news, &record->slot);
	case RECORD_START:
	case RECORD_STOP: return true;
	default: return false;
	}
}
