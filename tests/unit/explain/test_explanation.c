/* SPDX-License-Identifier: Apache-2.0 */
/* An explanation as words and as JSON: made by hand, so that each sentence has its case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "collector/explain/explain_json.h"
#include "collector/explain/explain_text.h"

#define T0 INT64_C(1767196800) /* 2026-01-01 00:00 WITA */
#define PAGE_BYTES 65536

static struct explanation down(void)
{
	struct explanation out = {
		.at_s = T0 + 30,
		.as_of_s = T0 + 86400,
		.link = {.id = 7, .provider = "PT Uji", .zone = "WITA", .offset_s = 28800},
		.period = "2026-01",
		.gone_s = INT64_MIN,
		.class = EXPLAIN_DOWN,
		.from_s = T0,
		.to_s = T0 + 600,
		.measured = true,
		.run = {T0, T0 + 600, STATE_D, DOWN_ACCESS},
		.if_good = {true, true, T0, T0 + 600, true, T0, T0 + 600},
		.if_bad = {true, true, T0 - 60, T0 + 600, true, T0 - 60, T0 + 600},
		.has_contract = true,
		.contract = {.id = 3, .link = 7, .from_s = T0, .to_s = SPAN_FOREVER},
	};

	terms_init(&out.terms);
	return out;
}

static const char *text_of(const struct explanation *out, enum language language)
{
	static char page[PAGE_BYTES];
	struct buf buf;

	buf_init(&buf, PAGE_BYTES - 1);
	assert_int_equal(explanation_text(out, language, &buf), 0);
	memcpy(page, buf_peek(&buf), buf_length(&buf));
	page[buf_length(&buf)] = '\0';
	buf_done(&buf);
	return page;
}

static const char *json_of(const struct explanation *out)
{
	static char page[PAGE_BYTES];
	struct json json;
	struct buf buf;

	buf_init(&buf, PAGE_BYTES - 1);
	json_init(&json, &buf);
	json_object(&json, NULL);
	explanation_json(out, &json);
	json_object_end(&json);
	assert_int_equal(json_end(&json), 0);
	memcpy(page, buf_peek(&buf), buf_length(&buf));
	page[buf_length(&buf)] = '\0';
	buf_done(&buf);
	return page;
}

static void expect(const char *page, const char *words)
{
	if (!strstr(page, words))
		fail_msg("\"%s\" is not in\n%s", words, page);
}

static void expect_both(const struct explanation *out, const char *id, const char *en)
{
	expect(text_of(out, LANGUAGE_ID), id);
	expect(text_of(out, LANGUAGE_EN), en);
}

static void a_run_of_at_least_w_decides(void **state)
{
	struct explanation out = down();

	expect_both(&out, "MATI (D): terhitung sebagai gangguan.", "DOWN (D): counts as downtime.");
	expect_both(&out, "Sebab: access (gateway menjawab, jaringan akses tidak).",
		"Cause: access (the gateway answers, the edge does not).");
	expect_both(&out,
		"rangkaian buruk: 2026-01-01 00:00:00 sampai 2026-01-01 00:10:00, 600 detik; "
		"paling "
		"sedikit W = 300 detik, maka DOWN sejak awalnya.",
		"bad run: 2026-01-01 00:00:00 to 2026-01-01 00:10:00, 600 seconds; at least W = "
		"300 "
		"seconds, so DOWN from its beginning.");
	expect_both(&out, "DOWN walaupun semua yang tak diketahui baik: D.",
		"DOWN even if all that is unknown was good: D.");
	expect(json_of(&out),
		"\"class\":\"D\",\"nowhere\":null,\"slots_gone_before\":null,"
		"\"alike\":{\"from\":\"2025-12-31T16:00:00Z\","
		"\"to\":\"2025-12-31T16:10:00Z\",\"seconds\":600}");
	expect(json_of(&out), "\"run\":{\"state\":\"D\",\"cause\":\"access\"");
}

