/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/enrol.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/crc32c.h"
#include "common/crypto.h"
#include "common/digits.h"

#define STAMP "stamp "
#define STAMP_LINE_BYTES (sizeof(STAMP "65535 \n") + 2 * ENROL_STAMP_KEY_BYTES)
#define PREFIX "pantau1:"
#define PREFIX_BYTES (sizeof(PREFIX) - 1)
#define CHECK_DIGITS 8
#define TAIL_BYTES (1 + 2 * ENROL_PIN_BYTES + 1 + 2 * ENROL_SECRET_BYTES) /* behind the address */
#define BLANKS " \t\r\n"
#define CERTIFICATE "-----BEGIN CERTIFICATE-----"

/* ---- the token */

static uint32_t check_of(const char *text, size_t length)
{
	return crc32c(0, text, length);
}

void enrol_token_write(const struct enrol_token *token, char ret_text[ENROL_TOKEN_MAX])
{
	char pin[2 * ENROL_PIN_BYTES + 1], secret[2 * ENROL_SECRET_BYTES + 1];
	int length;

	hex_format(token->pin, sizeof(token->pin), pin);
	hex_format(token->secret, sizeof(token->secret), secret);
	length = snprintf(
		ret_text, ENROL_TOKEN_MAX, PREFIX "%s/%s/%s", token->address, pin, secret);
	snprintf(ret_text + length, ENROL_TOKEN_MAX - (size_t)length, "/%08" PRIx32,
		check_of(ret_text, (size_t)length));
}

/* A copy of so many digits, because each number ends with a 0. */
static int read_digits(const char *at, uint8_t *ret_bytes, size_t count)
{
	char digits[2 * ENROL_PIN_BYTES + 1];

	memcpy(digits, at, 2 * count);
	digits[2 * count] = '\0';
	return hex_parse(digits, ret_bytes, count);
}

/* What stands where is known from the end. */
static int read_parts(const char *text, size_t length, struct enrol_token *ret_token)
{
	const char *check = text + length - CHECK_DIGITS, *pin, *secret;
	uint8_t crc[CHECK_DIGITS / 2];
	size_t address = length - PREFIX_BYTES - TAIL_BYTES - 1 - CHECK_DIGITS;

	pin = text + PREFIX_BYTES + address;
	secret = pin + 1 + 2 * ENROL_PIN_BYTES;
	if (*pin != '/' || *secret != '/' || check[-1] != '/' || address > ENROL_ADDRESS_MAX ||
		read_digits(check, crc, sizeof(crc)) < 0 ||
		check_of(text, length - 1 - CHECK_DIGITS) !=
			((uint32_t)crc[0] << 24 | crc[1] << 16 | crc[2] << 8 | crc[3]) ||
		read_digits(pin + 1, ret_token->pin, ENROL_PIN_BYTES) < 0)
		return -EINVAL;
	memcpy(ret_token->address, text + PREFIX_BYTES, address);
	ret_token->address[address] = '\0';
	return read_digits(secret + 1, ret_token->secret, ENROL_SECRET_BYTES);
}

int enrol_token_read(const char *text, struct enrol_token *ret_token, struct err *err)
{
	struct enrol_token token;
	size_t length;

	text += strspn(text, BLANKS);
	length = strcspn(text, BLANKS);
	if (length <= PREFIX_BYTES + TAIL_BYTES + 1 + CHECK_DIGITS ||
		strncmp(text, PREFIX, PREFIX_BYTES) != 0 ||
		text[length + strspn(text + length, BLANKS)] ||
		read_parts(text, length, &token) < 0)
		return err_set(err, -EINVAL, "this is no token, or not all of it");
	*ret_token = token;
	return 0;
}

/* ---- words */

static const char *const names[] = {
	[ENROL_ACCEPTED] = "accepted",
	[ENROL_UNKNOWN] = "unknown",
	[ENROL_EXPIRED] = "expired",
	[ENROL_REVOKED] = "revoked",
	[ENROL_SPENT] = "spent",
	[ENROL_MALFORMED] = "malformed",
	[ENROL_PARKED] = "parked",
	[ENROL_EARLY] = "early",
	[ENROL_BUSY] = "busy",
};

const char *enrol_code_name(enum enrol_code code)
{
	return names[code];
}

static int append(struct buf *out, const char *text)
{
	return buf_append(out, text, strlen(text));
}

/* ---- the question */

int enrol_question_write(
	const uint8_t secret[ENROL_SECRET_BYTES], const char *request, struct buf *out)
{
	char digits[2 * ENROL_SECRET_BYTES + 1];
	int r = append(out, "enrol ");

	hex_format(secret, ENROL_SECRET_BYTES, digits);
	if (r == 0)
		r = append(out, digits);
	if (r == 0)
		r = append(out, "\n");
	return r < 0 ? r : append(out, request);
}

int enrol_question_read(const void *bytes, size_t length, struct enrol_question *ret_question)
{
	static const size_t head = 6 + 2 * ENROL_SECRET_BYTES + 1;
	const char *text = bytes;

	if (length <= head || length > ENROL_QUESTION_MAX || memcmp(text, "enrol ", 6) != 0 ||
		text[head - 1] != '\n' ||
		read_digits(text + 6, ret_question->secret, ENROL_SECRET_BYTES) < 0)
		return -EINVAL;
	ret_question->request = text + head;
	ret_question->request_length = length - head;
	return 0;
}

