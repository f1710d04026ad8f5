/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what is said when a router enrols: its token, its question, the answer to it, and
 * what the collector and the signer say to each other. What is taken comes back as it was. */
#include <string.h>

#include "collector/signer/question.h"
#include "proto/renew.h"
#include "tests/fuzz/fuzz.h"

static void try_token(const char *text)
{
	struct enrol_token token, again;
	char written[ENROL_TOKEN_MAX];
	struct err err = {.text = ""};

	if (enrol_token_read(text, &token, &err) < 0) {
		FUZZ_CHECK(err.text[0]);
		return;
	}
	enrol_token_write(&token, written);
	FUZZ_CHECK(strlen(written) < sizeof(written) && strstr(text, written));
	FUZZ_CHECK(enrol_token_read(written, &again, &err) == 0);
	FUZZ_CHECK(strcmp(token.address, again.address) == 0);
	FUZZ_CHECK(!memcmp(token.pin, again.pin, sizeof(token.pin)));
	FUZZ_CHECK(!memcmp(token.secret, again.secret, sizeof(token.secret)));
}

static void try_question(const uint8_t *bytes, size_t size)
{
	struct enrol_question question;
	const uint8_t *end = bytes + size;

	if (enrol_question_read(bytes, size, &question) < 0)
		return;
	FUZZ_CHECK((const uint8_t *)question.request >= bytes);
	FUZZ_CHECK((const uint8_t *)question.request + question.request_length <= end);
}

static void try_renewal(const uint8_t *bytes, size_t size)
{
	struct renew_question question;

	if (renew_question_read(bytes, size, &question) == 0)
		FUZZ_CHECK((const uint8_t *)question.request >= bytes &&
			question.request_length <=
				size - (size_t)((const uint8_t *)question.request - bytes));
}

static void try_answer(const char *text, size_t size)
{
	struct enrol_answer answer, again;
	struct buf out;

	if (enrol_answer_read(text, size, &answer) < 0)
		return;
	FUZZ_CHECK(answer.code < ENROL_CODE_COUNT && strlen(answer.wan) <= WAN_NAME_MAX);
	FUZZ_CHECK(strlen(answer.words) < sizeof(answer.words));
	buf_init(&out, 2 * size + 1024);
	FUZZ_CHECK(enrol_answer_write(&answer, &out) == 0);
	FUZZ_CHECK(enrol_answer_read((const char *)buf_peek(&out), buf_length(&out), &again) == 0);
	FUZZ_CHECK(again.code == answer.code && again.agent == answer.agent);
	FUZZ_CHECK(again.certificate_length == answer.certificate_length);
	FUZZ_CHECK(!strcmp(again.wan, answer.wan) && !strcmp(again.words, answer.words));
	buf_done(&out);
}

static void try_signer(const uint8_t *bytes, size_t size)
{
	uint8_t said[SIGNER_ANSWER_BYTES] = {0}, back[SIGNER_ANSWER_BYTES];
	struct signer_question question = {.agent = 0};
	struct signer_answer answer;

	memcpy(said, bytes, size < sizeof(said) ? size : sizeof(said));
	if (signer_question_read(said, &question) == 0) {
		struct signer_question again = question;

		signer_question_write(&question, back);
		FUZZ_CHECK(signer_question_read(back, &again) == 0);
		FUZZ_CHECK(memcmp(&question, &again, sizeof(again)) == 0);
	}
	if (signer_answer_read(said, &answer) == 0) {
		FUZZ_CHECK(answer.code < ENROL_CODE_COUNT);
		FUZZ_CHECK(memchr(answer.pem, 0, sizeof(answer.pem)));
		FUZZ_CHECK(memchr(answer.wan, 0, sizeof(answer.wan)));
		FUZZ_CHECK(memchr(answer.words, 0, sizeof(answer.words)));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *text = malloc(size + 1);

	FUZZ_CHECK(text);
	memcpy(text, bytes, size);
	text[size] = '\0';
	try_token(text);
	try_question(bytes, size);
	try_renewal(bytes, size);
	try_answer(text, size);
	try_signer(bytes, size);
	free(text);
	return 0;
}