static void a_shorter_run_is_forgiven_by_what_was_decided_before(void **state)
{
	struct explanation out = down();
	const struct explain_pass forgiven = {false, true, T0, T0 + 120, true, T0 - 900, T0};

	out.class = EXPLAIN_UP;
	out.run = (struct state_run){T0 - 900, T0 + 900, STATE_U, 0};
	out.if_good = out.if_bad = forgiven;
	expect_both(&out, "lebih pendek dari W = 300 detik, maka dimaafkan.",
		"shorter than W = 300 seconds, so it is forgiven.");
	expect_both(&out,
		"Yang memutuskan adalah rangkaian baik: 2025-12-31 23:45:00 sampai 2026-01-01 "
		"00:00:00, 900 detik.",
		"What decides is the good run: 2025-12-31 23:45:00 to 2026-01-01 00:00:00, 900 "
		"seconds.");
	expect_both(&out, "UP walaupun semua yang tak diketahui buruk: U.",
		"UP even if all that is unknown was bad: U.");
	out.if_good.decided = false;
	expect_both(&out, "Sebelumnya tak ada rangkaian selama W = 300 detik: UP.",
		"No run before it lasts W = 300 seconds: UP.");
	expect(json_of(&out), "\"decided_by\":null");
}

static void what_is_unknown_leaves_it_open(void **state)
{
	struct explanation out = down();

	out.class = EXPLAIN_UNDETERMINED;
	out.run = (struct state_run){T0, SPAN_FOREVER, STATE_N, UNKNOWN_SILENT};
	out.if_good.down = false;
	expect_both(&out, "TAK TENTU (N)", "UNDETERMINED (N)");
	expect_both(&out, "UP atau DOWN, bergantung pada yang tak diketahui: N.",
		"UP or DOWN, depending on what is unknown: N.");
	expect_both(&out, "sampai (belum berakhir)", "to (no end yet)");
	expect(json_of(&out),
		"\"run\":{\"state\":\"N\",\"cause\":\"silent\",\"from\":\"2025-12-31T16:00:00Z\","
		"\"to\":null,\"seconds\":null}");
}

static void a_second_in_no_row_says_why(void **state)
{
	struct explanation out = down();

	out.class = EXPLAIN_NOWHERE;
	out.nowhere = NOWHERE_OFF_HOURS;
	expect_both(&out, "TIDAK DIHITUNG: di luar jam layanan kontrak.",
		"NOT COUNTED: outside the contract's service hours.");
	expect_both(&out, "Terukur, dengan aturan kontrak: D.",
		"Measured, under the contract's rule: D.");
	expect(json_of(&out), "\"class\":null,\"nowhere\":\"off-hours\"");
	out.nowhere = NOWHERE_NO_CONTRACT;
	out.has_contract = false;
	out.contract.id = 0;
	out.measured = false;
	expect_both(
		&out, "tidak ada kontrak pada detik ini", "there is no contract at this second");
	expect_both(&out, "Tidak ada yang diketahui tentang detik ini.",
		"Nothing is known of this second.");
	expect(json_of(&out), "\"run\":null,\"passes\":[]");
	expect(json_of(&out), "\"rule\":{\"of\":\"default\"");
}

static void an_exclusion_says_why_it_does_not_count(void **state)
{
	static const struct {
		enum explain_reach reach;
		const char *id, *json;
	} cases[] = {
		{REACH_COUNTS, "Berlaku: detik ini dikecualikan.", "\"counts\":true"},
		{REACH_REVOKED, "Tidak berlaku: dicabut", "\"why\":\"revoked\""},
		{REACH_NOTICE, "ditambah waktu pemberitahuan, yaitu 2026-01-01 00:01:00",
			"\"why\":\"notice\",\"counts_from\":\"2025-12-31T16:01:00Z\""},
		{REACH_UNCONFIRMED, "belum ada pejabat kedua dan dokumen",
			"\"why\":\"unconfirmed\""},
		{REACH_NOT_POWER, "listrik hanya mengecualikan", "\"why\":\"not-power\""},
		{REACH_OTHERWISE, "Tidak mengecualikan detik ini", "\"why\":\"otherwise\""},
	};
	struct explain_exclusion item = {
		.entry = {.id = 5,
			.scope = SCOPE_LINK,
			.value = "7",
			.from_s = T0,
			.to_s = T0 + 60,
			.by = "Budi",
			.note = "banjir"},
		.counts_from_s = T0 + 60,
	};
	struct explanation out = down();

	out.exclusions = &item;
	out.exclusion_count = 1;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		item.reach = cases[i].reach;
		expect(text_of(&out, LANGUAGE_ID), cases[i].id);
		expect(json_of(&out), cases[i].json);
	}
}