/* ---- the answer */

static int append_stamp(const struct enrol_answer *answer, struct buf *out)
{
	char line[STAMP_LINE_BYTES], digits[2 * ENROL_STAMP_KEY_BYTES + 1];

	if (!answer->stamp_port)
		return 0;
	hex_format(answer->stamp_key, ENROL_STAMP_KEY_BYTES, digits);
	snprintf(line, sizeof(line), STAMP "%u %s\n", answer->stamp_port, digits);
	return append(out, line);
}

int enrol_answer_write(const struct enrol_answer *answer, struct buf *out)
{
	char line[ERR_TEXT_BYTES + 64];
	int r;

	if (answer->code != ENROL_ACCEPTED) {
		snprintf(line, sizeof(line), "refused %s %s\n", names[answer->code], answer->words);
		return append(out, line);
	}
	snprintf(line, sizeof(line), "accepted %" PRIu32 " %s\n", answer->agent, answer->wan);
	r = append(out, line);
	if (r == 0)
		r = append_stamp(answer, out);
	if (r == 0)
		r = buf_append(out, answer->certificate, answer->certificate_length);
	return r < 0 ? r : buf_append(out, answer->ca, answer->ca_length);
}

static int read_refusal(const char *line, size_t length, struct enrol_answer *answer)
{
	const char *words = memchr(line, ' ', length);
	size_t name = words ? (size_t)(words - line) : length;
	int code = ENROL_UNKNOWN;

	while (code < ENROL_BUSY &&
		(strlen(names[code]) != name || memcmp(names[code], line, name) != 0))
		code++;
	answer->code = (enum enrol_code)code;
	snprintf(answer->words, sizeof(answer->words), "%.*s", (int)(words ? length - name - 1 : 0),
		words ? words + 1 : "");
	for (char *at = answer->words; *at; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
	return 0;
}

/* "7 wan", and nothing that another reader could take for something else: the name goes into a
 * configuration. */
static int read_who(const char *line, size_t length, struct enrol_answer *answer)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_.-";
	char text[sizeof("4294967295 ") + WAN_NAME_MAX], *wan;
	int64_t agent;

	if (length >= sizeof(text))
		return -EINVAL;
	memcpy(text, line, length);
	text[length] = '\0';
	wan = strchr(text, ' ');
	if (!wan || strlen(text) != length)
		return -EINVAL;
	*wan++ = '\0';
	if (digits_parse(text, UINT32_MAX, &agent) < 0 || agent == 0 || !*wan ||
		strlen(wan) > WAN_NAME_MAX || wan[strspn(wan, letters)])
		return -EINVAL;
	answer->agent = (uint32_t)agent;
	strcpy(answer->wan, wan);
	return 0;
}

/* What is not whole is not there: an agent measures without it. */
static void read_stamp(const char *line, size_t length, struct enrol_answer *answer)
{
	static const size_t mark = sizeof(STAMP) - 1, digits = 2 * ENROL_STAMP_KEY_BYTES;
	char port[sizeof("65535")] = "";
	int64_t number;

	if (length <= mark + digits + 1 || length >= STAMP_LINE_BYTES ||
		memcmp(line, STAMP, mark) != 0)
		return;
	length -= digits + 1;
	if (line[length] != ' ' || length - mark >= sizeof(port))
		return;
	memcpy(port, line + mark, length - mark);
	if (digits_parse(port, UINT16_MAX, &number) == 0 &&
		read_digits(line + length + 1, answer->stamp_key, ENROL_STAMP_KEY_BYTES) == 0)
		answer->stamp_port = (uint16_t)number;
}

static int read_accepted(const char *line, const char *end, struct enrol_answer *answer)
{
	static const size_t mark = sizeof(CERTIFICATE) - 1;
	const char *first, *second, *stamp, *next = memchr(line, '\n', (size_t)(end - line));

	if (!next || read_who(line, (size_t)(next - line), answer) < 0)
		return -EINVAL;
	first = memmem(next, (size_t)(end - next), CERTIFICATE, mark);
	second = first ? memmem(first + 1, (size_t)(end - first) - 1, CERTIFICATE, mark) : NULL;
	if (!second)
		return -EINVAL;
	stamp = memchr(next + 1, '\n', (size_t)(first - next) - 1);
	if (stamp)
		read_stamp(next + 1, (size_t)(stamp - next) - 1, answer);
	answer->certificate = first;
	answer->certificate_length = (size_t)(second - first);
	answer->ca = second;
	answer->ca_length = (size_t)(end - second);
	return 0;
}

int enrol_answer_read(const char *text, size_t length, struct enrol_answer *ret_answer)
{
	struct enrol_answer answer = {.code = ENROL_ACCEPTED};
	const char *end = memchr(text, '\n', length);
	int r = -EINVAL;

	if (!end)
		return r;
	if (strncmp(text, "accepted ", 9) == 0)
		r = read_accepted(text + 9, text + length, &answer);
	else if (strncmp(text, "refused ", 8) == 0)
		r = read_refusal(text + 8, (size_t)(end - text) - 8, &answer);
	if (r == 0)
		*ret_answer = answer;
	return r;
}
