/* SPDX-License-Identifier: Apache-2.0 */
#include "web/account/throttle.h"

#include <stdlib.h>
#include <string.h>

struct entry {
	char key[THROTTLE_KEY_BYTES];
	uint64_t full_at_us; /* from then on it is as if it had never failed; 0: not in use */
};

struct throttle {
	size_t count;
	struct entry entries[];
};

struct throttle *throttle_new(size_t entries)
{
	struct throttle *throttle = calloc(1, sizeof(*throttle) + entries * sizeof(struct entry));

	if (throttle)
		throttle->count = entries;
	return throttle;
}

static struct entry *find(const struct throttle *throttle, const char *key)
{
	for (size_t i = 0; i < throttle->count; i++) {
		const struct entry *entry = &throttle->entries[i];

		if (entry->full_at_us && strncmp(entry->key, key, THROTTLE_KEY_BYTES - 1) == 0)
			return (struct entry *)entry;
	}
	return NULL;
}

uint64_t throttle_wait_us(const struct throttle *throttle, const struct throttle_rule *rule,
	const char *key, uint64_t now_us)
{
	const struct entry *entry = find(throttle, key);
	uint64_t allowed_us = now_us + (rule->burst - 1) * rule->refill_us;

	return entry && entry->full_at_us > allowed_us ? entry->full_at_us - allowed_us : 0;
}

static struct entry *make_room(struct throttle *throttle, const char *key)
{
	struct entry *entry = &throttle->entries[0];

	for (size_t i = 1; i < throttle->count; i++) {
		if (throttle->entries[i].full_at_us < entry->full_at_us)
			entry = &throttle->entries[i];
	}
	*entry = (struct entry){0};
	memcpy(entry->key, key, strnlen(key, THROTTLE_KEY_BYTES - 1));
	return entry;
}

void throttle_charge(struct throttle *throttle, const struct throttle_rule *rule, const char *key,
	uint64_t now_us)
{
	struct entry *entry = find(throttle, key);

	if (!entry)
		entry = make_room(throttle, key);
	if (entry->full_at_us < now_us)
		entry->full_at_us = now_us;
	entry->full_at_us += rule->refill_us;
}

void throttle_forgive(struct throttle *throttle, const struct throttle_rule *rule, const char *key)
{
	struct entry *entry = find(throttle, key);

	if (entry)
		entry->full_at_us -= entry->full_at_us < rule->refill_us ? entry->full_at_us
									 : rule->refill_us;
}

void throttle_clear(struct throttle *throttle, const char *key)
{
	struct entry *entry = find(throttle, key);

	if (entry)
		*entry = (struct entry){0};
}

void throttle_free(struct throttle *throttle)
{
	free(throttle);
}
