/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "collector/export/line.h"

static const struct line_tags tags = {.link = 3,
	.desa = "64.08.05.2001",
	.kecamatan = "64.08.05",
	.kabupaten = "64.08",
	.provider = "Telkom"};

#define TAGS "desa=64.08.05.2001,kabupaten=64.08,kecamatan=64.08.05,link=3,provider=Telkom"

static void make_head(
	const struct line_tags *own, struct buf *ret_texts, struct line_head *ret_head)
{
	buf_init(ret_texts, 4096);
	assert_int_equal(line_tags_append(ret_texts, own), 0);
	*ret_head = (struct line_head){
		own->link, (const char *)buf_peek(ret_texts), buf_length(ret_texts)};
}

static void expect_tagged(
	const struct line_tags *own, struct outbox_event event, const char *expected)
{
	struct line_head head;
	struct buf texts, out;

	event.at_s = 1767196800;
	buf_init(&out, 4096);
	make_head(own, &texts, &head);
	assert_int_equal(line_append(&out, &event, &head), 0);
	assert_int_equal(buf_append(&out, "", 1), 0);
	assert_string_equal((const char *)buf_peek(&out), expected);
	buf_done(&texts);
	buf_done(&out);
}

static void expect_line(struct outbox_event event, const char *expected)
{
	expect_tagged(&tags, event, expected);
}

static void a_slot_has_its_counts_and_delays(void **state)
{
	expect_line((struct outbox_event){.kind = OUTBOX_SLOT, .slot = {6, 1, 6, 5, 100, 200, 300}},
		"pantau_slot," TAGS " rounds=6i,lost=1i,sent=6i,recv=5i,rtt_min_us=100i,"
		"rtt_avg_us=200i,rtt_max_us=300i 1767196800\n");
}

static void a_slot_without_answers_has_no_delays(void **state)
{
	expect_line((struct outbox_event){.kind = OUTBOX_SLOT, .slot = {6, 6, 6, 0, 0, 0, 0}},
		"pantau_slot," TAGS " rounds=6i,lost=6i,sent=6i,recv=0i 1767196800\n");
}

static void a_wan_has_its_bytes_and_the_carrier_if_it_is_known(void **state)
{
	expect_line((struct outbox_event){.kind = OUTBOX_WAN, .wan = {10, 20, CARRIER_DOWN}},
		"pantau_wan," TAGS " rx_bytes=10i,tx_bytes=20i,carrier=0i 1767196800\n");
	expect_line((struct outbox_event){.kind = OUTBOX_WAN, .wan = {10, 20, CARRIER_UP}},
		"pantau_wan," TAGS " rx_bytes=10i,tx_bytes=20i,carrier=1i 1767196800\n");
	/* their integers are signed */
	expect_line(
		(struct outbox_event){.kind = OUTBOX_WAN, .wan = {UINT64_MAX, 0, CARRIER_UNKNOWN}},
		"pantau_wan," TAGS " rx_bytes=9223372036854775807i,tx_bytes=0i 1767196800\n");
}

static void a_state_is_one_or_nought(void **state)
{
	expect_line((struct outbox_event){.kind = OUTBOX_STATE, .up = true},
		"pantau_state," TAGS " state=1i 1767196800\n");
	expect_line((struct outbox_event){.kind = OUTBOX_STATE, .up = false},
		"pantau_state," TAGS " state=0i 1767196800\n");
}

static void a_speed_test_has_what_was_measured(void **state)
{
	expect_line((struct outbox_event){.kind = OUTBOX_SPEED,
			    .speed = {19400, 4800, 180000, 12942500}},
		"pantau_speed," TAGS " down_kbps=19400i,up_kbps=4800i,bytes=12942500i,"
		"loaded_rtt_us=180000i 1767196800\n");
	expect_line((struct outbox_event){.kind = OUTBOX_SPEED, .speed = {19400, 0, 0, 9}},
		"pantau_speed," TAGS " down_kbps=19400i,bytes=9i 1767196800\n");
}

static void a_day_has_its_seconds(void **state)
{
	expect_line((struct outbox_event){.kind = OUTBOX_DAY, .day = {86000, 300, 100, 0}},
		"pantau_sla_day," TAGS " u=86000i,d=300i,n=100i,e=0i 1767196800\n");
}

static void what_is_no_point_is_no_line(void **state)
{
	expect_line((struct outbox_event){.kind = OUTBOX_GONE}, "");
	expect_line((struct outbox_event){.kind = OUTBOX_LIVE}, "");
}

static void tags_are_escaped(void **state)
{
	static const struct {
		const char *provider, *expected;
	} cases[] = {
		{"PT A, B", "PT\\ A\\,\\ B"},
		{"a=b", "a\\=b"},
		{"back\\slash", "back\\slash"},
		{"ends\\\\", "ends"}, /* it would escape what follows */
		{"a\\, b\\\\c", "a\\,\\ b\\c"}, /* so would this one */
		{"two\nlines", "two\\ lines"},
		{"\"Kita\"", "\"Kita\""},
		{"Jaringan é", "Jaringan\\ é"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct line_tags own = {.link = 1};
		char expected[256];
		strcpy(own.provider, cases[i].provider);
		strcpy(expected, "pantau_state,link=1,provider=");
		strcat(expected, cases[i].expected);
		strcat(expected, " state=1i 1767196800\n");
		expect_tagged(
			&own, (struct outbox_event){.kind = OUTBOX_STATE, .up = true}, expected);
	}
}

static void the_longest_line_fits_and_a_full_buffer_says_so(void **state)
{
	struct outbox_event event = {.kind = OUTBOX_SLOT,
		.at_s = INT64_MIN,
		.slot = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX,
			UINT32_MAX}};
	struct line_tags own = tags;
	struct line_head head;
	struct buf texts, out;

	own.link = INT64_MIN;
	memset(own.provider, ' ', sizeof(own.provider) - 1);
	buf_init(&out, 4096);
	make_head(&own, &texts, &head);
	assert_int_equal(line_append(&out, &event, &head), 0);
	const uint8_t *bytes = buf_peek(&out);
	size_t length = buf_length(&out);
	assert_memory_equal(bytes + length - 22, " -9223372036854775808\n", 22);
	buf_done(&out);
	buf_init(&out, 10);
	assert_int_equal(line_append(&out, &event, &head), -ENOBUFS);
	assert_int_equal(buf_length(&out), 0);
	buf_done(&texts);
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_slot_has_its_counts_and_delays),
		cmocka_unit_test(a_slot_without_answers_has_no_delays),
		cmocka_unit_test(a_wan_has_its_bytes_and_the_carrier_if_it_is_known),
		cmocka_unit_test(a_state_is_one_or_nought),
		cmocka_unit_test(a_speed_test_has_what_was_measured),
		cmocka_unit_test(a_day_has_its_seconds),
		cmocka_unit_test(what_is_no_point_is_no_line),
		cmocka_unit_test(tags_are_escaped),
		cmocka_unit_test(the_longest_line_fits_and_a_full_buffer_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
