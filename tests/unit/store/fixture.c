/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/store/fixture.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "proto/codec.h"

#define ROUND_MS 10000

static int64_t read_clock(void *arg)
{
	return ((struct fixture *)arg)->now_s;
}

static void must(int result, const struct err *err)
{
	if (result < 0)
		fail_msg("%d: %s", result, err->text);
}

struct fixture *fixture_new(void)
{
	static const struct region regions[] = {
		{"64", 0, "Kalimantan Timur"},
		{"64.08", 0, "Kutai Timur"},
		{"64.08.05", 0, "Sangkulirang"},
		{DESA, 0, "Kerayaan"},
		{DESA_OTHER, 0, "Benua Baru"},
		{"64.09", 0, "Penajam Paser Utara"},
		{"64.09.01", 0, "Penajam"},
		{DESA_FAR, 0, "Tanjung Tengah"},
	};
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct err err = {0};

	assert_non_null(fixture);
	strcpy(fixture->state, "/tmp/pantau-store-XXXXXX");
	assert_non_null(mkdtemp(fixture->state));
	must(registry_open(fixture->state, REGISTRY_CREATE, "tester", &fixture->registry, &err),
		&err);
	fixture->now_s = T0;
	registry_set_clock(fixture->registry, read_clock, fixture);
	must(registry_regions_import(
		     fixture->registry, regions, sizeof(regions) / sizeof(*regions), &err),
		&err);
	return fixture;
}

void fixture_free(struct fixture *fixture)
{
	char command[128];

	ledger_writer_close(fixture->writer);
	registry_close(fixture->registry);
	snprintf(command, sizeof(command), "rm -rf %s", fixture->state);
	assert_int_equal(system(command), 0);
	free(fixture);
}

int fixture_setup(void **state)
{
	*state = fixture_new();
	return 0;
}

int fixture_teardown(void **state)
{
	fixture_free(*state);
	return 0;
}

int64_t fixture_link(struct fixture *fixture, const char *desa, const char *provider)
{
	struct registry_link link = {.kind = LINK_FIBRE};
	struct err err = {0};
	int64_t id = 0;

	strcpy(link.desa, desa);
	strcpy(link.provider, provider);
	must(registry_link_add(fixture->registry, &link, &id, &err), &err);
	return id;
}

int64_t fixture_contract(struct fixture *fixture, int64_t link, int64_t from_s, int64_t to_s)
{
	struct registry_contract contract = {
		.link = link, .from_s = from_s, .to_s = to_s, .kbps_down = 20000, .kbps_up = 5000};
	struct err err = {0};
	int64_t id = 0;

	terms_init(&contract.terms);
	contract.terms.target_ppm = 995000;
	contract.terms.fee_rupiah = 1200000;
	contract.terms.formula = FORMULA_EXCESS;
	must(registry_contract_add(fixture->registry, &contract, &id, &err), &err);
	return id;
}

static int sign(void *arg, uint32_t agent, struct registry_certificate *ret, struct err *err)
{
	snprintf(ret->fingerprint, sizeof(ret->fingerprint), "%064x", agent);
	snprintf(ret->serial, sizeof(ret->serial), "%x", agent);
	return 0;
}

uint32_t fixture_agent(struct fixture *fixture, int64_t link, int64_t from_s)
{
	struct registry_issue issue = {.link = link, .from_s = from_s, .sign = sign};
	struct err err = {0};
	uint32_t id = 0;

	must(registry_agent_issue(fixture->registry, &issue, &id, &err), &err);
	return id;
}

/* ---- records */

struct sent sent_record(struct sent_key key, const struct record *record)
{
	struct sent sent = {.agent = key.agent, .run = key.run, .sequence = key.sequence};
	struct buf out;

	buf_init(&out, RECORD_MAX);
	assert_int_equal(codec_record_encode(record, &out), 0);
	sent.length = buf_length(&out);
	memcpy(sent.bytes, buf_peek(&out), sent.length);
	buf_done(&out);
	return sent;
}

static void add_target(struct slot *slot, enum target_class class, uint8_t host)
{
	struct target *target = &slot->targets[slot->target_count++];

	target->class = class;
	target->address = (struct address){4, {10, 0, (uint8_t) class, host}};
}

