/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/errands/sample_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/net/address.h"
#include "common/digits.h"
#include "proto/names.h"

#define KEY_BYTES 24
#define VALUE_BYTES SAMPLE_DETAIL_BYTES

struct line {
	char key[KEY_BYTES], value[VALUE_BYTES];
};

struct number_field {
	const char *key;
	size_t offset, size; /* 1, 2, 4 or 8 bytes */
	uint64_t max;
};

/* ---- lines */

/* Takes the next whole line; false at the end. One that is no line of ours has an empty key. */
static bool next_line(const char **text, size_t *length, struct line *ret_line)
{
	const char *end = memchr(*text, '\n', *length), *equals;
	size_t line_length, key_length;

	if (!end)
		return false;
	line_length = (size_t)(end - *text);
	*ret_line = (struct line){0};
	equals = memchr(*text, '=', line_length);
	key_length = equals ? (size_t)(equals - *text) : 0;
	if (equals && key_length < KEY_BYTES) {
		size_t value_length = line_length - key_length - 1;

		memcpy(ret_line->key, *text, key_length);
		memcpy(ret_line->value, equals + 1,
			value_length < VALUE_BYTES ? value_length : VALUE_BYTES - 1);
	}
	*text = end + 1;
	*length -= line_length + 1;
	return true;
}

static void put_number(void *to, size_t size, uint64_t number)
{
	switch (size) {
	case 1: *(uint8_t *)to = (uint8_t)number; break;
	case 2: *(uint16_t *)to = (uint16_t)number; break;
	case 4: *(uint32_t *)to = (uint32_t)number; break;
	default: *(uint64_t *)to = number;
	}
}

/* 1: it was one of the fields; 0: none of them; -EBADMSG. */
static int take_number(const struct number_field *fields, const struct line *line, void *record)
{
	int64_t number;

	for (; fields->key; fields++) {
		if (strcmp(fields->key, line->key) != 0)
			continue;
		if (digits_parse(line->value, (int64_t)fields->max, &number) < 0)
			return -EBADMSG;
		put_number((char *)record + fields->offset, fields->size, (uint64_t)number);
		return 1;
	}
	return 0;
}

/* The value of 1 to count - 1 that has this name. */
static int take_word(
	const char *word, const char *(*name)(uint8_t), uint8_t count, uint8_t *ret_value)
{
	for (uint8_t value = 1; value < count; value++)
		if (strcmp(name(value), word) == 0) {
			*ret_value = value;
			return 0;
		}
	return -EBADMSG;
}

/* 1: it was one of them; 0: it was not; -EBADMSG. */
static int take_common(
	const struct line *line, struct address *address, struct sample_detail *detail)
{
	if (strcmp(line->key, "detail") == 0) {
		memcpy(detail->text, line->value, sizeof(detail->text));
		for (char *at = detail->text; *at; at++)
			if (*at < ' ' || *at > '~')
				*at = '?';
		return 1;
	}
	if (strcmp(line->key, "address") != 0)
		return 0;
	return address_parse(line->value, address) < 0 ? -EBADMSG : 1;
}

/* ---- HTTP */

#define FIELD(type, member, max)                                                             \
	{                                                                                    \
#member, offsetof(type, member), sizeof(((const type *)NULL)->member), (max) \
	}

static const struct number_field http_fields[] = {
	FIELD(struct http, status, 599),
	FIELD(struct http, port, UINT16_MAX),
	FIELD(struct http, name_us, HTTP_TIME_MAX_US),
	FIELD(struct http, connect_us, HTTP_TIME_MAX_US),
	FIELD(struct http, tls_us, HTTP_TIME_MAX_US),
	FIELD(struct http, first_byte_us, HTTP_TIME_MAX_US),
	FIELD(struct http, total_us, HTTP_TIME_MAX_US),
	FIELD(struct http, bytes, INT64_MAX),
	{0},
};

static int take_http(const struct line *line, struct http *http, struct sample_detail *detail)
{
	int taken = take_number(http_fields, line, http);

	if (taken == 0)
		taken = take_common(line, &http->address, detail);
	if (taken == 0 && strcmp(line->key, "outcome") == 0)
		return take_word(
			line->value, http_outcome_name, HTTP_OUTCOME_COUNT, &http->outcome);
	return taken < 0 ? taken : 0;
}

