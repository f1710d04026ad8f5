/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "agent/errands/sample_text.h"

#define HTTP(text) sample_text_http(text, strlen(text), &http, &detail)
#define SPEED(text) sample_text_speed(text, strlen(text), &speed, &detail)

static struct http http;
static struct speed speed;
static struct sample_detail detail;

static int forget(void **state)
{
	memset(&http, 0, sizeof(http));
	memset(&speed, 0, sizeof(speed));
	strcpy(http.wan, "wan");
	return 0;
}

static void page_is_taken_with_its_steps(void **state)
{
	assert_int_equal(
		HTTP("address=192.0.2.1\nport=443\nname_us=11\nconnect_us=22\ntls_us=33\n"
		     "first_byte_us=44\nstatus=204\nbytes=0\noutcome=done\ntotal_us=120\n"),
		0);
	assert_int_equal(http.outcome, HTTP_DONE);
	assert_int_equal(http.status, 204);
	assert_int_equal(http.address.length, 4);
	assert_int_equal(http.port, 443);
	assert_int_equal(http.name_us + http.connect_us + http.tls_us + http.first_byte_us, 110);
	assert_int_equal(http.total_us, 120);
	assert_string_equal(http.wan, "wan");
}

static void helper_that_was_killed_has_said_what_it_knew(void **state)
{
	assert_int_equal(HTTP("address=2001:db8::1\nport=80\nname_us=11\nconnect_us=2"), -ENODATA);
	assert_int_equal(http.address.length, 16);
	assert_int_equal(http.name_us, 11);
	assert_int_equal(http.connect_us, 0); /* its line has no end */
}

static void text_that_makes_no_sense_changes_nothing(void **state)
{
	const char *const bad[] = {
		"status=600\noutcome=done\n",
		"status=42\noutcome=status\n",
		"outcome=done\n",
		"name_us=-1\noutcome=name\n",
		"name_us=120000001\noutcome=name\n",
		"total_us=99999999999999999999999\noutcome=name\n",
		"port=65536\noutcome=connect\n",
		"address=example.com\noutcome=connect\n",
		"outcome=splendid\n",
		"outcome=\n",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct http before = http;

		assert_int_equal(HTTP(bad[i]), -EBADMSG);
		assert_memory_equal(&http, &before, sizeof(http));
	}
}

static void lines_that_are_not_known_are_passed_over(void **state)
{
	assert_int_equal(HTTP("colour=green\n\n=\nnonsense\n"
			      "a_key_that_is_much_longer_than_any_of_ours=1\noutcome=connect\n"),
		0);
	assert_int_equal(http.outcome, HTTP_CONNECT);
}

static void detail_is_printable_and_cut(void **state)
{
	char text[400] = "outcome=connect\ndetail=";

	memset(text + strlen(text), 'x', 200);
	text[40] = '\033';
	strcat(text, "\n");
	assert_int_equal(HTTP(text), 0);
	assert_int_equal(strlen(detail.text), SAMPLE_DETAIL_BYTES - 1);
	assert_null(strchr(detail.text, '\033'));
}

static void speed_is_taken_both_ways(void **state)
{
	assert_int_equal(SPEED("address=192.0.2.1\nport=8081\ndown.counted_bytes=7\n"
			       "down.kbps=9653\ndown.bytes=900000\ndown.duration_ms=780\n"
			       "down.rtt_us=31000\ndown.retransmissions=2\ndown.converged=1\n"
			       "down.keyed=1\nup.kbps=2000\nup.bytes=200000\nup.duration_ms=800\n"
			       "up.converged=0\nother_rx_bytes=5\nother_tx_bytes=6\n"
			       "outcome=done\n"),
		0);
	assert_int_equal(speed.outcome, SPEED_DONE);
	assert_int_equal(speed.down.kbps, 9653);
	assert_int_equal(speed.down.retransmissions, 2);
	assert_int_equal(speed.up.bytes, 200000);
	assert_int_equal(speed.other_rx_bytes + speed.other_tx_bytes, 11);
	assert_true(detail.down_converged && detail.down_keyed && !detail.up_converged);
}

static void the_largest_nonce_is_read(void **state)
{
	char text[256];

	snprintf(text, sizeof(text),
		"down.kbps=1\ndown.bytes=1\ndown.duration_ms=1\ndown.nonce=%llu\noutcome=done\n",
		SPEED_NONCE_MAX);
	assert_int_equal(sample_text_speed(text, strlen(text), &speed, &detail), 0);
	assert_int_equal(speed.down.nonce, SPEED_NONCE_MAX);
}

static void direction_that_was_cut_did_not_happen(void **state)
{
	assert_int_equal(SPEED("down.kbps=9653\ndown.bytes=900000\ndown.duration_ms=780\n"
			       "up.kbps=2000\nup.bytes=200000\n"),
		-ENODATA);
	assert_int_equal(speed.down.bytes, 900000);
	assert_int_equal(speed.up.kbps, 0);
	assert_int_equal(speed.up.bytes, 0);
}

static void outcome_and_reason_belong_together(void **state)
{
	const char *const bad[] = {
		"outcome=done\n", /* without a figure */
		"outcome=failed\n", /* without a reason */
		"down.kbps=1\ndown.bytes=1\ndown.duration_ms=1\nreason=busy\noutcome=done\n",
		"reason=busy\noutcome=skipped\n", /* not for the helper to say */
		"reason=none\noutcome=failed\n",
		"down.kbps=100000001\n",
		"down.duration_ms=600001\n",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(SPEED(bad[i]), -EBADMSG);
	assert_int_equal(SPEED("reason=impostor\noutcome=failed\n"), 0);
	assert_int_equal(speed.reason, SPEED_REASON_IMPOSTOR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(page_is_taken_with_its_steps, forget),
		cmocka_unit_test_setup(helper_that_was_killed_has_said_what_it_knew, forget),
		cmocka_unit_test_setup(text_that_makes_no_sense_changes_nothing, forget),
		cmocka_unit_test_setup(lines_that_are_not_known_are_passed_over, forget),
		cmocka_unit_test_setup(detail_is_printable_and_cut, forget),
		cmocka_unit_test_setup(speed_is_taken_both_ways, forget),
		cmocka_unit_test_setup(the_largest_nonce_is_read, forget),
		cmocka_unit_test_setup(direction_that_was_cut_did_not_happen, forget),
		cmocka_unit_test_setup(outcome_and_reason_belong_together, forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
