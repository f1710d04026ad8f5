/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/reflector/reflect.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define WAYS 8 /* sessions that may stand at one place of the table */
#define SETS (REFLECT_SESSIONS_MAX / WAYS)
#define IDENTIFIERS 65536
#define QUESTION_ENDS 28 /* nothing follows but what must be zero */
#define US_PER_QUESTION (1000000 / REFLECT_RATE_S)

struct session { /* free while `used` is 0 */
	struct reflect_source source;
	uint16_t identifier;
	uint32_t next; /* number of the next answer */
	uint32_t last_sequence; /* of the question answered last, and when it says that it left */
	uint64_t last_sent;
	uint64_t used; /* grows with each answer of anybody */
};

struct reflector {
	uint8_t master[STAMP_MASTER_BYTES];
	uint64_t seed, uses;
	size_t sessions_used;
	uint64_t counts[REFLECT_VERDICTS];
	/* For each identifier the time that its questions have spent, as if each took its
	 * share of a second: further ahead of now than a burst, and it has asked too often. */
	uint64_t spent_us[IDENTIFIERS];
	struct session sessions[REFLECT_SESSIONS_MAX];
};

int reflector_new(const uint8_t master[STAMP_MASTER_BYTES], uint64_t seed,
	struct reflector **ret_reflector, struct err *err)
{
	struct reflector *reflector = calloc(1, sizeof(*reflector)); /* touched as it fills */

	if (!reflector)
		return err_set(err, -ENOMEM, "out of memory");
	memcpy(reflector->master, master, STAMP_MASTER_BYTES);
	reflector->seed = seed;
	*ret_reflector = reflector;
	return 0;
}

void reflector_free(struct reflector *reflector)
{
	if (reflector)
		explicit_bzero(reflector->master, sizeof(reflector->master));
	free(reflector);
}

/* ---- sessions */

static uint64_t mix(uint64_t hash, const void *bytes, size_t length)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
	return hash ^ hash >> 29;
}

static bool is_of(
	const struct session *session, const struct reflect_source *source, uint16_t identifier)
{
	return session->used && session->identifier == identifier &&
		session->source.port == source->port &&
		memcmp(session->source.address, source->address, sizeof(source->address)) == 0;
}

/* The sender's own, or one for it: a free one, or that of whoever has been silent longest. */
static struct session *find_session(
	struct reflector *reflector, const struct reflect_source *source, uint16_t identifier)
{
	uint64_t hash = mix(reflector->seed, source->address, sizeof(source->address));
	struct session *set, *oldest;

	hash = mix(mix(hash, &source->port, 2), &identifier, 2);
	set = oldest = &reflector->sessions[hash % SETS * WAYS];
	for (size_t i = 0; i < WAYS; i++) {
		if (is_of(&set[i], source, identifier))
			return &set[i];
		if (set[i].used < oldest->used)
			oldest = &set[i];
	}
	reflector->sessions_used += !oldest->used;
	*oldest = (struct session){.source = *source, .identifier = identifier};
	return oldest;
}

/* ---- answers */

static bool is_too_often(struct reflector *reflector, uint16_t identifier, uint64_t now_us)
{
	uint64_t *spent_us = &reflector->spent_us[identifier];

	if (*spent_us < now_us)
		*spent_us = now_us;
	if (*spent_us > now_us + (REFLECT_BURST - 1) * (uint64_t)US_PER_QUESTION)
		return true;
	*spent_us += US_PER_QUESTION;
	return false;
}

/* What a question leaves empty an answer fills in: were answers answered, two reflectors could
 * be set upon each other for ever. */
static bool is_answer(const struct reflect_question *question)
{
	for (size_t i = QUESTION_ENDS; i < STAMP_SIGNED_BYTES; i++)
		if (question->bytes[i])
			return true;
	return false;
}

static int read_question(const struct reflector *reflector, const struct reflect_question *question,
	struct stamp_question *ret_asked, uint8_t ret_key[STAMP_KEY_BYTES])
{
	uint16_t identifier;
	int r = stamp_identifier(question->bytes, question->length, &identifier);

	if (r == 0 && is_answer(question))
		r = -EBADMSG;
	if (r == 0)
		r = stamp_key(reflector->master, identifier, ret_key);
	if (r == 0)
		r = stamp_question_read(question->bytes, question->length, ret_key, ret_asked);
	return r;
}

static enum reflect_verdict write_answer(struct session *session, const struct stamp_answer *answer,
	const uint8_t key[STAMP_KEY_BYTES], uint8_t ret_packet[STAMP_PACKET_BYTES])
{
	if (session->used && session->last_sequence == answer->question.sequence &&
		session->last_sent == answer->question.sent)
		return REFLECT_DOUBLED;
	if (stamp_answer_write(answer, key, ret_packet) < 0)
		return REFLECT_FAILED;
	session->last_sequence = answer->question.sequence;
	session->last_sent = answer->question.sent;
	session->next++;
	return REFLECT_ANSWERED;
}

static enum reflect_verdict judge(struct reflector *reflector,
	const struct reflect_question *question, const struct reflect_clock *clock,
	uint8_t ret_packet[STAMP_PACKET_BYTES])
{
	struct stamp_answer answer = {.sent = clock->sent,
		.error = clock->error,
		.received = question->received,
		.ttl = question->ttl};
	uint8_t key[STAMP_KEY_BYTES];
	enum reflect_verdict verdict;
	struct session *session;

	switch (read_question(reflector, question, &answer.question, key)) {
	case 0: break;
	case -EBADMSG: return REFLECT_MALFORMED;
	case -EACCES: return REFLECT_FORGED;
	default: return REFLECT_FAILED;
	}
	answer.identifier = answer.question.identifier;
	if (is_too_often(reflector, answer.identifier, clock->mono_us))
		return REFLECT_LIMITED;
	session = find_session(reflector, &question->source, answer.identifier);
	answer.sequence = session->next;
	verdict = write_answer(session, &answer, key, ret_packet);
	session->used = ++reflector->uses;
	return verdict;
}

enum reflect_verdict reflector_answer(struct reflector *reflector,
	const struct reflect_question *question, const struct reflect_clock *clock,
	uint8_t ret_packet[STAMP_PACKET_BYTES])
{
	enum reflect_verdict verdict = judge(reflector, question, clock, ret_packet);

	reflector->counts[verdict]++;
	return verdict;
}

const uint64_t *reflector_counts(const struct reflector *reflector)
{
	return reflector->counts;
}

size_t reflector_sessions(const struct reflector *reflector)
{
	return reflector->sessions_used;
}