/* What the collector would refuse is not sent. */
static bool is_sound_http(const struct http *http)
{
	bool needs_status = http->outcome == HTTP_DONE || http->outcome == HTTP_STATUS;

	return (http->status == 0 || http->status >= 100) && (!needs_status || http->status);
}

int sample_text_http(
	const char *text, size_t length, struct http *http, struct sample_detail *ret_detail)
{
	struct sample_detail detail = {0};
	struct http found = *http;
	struct line line;

	found.outcome = 0;
	while (next_line(&text, &length, &line))
		if (take_http(&line, &found, &detail) < 0)
			return -EBADMSG;
	if (!is_sound_http(&found))
		return -EBADMSG;
	*http = found;
	if (ret_detail)
		*ret_detail = detail;
	return found.outcome ? 0 : -ENODATA;
}

/* ---- speed */

#define RUN(way)                                                             \
	FIELD(struct speed, way.kbps, SPEED_KBPS_MAX),                       \
		FIELD(struct speed, way.bytes, SPEED_BYTES_MAX),             \
		FIELD(struct speed, way.duration_ms, SPEED_DURATION_MAX_MS), \
		FIELD(struct speed, way.rtt_us, SPEED_RTT_MAX_US),           \
		FIELD(struct speed, way.retransmissions, UINT32_MAX),        \
		FIELD(struct speed, way.nonce, SPEED_NONCE_MAX)

static const struct number_field speed_fields[] = {
	FIELD(struct speed, port, UINT16_MAX),
	RUN(down),
	RUN(up),
	FIELD(struct speed, other_rx_bytes, INT64_MAX),
	FIELD(struct speed, other_tx_bytes, INT64_MAX),
	{0},
};

static const struct number_field detail_fields[] = {
	{"down.converged", offsetof(struct sample_detail, down_converged), 1, 1},
	{"up.converged", offsetof(struct sample_detail, up_converged), 1, 1},
	{"down.keyed", offsetof(struct sample_detail, down_keyed), 1, 1},
	{0},
};

static int take_speed(const struct line *line, struct speed *speed, struct sample_detail *detail)
{
	int taken = take_number(speed_fields, line, speed);

	if (taken == 0)
		taken = take_number(detail_fields, line, detail);
	if (taken == 0)
		taken = take_common(line, &speed->address, detail);
	if (taken == 0 && strcmp(line->key, "outcome") == 0)
		return take_word(
			line->value, speed_outcome_name, SPEED_FAILED + 1, &speed->outcome);
	if (taken == 0 && strcmp(line->key, "reason") == 0)
		return take_word(
			line->value, speed_reason_name, SPEED_REASON_COUNT, &speed->reason);
	return taken < 0 ? taken : 0;
}

static bool is_sound_run(const struct speed_run *run)
{
	bool has_duration = run->duration_ms, has_bytes = run->bytes;

	return has_duration == has_bytes && (has_bytes || !run->kbps);
}

/* A direction that was cut in the middle of its lines did not happen. */
static void forget_half(struct speed_run *run)
{
	if (!is_sound_run(run) || !run->bytes)
		*run = (struct speed_run){0};
}

static bool is_sound_speed(const struct speed *speed)
{
	bool measured = speed->down.bytes || speed->up.bytes;

	if (speed->outcome == SPEED_SKIPPED)
		return false; /* the helper has nothing to skip */
	if (speed->outcome == SPEED_DONE)
		return measured && speed->reason == SPEED_REASON_NONE;
	return speed->outcome == 0 || speed->reason != SPEED_REASON_NONE;
}

int sample_text_speed(
	const char *text, size_t length, struct speed *speed, struct sample_detail *ret_detail)
{
	struct sample_detail detail = {0};
	struct speed found = *speed;
	struct line line;

	found.outcome = found.reason = 0;
	while (next_line(&text, &length, &line))
		if (take_speed(&line, &found, &detail) < 0)
			return -EBADMSG;
	forget_half(&found.down);
	forget_half(&found.up);
	if (!is_sound_speed(&found))
		return -EBADMSG;
	*speed = found;
	if (ret_detail)
		*ret_detail = detail;
	return found.outcome ? 0 : -ENODATA;
}