static void add_probe(struct slot *slot, struct probe probe)
{
	probe.offset_ms = probe.round * ROUND_MS + (probe.follow_up ? 3000 : 0);
	probe.kind = PROBE_ICMP;
	probe.outcome = probe.rtt_us ? OUTCOME_ANSWERED : OUTCOME_LOST;
	slot->probes[slot->probe_count++] = probe;
}

/* Gateway and edge answer, the provider and the internet do not. */
static void add_lost_round(struct slot *slot, uint16_t round)
{
	add_probe(slot, (struct probe){.round = round, .target = 3});
	add_probe(slot, (struct probe){.round = round, .target = 4, .follow_up = true});
	add_probe(slot,
		(struct probe){.round = round, .target = 0, .follow_up = true, .rtt_us = 500});
	add_probe(slot,
		(struct probe){.round = round, .target = 1, .follow_up = true, .rtt_us = 900});
	add_probe(slot, (struct probe){.round = round, .target = 2, .follow_up = true});
}

struct sent sent_slot(struct sent_key key, struct slot_plan plan)
{
	struct record *record = calloc(1, sizeof(*record));
	struct slot *slot = &record->slot;
	struct sent sent;

	record->kind = RECORD_SLOT;
	slot->boot[0] = plan.boot;
	slot->start_us = plan.start_us;
	slot->length_ms = plan.length_ms;
	strcpy(slot->wan, plan.wan ? plan.wan : "wan");
	slot->rounds_due = (uint16_t)(plan.length_ms / ROUND_MS);
	add_target(slot, CLASS_GATEWAY, 1);
	add_target(slot, CLASS_EDGE, 1);
	add_target(slot, CLASS_PROVIDER, 1);
	add_target(slot, CLASS_INTERNET, 1);
	add_target(slot, CLASS_INTERNET, 2);
	for (uint16_t round = 0; round < slot->rounds_due; round++) {
		if (round < plan.lost)
			add_lost_round(slot, round);
		else
			add_probe(slot,
				(struct probe){.round = round, .target = 3, .rtt_us = plan.rtt_us});
	}
	/* the provider's target answers while healthy, so that its silence speaks */
	if (plan.lost < slot->rounds_due)
		add_probe(slot,
			(struct probe){.round = slot->rounds_due - 1, .target = 2, .rtt_us = 1500});
	slot->dns_count = plan.dns != 0;
	if (plan.dns)
		slot->dns[0] = (struct dns){.resolver = {4, {10, 0, 0, 1}},
			.question = DNS_PRESENT,
			.outcome = plan.dns};
	slot->facts = (struct wan_facts){.carrier = CARRIER_UP,
		.gateway = NEIGHBOUR_RESOLVED,
		.rx_bytes = 1000,
		.tx_bytes = 500};
	sent = sent_record(key, record);
	free(record);
	return sent;
}

struct sent sent_anchor(struct sent_key key, uint8_t boot, uint64_t mono_us, int64_t utc_us)
{
	struct record *record = calloc(1, sizeof(*record));
	struct sent sent;

	record->kind = RECORD_ANCHOR;
	record->anchor = (struct anchor){
		.boot = {boot},
		.mono_us = mono_us,
		.utc_us = utc_us,
		.error_us = 1000,
		.source = ANCHOR_NTP,
	};
	sent = sent_record(key, record);
	free(record);
	return sent;
}

struct sent sent_stop(struct sent_key key, uint8_t boot, uint64_t mono_us)
{
	struct record *record = calloc(1, sizeof(*record));
	struct sent sent;

	record->kind = RECORD_STOP;
	record->stop = (struct stop){.boot = {boot}, .mono_us = mono_us};
	sent = sent_record(key, record);
	free(record);
	return sent;
}

struct sent sent_dropped(
	struct sent_key key, uint8_t boot, uint32_t last, uint64_t from_us, uint64_t to_us)
{
	struct record *record = calloc(1, sizeof(*record));
	struct sent sent;

	record->kind = RECORD_DROPPED;
	record->dropped = (struct dropped){
		.boot = {boot},
		.last = last,
		.records = last - key.sequence + 1,
		.from_us = from_us,
		.to_us = to_us,
	};
	sent = sent_record(key, record);
	free(record);
	return sent;
}

