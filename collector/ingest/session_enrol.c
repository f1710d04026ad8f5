/* SPDX-License-Identifier: Apache-2.0 */
/* A session of a router that is no agent yet, or of an agent that renews its certificate: one
 * question, one answer, the end. It speaks for no agent and stays under the deadline of a
 * handshake. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ingest/address.h"
#include "collector/ingest/session_private.h"
#include "common/log.h"
#include "proto/frame.h"

/* Room for the longest question, as a buffer grows: of a stranger nobody keeps a whole frame. */
#define QUESTION_FRAME_MAX (2 * (FRAME_HEADER + ENROL_QUESTION_MAX))

struct enrolling {
	struct frame_reader reader;
	char host[SESSION_ADDRESS_BYTES];
	bool renews; /* it is an agent: known from the handshake on */
	bool asking; /* counted as one that asks */
	struct enrol_visit *visit; /* once the question is under way */
};

static void answer(struct session *session, const struct enrol_answer *answer)
{
	struct buf *answers = &session->shared->answers, text;
	uint8_t header[FRAME_HEADER];
	int r;

	if (session->stream.state != STREAM_OPEN)
		return;
	buf_init(&text, ENROL_ANSWER_MAX);
	r = enrol_answer_write(answer, &text);
	if (r == 0) {
		frame_put_header(header, buf_length(&text));
		r = buf_append(answers, header, sizeof(header));
	}
	if (r == 0)
		r = buf_append(answers, buf_peek(&text), buf_length(&text));
	if (r < 0)
		buf_clear(answers);
	buf_done(&text);
	session_send(session);
	session_end(session);
}

static void finish(struct session *session, enum enrol_code code)
{
	struct enrolling *enrolling = session->enrolling;
	bool wrong = !enrolling->renews && code != ENROL_ACCEPTED &&
		code != ENROL_BUSY; /* an agent guesses nothing: it has shown who it is */

	if (enrolling->asking)
		attempts_end(&session->shared->attempts, enrolling->host, session_now_ms(session),
			wrong);
	enrolling->asking = false;
}

static const char *what_not(const struct session *session)
{
	return session->enrolling->renews ? "not renewed" : "not enrolled";
}

static void refuse(struct session *session, enum enrol_code code, const char *words)
{
	struct enrol_answer refusal = {.code = code};

	snprintf(refusal.words, sizeof(refusal.words), "%s", words);
	session->shared->counters->enrolments[code]++;
	finish(session, code);
	session_complain(session, what_not(session), (int)code, words);
	answer(session, &refusal);
}

static void on_answered(void *arg, const struct enrol_answer *told)
{
	struct session *session = arg;

	session->enrolling->visit = NULL;
	session->shared->counters->enrolments[told->code]++;
	finish(session, told->code);
	if (told->code != ENROL_ACCEPTED)
		session_complain(session, what_not(session), (int)told->code, told->words);
	else
		log_info("%s %s agent-%u", session->address,
			session->enrolling->renews ? "has a new certificate for" : "enrolled as",
			told->agent);
	answer(session, told);
}

void session_device(const struct session *session, struct enrol_device *ret_device)
{
	struct sockaddr_storage peer;
	int length = sizeof(peer);

	memset(ret_device, 0, sizeof(*ret_device));
	ret_device->agent = session->agent;
	tls_peer_fingerprint(session->stream.tls, ret_device->print);
	if (uv_tcp_getpeername(&session->stream.tcp, (struct sockaddr *)&peer, &length) == 0)
		address_bytes((struct sockaddr *)&peer, ret_device->address);
}

void session_enrol_begin(struct session *session)
{
	session->enrolling = calloc(1, sizeof(*session->enrolling));
	if (!session->enrolling) {
		session_end(session);
		return;
	}
	frame_reader_init(&session->enrolling->reader);
	session->enrolling->renews = tls_renews(session->stream.tls);
	address_host(session->address, session->enrolling->host, SESSION_ADDRESS_BYTES);
}

static bool is_revoked(const struct session *session)
{
	uint8_t print[TLS_FINGERPRINT_BYTES];

	return tls_peer_fingerprint(session->stream.tls, print) == 0 &&
		roster_ask(watch_roster(session->shared->watch), session->agent, print, 0) ==
		ROSTER_REVOKED;
}

static int put(struct session *session, const uint8_t *payload, size_t length)
{
	const struct enrol_asker asker = {session, on_answered};
	struct enrol_words words = {payload, length, NULL};
	struct enrol_device device;

	if (session->enrolling->renews) {
		/* Who was revoked makes the signer no work, however often he comes. */
		if (is_revoked(session))
			return -EKEYREVOKED;
		session_device(session, &device);
		words.device = &device;
	}
	return enrol_ask(session->shared->enrol, &words, &asker, &session->enrolling->visit);
}

static void ask(struct session *session, const uint8_t *payload, size_t length)
{
	struct enrolling *enrolling = session->enrolling;
	const char *why = "too many ask at once";
	int r = -EINVAL; /* a second question */

	if (!enrolling->asking) {
		enrolling->asking = attempts_begin(
			&session->shared->attempts, enrolling->host, session_now_ms(session), &why);
		r = enrolling->asking ? put(session, payload, length) : -EBUSY;
	}
	if (r == -EINVAL)
		refuse(session, ENROL_MALFORMED, "this is no question of this protocol");
	else if (r == -EKEYREVOKED)
		refuse(session, ENROL_REVOKED, "the agent is revoked");
	else if (r < 0)
		refuse(session, ENROL_BUSY, why);
}

void session_enrol_feed(struct session *session, const uint8_t *bytes, size_t length)
{
	struct frame_input input = {bytes, length};
	const uint8_t *payload;
	size_t size;
	int r = frame_next(&session->enrolling->reader, &input, &payload, &size);

	if (r > 0)
		ask(session, payload, size);
	else if (r < 0 || session_enrol_held(session) > QUESTION_FRAME_MAX)
		refuse(session, ENROL_MALFORMED, "this is no frame");
}

size_t session_enrol_held(const struct session *session)
{
	return session->enrolling ? session->enrolling->reader.kept.cap : 0;
}

void session_enrol_done(struct session *session)
{
	if (!session->enrolling)
		return;
	enrol_leave(session->enrolling->visit);
	finish(session, ENROL_BUSY);
	frame_reader_done(&session->enrolling->reader);
	free(session->enrolling);
}
