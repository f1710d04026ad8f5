/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a ledger holds, as lines of JSON, for the tests:
 *
 *	kept STATE records AGENT	every record of the agent, as it came or out of its page
 *	kept STATE slots LINK		the link's slots where they lie
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_facts.h"
#include "proto/codec.h"

static void print_hex(const uint8_t *bytes, size_t length)
{
	printf("\"record\":\"");
	for (size_t i = 0; i < length; i++)
		printf("%02x", bytes[i]);
	printf("\"}\n");
}

static int print_record(void *arg, const struct journal_record *journal)
{
	struct record *record = arg;
	struct err err = {0};
	int kind = 0;

	if (!journal->reject_code &&
		codec_record_decode(journal->record, journal->record_length, record, &err) == 0)
		kind = record->kind;
	printf("{\"run\":%" PRIu32 ",\"sequence\":%" PRIu32 ",\"kind\":%d,\"code\":%d,",
		journal->key.run, journal->key.sequence, kind, journal->reject_code);
	print_hex(journal->record, journal->record_length);
	return 0;
}

static int print_slot(void *arg, const struct ledger_slot *slot)
{
	struct record *record = arg;
	struct buf bytes;
	int r;

	record->kind = RECORD_SLOT;
	record->slot = *slot->slot;
	buf_init(&bytes, RECORD_MAX);
	r = codec_record_encode(record, &bytes);
	printf("{\"agent\":%" PRIu32 ",\"run\":%" PRIu32 ",\"sequence\":%" PRIu32
	       ",\"start_utc_us\":%" PRId64 ",\"from_s\":%" PRId64 ",\"to_s\":%" PRId64
	       ",\"due\":%u,\"made\":%u,\"lost\":%u,\"disputed\":%s,\"packed\":%s,",
		slot->agent, slot->run, slot->sequence, slot->start_utc_us, slot->from_s,
		slot->to_s, slot->evidence.due, slot->evidence.made, slot->evidence.lost,
		slot->disputed ? "true" : "false", slot->packed ? "true" : "false");
	print_hex(buf_peek(&bytes), buf_length(&bytes));
	buf_done(&bytes);
	return r;
}

static int print_all(struct ledger_db *db, char **argv, struct record *record, struct err *err)
{
	int64_t number = strtoll(argv[3], NULL, 10);
	int r = ledger_read_begin(db, err);

	if (r == 0 && !strcmp(argv[2], "records"))
		r = ledger_facts(db, (uint32_t)number, print_record, record, err);
	else if (r == 0)
		r = ledger_slots(db, &(struct ledger_span){number, INT64_MIN, INT64_MAX},
			print_slot, record, err);
	ledger_read_end(db);
	return r;
}

int main(int argc, char **argv)
{
	struct record *record = calloc(1, sizeof(*record));
	struct ledger_db *db = NULL;
	struct err err = {0};
	int r;

	if (argc != 4 || !record)
		return 2;
	r = ledger_db_open(argv[1], &db, &err);
	if (r == 0)
		r = print_all(db, argv, record, &err);
	if (r < 0)
		fprintf(stderr, "kept: %s\n", err.text);
	ledger_db_close(db);
	free(record);
	return r < 0;
}
