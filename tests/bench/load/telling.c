/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/load/telling.h"

#include <stdio.h>
#include <string.h>

#include "proto/limits.h"

#define REPORT_BYTES (32 * 1024) /* as agent/core/pace.c */

void telling_init(struct telling *telling, const struct past_one *past)
{
	*telling = (struct telling){.past = past};
}

int telling_greet(struct telling *telling, struct buf *out)
{
	static struct message message = {.kind = MESSAGE_HELLO};
	const struct past_one *past = telling->past;

	telling->told = telling->flying_bytes = 0;
	snprintf(message.hello.software, sizeof(message.hello.software), "backlog 1");
	snprintf(message.hello.wan, sizeof(message.hello.wan), "wan");
	message.hello.run_count = past->run_count;
	memcpy(message.hello.runs, past->runs, past->run_count * sizeof(*past->runs));
	return codec_message_encode(&message, out);
}

/* One report of what still fits in flight: how many records, or an error. */
static int put_report(struct telling *telling, struct buf *out)
{
	static struct message message = {.kind = MESSAGE_REPORT};
	const struct past_one *past = telling->past;
	size_t bytes = 0, count = 0;
	int r;

	while (telling->told < past->count && count < ENTRIES_MAX && bytes < REPORT_BYTES &&
		telling->flying_bytes + RECORD_MAX <= UNACKED_MAX_BYTES) {
		const struct entry *entry = &past->entries[telling->told++];

		message.report.entries[count++] = *entry;
		bytes += entry->record_length;
		telling->flying_bytes += entry->record_length;
	}
	message.report.entry_count = count;
	r = count ? codec_message_encode(&message, out) : 0;
	return r < 0 ? r : (int)count;
}

int telling_report(struct telling *telling, struct buf *out)
{
	int r;

	do {
		r = put_report(telling, out);
	} while (r > 0);
	return r;
}

/* ---- what is acknowledged */

static bool is_acked(const struct telling *telling, const struct record_key *key)
{
	size_t i = 0;

	while (telling->past->runs[i].run != key->run)
		i++;
	return key->sequence <= telling->up_to[i];
}

void telling_acked(struct telling *telling, const struct ack *ack)
{
	const struct past_one *past = telling->past;

	for (size_t i = 0; i < past->run_count; i++)
		if (past->runs[i].run == ack->run && telling->up_to[i] < ack->up_to)
			telling->up_to[i] = ack->up_to;
	for (; telling->acked < past->count; telling->acked++) {
		const struct entry *entry = &past->entries[telling->acked];

		if (!is_acked(telling, &entry->key))
			return;
		if (telling->acked < telling->told)
			telling->flying_bytes -= entry->record_length;
	}
}

void telling_welcomed(struct telling *telling, const struct welcome *welcome)
{
	for (size_t i = 0; i < welcome->durable_count; i++)
		telling_acked(telling, &welcome->durable[i]);
	telling->told = telling->acked;
}

bool telling_is_over(const struct telling *telling)
{
	return telling->acked == telling->past->count;
}