static void a_packed_slot_says_that_its_rtt_is_a_step(void **state)
{
	static struct slot slot = {
		.wan = "wan",
		.target_count = 1,
		.targets = {{CLASS_INTERNET, {4, {192, 0, 2, 1}}, 443}},
		.probe_count = 2,
		.probes = {{.rtt_us = 20500, .kind = PROBE_TCP, .outcome = OUTCOME_ANSWERED},
			{.offset_ms = 10250,
				.round = 1,
				.kind = PROBE_ICMP,
				.outcome = OUTCOME_REFUSED,
				.refusal = REFUSAL_CARRIER}},
	};
	struct explanation out = down();

	out.witness.there = true;
	out.witness.slot = &slot;
	out.witness.row = (struct ledger_slot){.agent = 9,
		.packed = true,
		.slot = &slot,
		.start_utc_us = T0 * 1000000,
		.from_s = T0,
		.to_s = T0 + 60};
	out.witness.clock.used = (struct ledger_anchor){.there = true,
		.utc_us = T0 * 1000000,
		.error_us = 1500,
		.source = ANCHOR_COLLECTOR};
	expect_both(&out, "RTT adalah tengah jenjangnya", "an RTT is the middle of its step");
	expect_both(&out, "sumber collector, galat paling besar 2 ms",
		"source collector, error at most 2 ms");
	expect(text_of(&out, LANGUAGE_ID), "192.0.2.1:443");
	expect(json_of(&out), "\"packed\":true");
	expect(json_of(&out),
		"\"at\":\"2025-12-31T16:00:10.250Z\",\"offset_ms\":10250,\"round\":1,"
		"\"target\":\"192.0.2.1:443\",\"class\":\"internet\",\"kind\":\"icmp\","
		"\"follow_up\":false,\"outcome\":\"refused\",\"refusal\":\"carrier\","
		"\"rtt_us\":null");
}

static void slots_that_are_gone_leave_the_state(void **state)
{
	struct explanation out = down();

	out.gone_s = T0 + 3600;
	out.if_good = out.if_bad = (struct explain_pass){.down = true, .gone = true};
	expect_both(&out, "Slot sebelum 2026-01-01 01:00:00 sudah tidak disimpan",
		"Slots before 2026-01-01 01:00:00 are no longer kept");
	expect_both(&out, "DOWN walaupun semua yang tak diketahui baik: D.",
		"DOWN even if all that is unknown was good: D.");
	expect(json_of(&out), "\"slots_gone_before\":\"2025-12-31T17:00:00Z\"");
	expect(json_of(&out),
		"\"unknown_as\":\"good\",\"state\":\"DOWN\",\"taken_as\":null,"
		"\"from\":null,\"to\":null,\"seconds\":null,\"decided_by\":null");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slots_that_are_gone_leave_the_state),
		cmocka_unit_test(a_run_of_at_least_w_decides),
		cmocka_unit_test(a_shorter_run_is_forgiven_by_what_was_decided_before),
		cmocka_unit_test(what_is_unknown_leaves_it_open),
		cmocka_unit_test(a_second_in_no_row_says_why),
		cmocka_unit_test(an_exclusion_says_why_it_does_not_count),
		cmocka_unit_test(a_packed_slot_says_that_its_rtt_is_a_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
