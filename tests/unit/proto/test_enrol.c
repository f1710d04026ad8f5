/* SPDX-License-Identifier: Apache-2.0 */
/* The token as people carry it, the question and the answer of an enrolment. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/enrol.h"

#define CERTIFICATE "-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n"
#define CA "-----BEGIN CERTIFICATE-----\nB\n-----END CERTIFICATE-----\n"

static struct enrol_token a_token(const char *address)
{
	struct enrol_token token = {.pin = {1, 2, 3}, .secret = {0xfe, 0xdc}};

	strcpy(token.address, address);
	return token;
}

static void a_token_is_read_as_it_was_written(void **state)
{
	static const char *const addresses[] = {
		"noc.example.go.id:7443", "[2001:db8::1]:7443", "a:1,b:2", "10.0.0.1:7443"};
	char text[ENROL_TOKEN_MAX], padded[ENROL_TOKEN_MAX + 8];
	struct enrol_token token, back;

	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		token = a_token(addresses[i]);
		enrol_token_write(&token, text);
		snprintf(padded, sizeof(padded), " \t%s\r\n", text);
		assert_int_equal(enrol_token_read(padded, &back, NULL), 0);
		assert_string_equal(back.address, addresses[i]);
		assert_memory_equal(back.pin, token.pin, sizeof(back.pin));
		assert_memory_equal(back.secret, token.secret, sizeof(back.secret));
	}
}

static void the_longest_address_has_room(void **state)
{
	char address[ENROL_ADDRESS_MAX + 1], text[ENROL_TOKEN_MAX];
	struct enrol_token token, back;

	memset(address, 'a', sizeof(address));
	strcpy(address + sizeof(address) - 6, ":7443");
	token = a_token(address);
	enrol_token_write(&token, text);
	assert_int_equal(enrol_token_read(text, &back, NULL), 0);
	assert_string_equal(back.address, address);
}

/* Each character of it changed, each beginning of it alone. */
static void any_damage_is_noticed(void **state)
{
	struct enrol_token token = a_token("10.0.0.1:7443"), back;
	char text[ENROL_TOKEN_MAX], damaged[ENROL_TOKEN_MAX];
	size_t length;

	enrol_token_write(&token, text);
	length = strlen(text);
	for (size_t i = 0; i < length; i++) {
		strcpy(damaged, text);
		damaged[i] = damaged[i] == '7' ? '8' : '7';
		assert_int_equal(enrol_token_read(damaged, &back, NULL), -EINVAL);
		damaged[i] = '\0';
		assert_int_equal(enrol_token_read(damaged, &back, NULL), -EINVAL);
	}
}

static void a_question_is_read_as_it_was_written(void **state)
{
	const struct enrol_token token = a_token("a:1");
	struct enrol_question question;
	struct buf out;

	buf_init(&out, ENROL_QUESTION_MAX);
	assert_int_equal(enrol_question_write(token.secret, "request", &out), 0);
	assert_int_equal(enrol_question_read(buf_peek(&out), buf_length(&out), &question), 0);
	assert_memory_equal(question.secret, token.secret, sizeof(question.secret));
	assert_int_equal(question.request_length, strlen("request"));
	for (size_t i = 0; i <= buf_length(&out) - strlen("request"); i++)
		assert_int_equal(enrol_question_read(buf_peek(&out), i, &question), -EINVAL);
	buf_done(&out);
}

static void an_answer_is_read_as_it_was_written(void **state)
{
	struct enrol_answer answer = {.agent = 4294967295,
		.stamp_port = 65535,
		.stamp_key = {1, 0xab, [15] = 0xff},
		.wan = "a_wan_of_16_lett",
		.certificate = CERTIFICATE,
		.certificate_length = strlen(CERTIFICATE),
		.ca = CA,
		.ca_length = strlen(CA)};
	struct enrol_answer back;
	struct buf out;

	buf_init(&out, ENROL_ANSWER_MAX);
	assert_int_equal(enrol_answer_write(&answer, &out), 0);
	assert_int_equal(buf_append(&out, "", 1), 0);
	assert_int_equal(
		enrol_answer_read((const char *)buf_peek(&out), buf_length(&out) - 1, &back), 0);
	assert_int_equal(back.code, ENROL_ACCEPTED);
	assert_int_equal(back.agent, answer.agent);
	assert_string_equal(back.wan, answer.wan);
	assert_int_equal(back.stamp_port, 65535);
	assert_memory_equal(back.stamp_key, answer.stamp_key, sizeof(back.stamp_key));
	assert_int_equal(back.certificate_length, answer.certificate_length);
	assert_memory_equal(back.certificate, CERTIFICATE, strlen(CERTIFICATE));
	assert_int_equal(back.ca_length, answer.ca_length);
	assert_memory_equal(back.ca, CA, strlen(CA));
	buf_done(&out);
}

