/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/hub.h"

#include <errno.h>
#include <stdlib.h>

LIST_HEAD(members, hub_member);

struct hub {
	struct members all;
	struct members *buckets;
	size_t bucket_count; /* power of two */
	size_t count, speaking;
};

int hub_new(size_t expected, struct hub **ret_hub)
{
	struct hub *hub = calloc(1, sizeof(*hub));

	if (!hub)
		return -ENOMEM;
	hub->bucket_count = 64;
	while (hub->bucket_count < expected)
		hub->bucket_count *= 2;
	hub->buckets = calloc(hub->bucket_count, sizeof(*hub->buckets));
	if (!hub->buckets) {
		free(hub);
		return -ENOMEM;
	}
	*ret_hub = hub;
	return 0;
}

void hub_free(struct hub *hub)
{
	if (!hub)
		return;
	free(hub->buckets);
	free(hub);
}

static struct members *bucket_of(const struct hub *hub, uint32_t agent)
{
	return &hub->buckets[(agent * UINT32_C(2654435769)) & (hub->bucket_count - 1)];
}

void hub_add(struct hub *hub, struct hub_member *member)
{
	member->agent = 0;
	LIST_INSERT_HEAD(&hub->all, member, all);
	hub->count++;
}

void hub_resign(struct hub *hub, struct hub_member *member)
{
	if (member->agent == 0)
		return;
	LIST_REMOVE(member, speaking);
	member->agent = 0;
	hub->speaking--;
}

struct hub_member *hub_claim(struct hub *hub, struct hub_member *member, uint32_t agent)
{
	struct hub_member *before = hub_find(hub, agent);

	if (before)
		hub_resign(hub, before);
	member->agent = agent;
	LIST_INSERT_HEAD(bucket_of(hub, agent), member, speaking);
	hub->speaking++;
	return before;
}

void hub_remove(struct hub *hub, struct hub_member *member)
{
	hub_resign(hub, member);
	LIST_REMOVE(member, all);
	hub->count--;
}

struct hub_member *hub_find(const struct hub *hub, uint32_t agent)
{
	struct hub_member *member;

	LIST_FOREACH(member, bucket_of(hub, agent), speaking)
	if (member->agent == agent)
		return member;
	return NULL;
}

void hub_each(struct hub *hub, void (*each)(void *arg, struct hub_member *member), void *arg)
{
	struct hub_member *member, *next;

	for (member = LIST_FIRST(&hub->all); member; member = next) {
		next = LIST_NEXT(member, all);
		each(arg, member);
	}
}

size_t hub_count(const struct hub *hub)
{
	return hub->count;
}

size_t hub_speaking(const struct hub *hub)
{
	return hub->speaking;
}
