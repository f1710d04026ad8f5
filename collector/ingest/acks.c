/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/acks.h"

static struct progress_run run_of(const struct batch_entry *entry)
{
	return (struct progress_run){entry->agent, entry->key.run, entry->nonce};
}

static void count(struct counters *counters, const struct batch_entry *entry, bool known)
{
	if (entry->reject_code)
		counters->rejected[entry->reject_code]++;
	else
		counters->records++;
	counters->duplicates += known;
}

/* Without memory for a mark the record is merely not acknowledged, and comes again. */
static void mark(struct session_shared *shared, const struct batch_entry *entry)
{
	struct progress_run run = run_of(entry);

	count(shared->counters, entry,
		progress_contains(shared->progress, &run, entry->key.sequence));
	progress_add(shared->progress, &run, entry->key.sequence, entry->last);
}

/*
 * Only the session that brought a record is told: `first` of its HELLO is what its ACKs count from.
 * A newer session of the agent was told by its WELCOME, and sends the rest again.
 */
static struct session *still_there(
	const struct session_shared *shared, const struct batch_entry *entry)
{
	struct hub_member *member = hub_find(shared->hub, entry->agent);
	struct session *session = member ? session_of(member) : NULL;

	return session && session_serial(session) == entry->session ? session : NULL;
}

void acks_deliver(struct session_shared *shared, const struct batch *batch)
{
	struct session *session = NULL;
	uint64_t serial = 0, now_us;

	for (size_t i = 0; i < batch->count; i++)
		mark(shared, &batch->entries[i]);
	for (size_t i = 0; i < batch->count; i++) {
		const struct batch_entry *entry = &batch->entries[i];
		struct progress_run run = run_of(entry);

		if (entry->session != serial) { /* those of one read stand side by side */
			if (session)
				session_flush(session);
			serial = entry->session;
			session = still_there(shared, entry);
		}
		if (session)
			session_settle(session, entry,
				progress_up_to(shared->progress, &run, entry->first));
	}
	if (session)
		session_flush(session);
	now_us = uv_hrtime() / 1000;
	for (size_t i = 0; i < batch->count; i++)
		latency_add(&shared->counters->ack, now_us - batch->entries[i].arrived_us);
}