static int read_text(const char *text, struct enrol_answer *answer)
{
	return enrol_answer_read(text, strlen(text), answer);
}

static void lines_of_later_versions_are_passed_over(void **state)
{
	struct enrol_answer answer;

	assert_int_equal(
		read_text("accepted 7 wan\n[stamp]\nkey = 1\n" CERTIFICATE CA, &answer), 0);
	assert_int_equal(answer.agent, 7);
	assert_int_equal(answer.certificate_length, strlen(CERTIFICATE));
	assert_int_equal(read_text("refused tomorrow come\n", &answer), 0);
	assert_int_equal(answer.code, ENROL_BUSY);
	assert_string_equal(answer.words, "come");
}

static void refusals_keep_code_and_words(void **state)
{
	struct enrol_answer answer = {.code = ENROL_UNKNOWN}, back;
	struct buf out;

	strcpy(answer.words, "words, \x1b[2J and more");
	for (int code = ENROL_UNKNOWN; code < ENROL_CODE_COUNT; code++) {
		answer.code = (enum enrol_code)code;
		buf_init(&out, ENROL_ANSWER_MAX);
		assert_int_equal(enrol_answer_write(&answer, &out), 0);
		assert_int_equal(buf_append(&out, "", 1), 0);
		assert_int_equal(read_text((const char *)buf_peek(&out), &back), 0);
		assert_int_equal(back.code, code);
		assert_string_equal(back.words, "words, ?[2J and more");
		buf_done(&out);
	}
}

static void half_a_reflector_is_none(void **state)
{
#define KEY "000102030405060708090a0b0c0d0e0f"
	static const struct {
		const char *line;
		unsigned port;
	} lines[] = {
		{"stamp 8620 " KEY, 8620},
		{"stamp 8620 " KEY "0", 0},
		{"stamp 8620 0001", 0},
		{"stamp 65536 " KEY, 0},
		{"stamp 0x1 " KEY, 0},
		{"stamp  " KEY, 0},
		{"stamp " KEY, 0},
		{"stamp 123456 " KEY, 0},
		{"stamp 8620-" KEY, 0},
		{"stump 8620 " KEY, 0},
	};
	struct enrol_answer answer;
	char text[1000];

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		snprintf(text, sizeof(text), "accepted 7 wan\n%s\n" CERTIFICATE CA, lines[i].line);
		assert_int_equal(read_text(text, &answer), 0);
		assert_int_equal(answer.stamp_port, lines[i].port);
		assert_int_equal(answer.certificate_length, strlen(CERTIFICATE));
	}
}

static void nonsense_is_no_answer(void **state)
{
	static const char *const texts[] = {"", "\n", "accepted", "accepted \n", "accepted 0 wan\n",
		"accepted 1\n" CERTIFICATE CA, "accepted 1 \n" CERTIFICATE CA,
		"accepted 1 a_wan_of_17_letter\n" CERTIFICATE CA, "accepted 1 wan\n" CERTIFICATE,
		"accepted 1 wan\n", "refused", "hello\n"};
	struct enrol_answer answer;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(read_text(texts[i], &answer), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_is_read_as_it_was_written),
		cmocka_unit_test(the_longest_address_has_room),
		cmocka_unit_test(any_damage_is_noticed),
		cmocka_unit_test(a_question_is_read_as_it_was_written),
		cmocka_unit_test(an_answer_is_read_as_it_was_written),
		cmocka_unit_test(lines_of_later_versions_are_passed_over),
		cmocka_unit_test(refusals_keep_code_and_words),
		cmocka_unit_test(half_a_reflector_is_none),
		cmocka_unit_test(nonsense_is_no_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
