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

/* REJECTs go first: an ACK passes over what was rejected, and may end the agent's session. */
static void tell(struct session_shared *shared, struct session *session,
	const struct batch_entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++)
		session_settle(session, &entries[i]);
	for (size_t i = 0; i < count; i++) {
		struct progress_run run = run_of(&entries[i]);

		session_acknowledge(session, entries[i].key.run,
			progress_up_to(shared->progress, &run, entries[i].first));
	}
	session_flush(session);
}

void acks_deliver(struct session_shared *shared, const struct batch *batch)
{
	const struct batch_entry *entries = batch->entries;
	uint64_t now_us;
	size_t after;

	for (size_t i = 0; i < batch->count; i++) {
		if (!entries[i].sighted)
			mark(shared, &entries[i]);
	}
	for (size_t i = 0; i < batch->count; i = after) {
		struct session *session = entries[i].sighted ? NULL
							     : still_there(shared, &entries[i]);

		/* those of one read stand side by side */
		for (after = i + 1; after < batch->count; after++) {
			if (entries[after].session != entries[i].session)
				break;
		}
		if (session)
			tell(shared, session, &entries[i], after - i);
	}
	now_us = uv_hrtime() / 1000;
	for (size_t i = 0; i < batch->count; i++) {
		if (!entries[i].sighted)
			latency_add(&shared->counters->ack, now_us - entries[i].arrived_us);
	}
}
