/* SPDX-License-Identifier: Apache-2.0 */
/* The inbox as words and as a table: each kind says what is known and what can be done. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "collector/explain/inbox_report.h"

#define T0 INT64_C(1767196800) /* 2026-01-01 00:00 WITA */

static struct inbox_item item_of(enum inbox_kind kind)
{
	return (struct inbox_item){
		.id = "x-7",
		.kind = kind,
		.link = 7,
		.offset_s = 28800,
		.from_s = T0,
		.to_s = T0 + 60,
		.seconds = 60,
		.rupiah = 1200000,
		.number = 4,
		.cause = kind == INBOX_OUTAGE ? (int)DOWN_CPE : UNKNOWN_POWER,
		.by = "Rudi",
		.note = "kabel",
		.flag = {FLAG_DOWN_HEARD, T0, T0 + 60, 60, 3, 0},
	};
}

static void each_kind_has_its_evidence_and_command(void **state)
{
	static const struct {
		enum inbox_kind kind;
		const char *evidence, *command;
	} cases[] = {
		{INBOX_UNDETERMINED, "60 detik tak tentu",
			"pantau explain --link 7 --at 2025-12-31T16:00:00Z"},
		{INBOX_POWER_GAP, "tanpa listrik",
			"pantau exclusion add --link 7 --reason power --from 2025-12-31T16:00:00Z "
			"--to 2025-12-31T16:01:00Z --by NAME --note TEXT"},
		{INBOX_OUTAGE, "gangguan cpe, perlu klarifikasi",
			"pantau explain --link 7 --at 2025-12-31T16:00:00Z"},
		{INBOX_DISPUTE, "slot agen 4",
			"pantau decide dispute --agent 4 --from 2025-12-31T16:00:00Z --to "
			"2025-12-31T16:01:00Z --accept BOOT|none --by NAME --note TEXT"},
		{INBOX_EXCLUSION, "menunggu pejabat kedua dan dokumen (Rudi: kabel)",
			"pantau exclusion confirm 4 --second NAME --document FILE"},
		{INBOX_OBJECTION, "keberatan 4 belum dijawab (Rudi: kabel)",
			"pantau objection answer 4 --accept|--reject --by NAME --note TEXT"},
		{INBOX_CONTRACT_GAP, "di antara dua kontrak",
			"pantau contract add --link 7 --from 2025-12-31T16:00:00Z --to "
			"2025-12-31T16:01:00Z ..."},
		{INBOX_WITNESS, "kolektor: 3 catatan tiba",
			"pantau explain --link 7 --at 2025-12-31T16:00:00Z"},
	};
	char words[INBOX_WORDS_BYTES];

	_Static_assert(sizeof(cases) / sizeof(cases[0]) == INBOX_KIND_COUNT, "all kinds");
	for (size_t i = 0; i < INBOX_KIND_COUNT; i++) {
		struct inbox_item item = item_of(cases[i].kind);
		inbox_evidence(&item, words);
		if (!strstr(words, cases[i].evidence))
			fail_msg("\"%s\" does not say \"%s\"", words, cases[i].evidence);
		inbox_command(&item, words);
		assert_string_equal(words, cases[i].command);
	}
}

static void undetermined_time_without_power_is_excluded_by_that(void **state)
{
	struct inbox_part parts[] = {
		{T0 + 10, T0 + 40, UNKNOWN_POWER, 900}, {T0 + 50, T0 + 80, UNKNOWN_AGENT, 300}};
	struct inbox_item item = item_of(INBOX_UNDETERMINED);
	struct inbox inbox = {&item, 1};
	struct table *table;
	char words[INBOX_WORDS_BYTES];
	struct buf out;

	item.parts = parts;
	item.part_count = 2;
	inbox_command(&item, words);
	assert_string_equal(words,
		"pantau exclusion add --link 7 --reason power --from 2025-12-31T16:00:10Z --to "
		"2025-12-31T16:00:40Z --by NAME --note TEXT");
	table = inbox_table(&inbox);
	buf_init(&out, 8192);
	assert_int_equal(table_render_csv(table, &out), 0);
	assert_int_equal(buf_append(&out, "", 1), 0);
	assert_non_null(strstr((const char *)buf_peek(&out),
		",2025-12-31T16:00:10Z/2025-12-31T16:00:40Z power; "
		"2025-12-31T16:00:50Z/2025-12-31T16:01:20Z agent,"));
	buf_done(&out);
	table_free(table);
}

static void a_dismissed_item_says_by_whom_and_why(void **state)
{
	struct inbox_item item = item_of(INBOX_POWER_GAP);
	struct inbox inbox = {&item, 1};
	struct table *table;
	struct buf out;

	item.dismissal = 3;
	strcpy(item.dismissed_by, "Budi");
	strcpy(item.dismissed_note, "PLN membenarkan");
	table = inbox_text_table(&inbox);
	buf_init(&out, 8192);
	assert_int_equal(table_render_text(table, &out), 0);
	assert_int_equal(buf_append(&out, "", 1), 0);
	assert_non_null(strstr(
		(const char *)buf_peek(&out), "dikesampingkan oleh Budi (3): PLN membenarkan"));
	assert_non_null(strstr((const char *)buf_peek(&out), "1.200.000"));
	buf_done(&out);
	table_free(table);
}

static void a_dispute_says_what_kind_it_is(void **state)
{
	struct inbox_device devices[] = {
		{{1}, 1, T0, T0 + 60, "", {0}}, {{2}, 1, T0 + 600, T0 + 660, "", {0}}};
	struct inbox_item item = item_of(INBOX_DISPUTE);
	char words[INBOX_WORDS_BYTES];

	item.devices = devices;
	item.device_count = 2;
	inbox_evidence(&item, words); /* one after the other: a backup was restored */
	assert_non_null(strstr(words, "nomor slot agen 4 dipakai lagi"));
	devices[1].from_s = T0 + 59;
	inbox_evidence(&item, words);
	assert_non_null(strstr(words, "slot agen 4 datang dengan lebih dari satu isi"));
	item.twin = true;
	inbox_evidence(&item, words);
	assert_non_null(strstr(words, "dua alat hidup bersamaan dengan identitas agen 4"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_has_its_evidence_and_command),
		cmocka_unit_test(undetermined_time_without_power_is_excluded_by_that),
		cmocka_unit_test(a_dismissed_item_says_by_whom_and_why),
		cmocka_unit_test(a_dispute_says_what_kind_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