/* ---- the ledger */

struct bindings {
	struct registry_binding items[32];
	size_t count;
};

static int add_binding(void *arg, const struct registry_binding *binding)
{
	struct bindings *bindings = arg;

	assert_true(bindings->count < 32);
	bindings->items[bindings->count++] = *binding;
	return 0;
}

static void begin(struct fixture *fixture)
{
	struct bindings bindings = {.count = 0};
	struct err err = {0};
	int64_t sequence = 0;

	if (!fixture->writer)
		must(ledger_writer_open(fixture->state, &fixture->writer, &err), &err);
	must(registry_bindings(fixture->registry, 0, add_binding, &bindings, &err), &err);
	must(registry_sequence(fixture->registry, &sequence, &err), &err);
	must(ledger_begin(fixture->writer, &err), &err);
	must(ledger_follow(fixture->writer, bindings.items, bindings.count, sequence, &err), &err);
}

void fixture_take(struct fixture *fixture, const struct sent *records, size_t count)
{
	struct err err = {0};

	begin(fixture);
	for (size_t i = 0; i < count; i++) {
		struct journal_record journal = {
			.agent = records[i].agent,
			.key = {records[i].run, records[i].sequence},
			.received_utc_us = records[i].received_us,
			.reject_code = records[i].reject_code,
			.record = records[i].bytes,
			.record_length = records[i].length,
			.wan = "wan",
		};
		must(ledger_take(fixture->writer, &journal, false, &err), &err);
	}
	must(ledger_settle(fixture->writer, &err), &err);
	must(ledger_commit(fixture->writer, (struct seglog_pos){1, count}, &err), &err);
}

struct ledger_counts fixture_counts(struct fixture *fixture)
{
	struct ledger_counts counts;
	struct err err = {0};

	must(ledger_counts(ledger_writer_view(fixture->writer), &counts, &err), &err);
	return counts;
}

/* ---- what is derived, as text */

static int dump_slot(void *arg, const struct ledger_slot *slot)
{
	const struct evidence *evidence = &slot->evidence;

	fprintf(arg, "slot %u.%u.%u [%" PRId64 ",%" PRId64 ") %" PRId64 " %u/%u/%u %u %u %u%s %u\n",
		slot->agent, slot->run, slot->sequence, slot->from_s, slot->to_s,
		slot->start_utc_us, evidence->due, evidence->made, evidence->lost, evidence->asked,
		evidence->answered, evidence->ever, slot->disputed ? " disputed" : "",
		slot->slot->probe_count);
	return 0;
}

static void dump_history(FILE *out, const struct history *history)
{
	for (size_t i = 0; i < history->slot_count; i++) {
		const struct history_slot *slot = &history->slots[i];
		const struct history_boot *boot = &history->boots[slot->boot];
		fprintf(out, "of boot %u runs %u-%u at %" PRId64 "%s%s accepted %" PRId64 "\n",
			boot->agent, boot->first_run, boot->last_run, boot->booted_s,
			boot->stopped ? " stopped" : "", boot->has_unplaced ? " unplaced" : "",
			slot->accepted_s);
	}
	for (size_t i = 0; i < history->drop_count; i++)
		fprintf(out, "drop %u [%" PRId64 ",%" PRId64 ")\n", history->drops[i].agent,
			history->drops[i].from, history->drops[i].to);
	fprintf(out, "ever %u\n", history->ever);
}

char *fixture_dump(struct fixture *fixture, int64_t link)
{
	struct ledger_db *db = ledger_writer_view(fixture->writer);
	struct ledger_counts counts = fixture_counts(fixture);
	struct history history;
	struct err err = {0};
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	must(ledger_slots(
		     db, &(struct ledger_span){link, INT64_MIN, INT64_MAX}, dump_slot, out, &err),
		&err);
	must(ledger_history_load(
		     db, &(struct ledger_span){link, INT64_MIN, INT64_MAX}, &history, &err),
		&err);
	dump_history(out, &history);
	ledger_history_done(&history);
	fprintf(out, "slots %" PRId64 " unplaced %" PRId64 " unbound %" PRId64 "\n", counts.slots,
		counts.unplaced, counts.unbound);
	fclose(out);
	return text;
}
