/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/facts.h"

#include <stdlib.h>
#include <string.h>

#include "common/crc32c.h"
#include "proto/codec.h"
#include "proto/journal_record.h"
#include "tests/sim/fail.h"

void fact_of_slot(const struct slot *slot, struct fact *fact)
{
	fact->kind = RECORD_SLOT;
	fact->from_us = slot->start_us;
	fact->to_us = slot->start_us + slot->length_ms * 1000ULL;
	fact->evidence = evidence_of(slot);
}

static void read_fact(const struct record *record, struct fact *fact)
{
	fact->kind = record->kind;
	memcpy(fact->boot, record->slot.boot, BOOT_BYTES); /* every kind begins with it */
	switch (record->kind) {
	case RECORD_SLOT: fact_of_slot(&record->slot, fact); break;
	case RECORD_ANCHOR:
		fact->from_us = record->anchor.mono_us;
		fact->utc_us = record->anchor.utc_us;
		fact->error_us = record->anchor.error_us;
		fact->source = record->anchor.source;
		break;
	case RECORD_DROPPED:
		fact->from_us = record->dropped.from_us;
		fact->to_us = record->dropped.to_us;
		fact->last = record->dropped.last;
		break;
	case RECORD_START:
		fact->from_us = record->start.mono_us;
		fact->reset = record->start.reset;
		break;
	case RECORD_STOP: fact->from_us = record->stop.mono_us; break;
	case RECORD_SPEED: fact->from_us = record->speed.start_us; break;
	default: break;
	case RECORD_HTTP: fact->from_us = record->http.start_us; break;
	case RECORD_OBSERVATION: fact->from_us = record->observation.mono_us; break;
	}
}

void facts_read(struct station_journal journal, uint64_t seed, struct facts *ret_facts)
{
	struct record *record = malloc(sizeof(*record));
	struct journal_record entry;
	struct err err;
	size_t i;

	ret_facts->items = calloc(journal.count + 1, sizeof(*ret_facts->items));
	ret_facts->count = journal.count;
	if (!record || !ret_facts->items)
		sim_fail(seed, "no memory");
	for (i = 0; i < journal.count; i++) {
		struct fact *fact = &ret_facts->items[i];

		if (journal_record_decode(
			    journal.records[i].bytes, journal.records[i].length, &entry) < 0)
			sim_fail(seed, "journal record %zu cannot be read", i);
		if (entry.reject_code ||
			codec_record_decode(entry.record, entry.record_length, record, &err))
			sim_fail(
				seed, "run %u, %u was rejected", entry.key.run, entry.key.sequence);
		fact->key = entry.key;
		fact->received_us = entry.received_utc_us;
		fact->checksum = crc32c(0, entry.record, entry.record_length);
		read_fact(record, fact);
	}
	free(record);
}

void facts_done(struct facts *facts)
{
	free(facts->items);
	*facts = (struct facts){.items = NULL};
}
