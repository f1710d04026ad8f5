/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/session_private.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ingest/address.h"
#include "common/clock.h"
#include "common/log.h"

#define ANSWERS_LIMIT (256 * 1024) /* WELCOME of 512 runs takes 8 KiB, ACKs of a read a few more */

uint64_t session_now_ms(const struct session *session)
{
	return uv_now(session->shared->stream.loop);
}

/* ---- words */

/* "agent-7", or the address while nothing better is known. */
static void subject_of(const struct session *session, char *ret_subject, size_t size)
{
	if (session->agent)
		snprintf(ret_subject, size, "agent-%u", session->agent);
	else
		address_host(session->address, ret_subject, size);
}

void session_complain(const struct session *session, const char *what, int code, const char *words)
{
	char subject[SESSION_ADDRESS_BYTES], topic[SESSION_ADDRESS_BYTES + 32], more[64] = "";
	uint64_t held_back;

	subject_of(session, subject, sizeof(subject));
	snprintf(topic, sizeof(topic), "%s %s %d", subject, what, code);
	if (!quiet_allows(&session->shared->quiet, topic, session_now_ms(session), &held_back))
		return;
	if (held_back > 0)
		snprintf(more, sizeof(more), " (and %llu times more since the last line)",
			(unsigned long long)held_back);
	if (session->agent)
		log_warn("%s (%s) %s: %s%s", subject, session->address, what, words, more);
	else
		log_warn("%s %s: %s%s", session->address, what, words, more);
}

/* ---- the end */

void session_resign(struct session *session)
{
	hub_resign(session->shared->hub, &session->member);
	leases_end_session(session->shared->leases, session->serial);
}

void session_end(struct session *session)
{
	session->deadline_ms = session_now_ms(session) + SESSION_LINGER_MS;
	session_resign(session);
	stream_end(&session->stream);
}

/* Sends what is in `answers`; a peer that does not read its answers is let go. */
void session_send(struct session *session)
{
	struct buf *answers = &session->shared->answers;
	int r = 0;

	if (buf_length(answers) > 0)
		r = stream_write(&session->stream, buf_peek(answers), buf_length(answers));
	buf_clear(answers);
	if (r == -ENOBUFS)
		session_complain(session, "closed", 0, "it does not read its answers");
	if (r < 0)
		session_end(session);
}

void session_refuse(struct session *session, enum refuse_code code, const char *words)
{
	if (session->stream.state != STREAM_OPEN)
		return;
	session->shared->counters->refused[code]++;
	session_complain(session, "refused", code, words);
	if (receiver_refuse(code, words, &session->shared->answers) == 0)
		session_send(session);
	session_end(session);
}

/* ---- life */

void session_shared_init(struct session_shared *shared)
{
	LIST_INIT(&shared->paused);
	quiet_init(&shared->quiet);
	attempts_init(&shared->attempts);
	buf_init(&shared->answers, ANSWERS_LIMIT);
	shared->stream.events = &session_events;
	shared->next_serial = 1;
}

void session_shared_done(struct session_shared *shared)
{
	enrol_free(shared->enrol);
	buf_done(&shared->answers);
}

int session_accept(struct session_shared *shared, uv_stream_t *server)
{
	struct session *session = calloc(1, sizeof(*session));
	struct sockaddr_storage peer;
	int length = sizeof(peer);

	if (!session)
		return -ENOMEM;
	session->shared = shared;
	session->serial = shared->next_serial++;
	hub_add(shared->hub, &session->member);
	session->deadline_ms = session_now_ms(session) +
		(uint64_t)shared->settings->handshake_s * 1000;
	snprintf(session->address, sizeof(session->address), "an unknown address");
	if (stream_accept(&session->stream, &shared->stream, server) < 0) {
		hub_remove(shared->hub, &session->member);
		free(session);
		return -ENOMEM;
	}
	shared->counters->connections++;
	if (uv_tcp_getpeername(&session->stream.tcp, (struct sockaddr *)&peer, &length) == 0)
		address_format(
			(struct sockaddr *)&peer, session->address, sizeof(session->address));
	return 0;
}

struct session *session_of(struct hub_member *member)
{
	return (struct session *)(void *)((char *)member - offsetof(struct session, member));
}

uint64_t session_serial(const struct session *session)
{
	return session->serial;
}

/* ---- what the batch brings back */

static void answer(struct session *session, int written)
{
	if (written == 0)
		session_send(session);
	else
		session_end(session);
}

void session_settle(struct session *session, const struct batch_entry *entry)
{
	session->waiting -= entry->length;
	if (entry->reject_code && session->stream.state == STREAM_OPEN)
		answer(session,
			receiver_rejected(session->receiver, entry->key, entry->reject_code,
				entry->why, &session->shared->answers));
}

void session_acknowledge(struct session *session, uint32_t run, uint32_t up_to)
{
	if (session->stream.state == STREAM_OPEN)
		answer(session,
			receiver_committed(
				session->receiver, run, up_to, &session->shared->answers));
}

void session_flush(struct session *session)
{
	stream_flush(&session->stream);
}

void session_resume_paused(struct session_shared *shared)
{
	struct session *session, *next;

	for (session = LIST_FIRST(&shared->paused); session; session = next) {
		next = LIST_NEXT(session, paused);
		if (session->stream.state == STREAM_OPEN && !session_may_be_read(session))
			continue;
		LIST_REMOVE(session, paused);
		session->is_paused = false;
		if (session->receiver && receiver_greeted(session->receiver))
			session->deadline_ms = session_now_ms(session) +
				(uint64_t)shared->settings->idle_s * 1000;
		stream_resume(&session->stream);
	}
}

/* ---- for all of them */

void session_check_deadline(void *arg, struct hub_member *member)
{
	struct session_shared *shared = arg;
	struct session *session = session_of(member);

	session_tell_if_due(session);
	session_look_if_due(session);
	if (session->on_before) /* its overlap ends by the clock alone */
		session_check_roster(arg, member);
	if (session_now_ms(session) < session->deadline_ms ||
		session->stream.state == STREAM_CLOSING)
		return;
	if (session->stream.state == STREAM_ENDING) {
		stream_close(&session->stream);
	} else if (!session->receiver || !receiver_greeted(session->receiver)) {
		shared->counters->handshakes_late++;
		session_complain(session, "closed", 0, "it did not finish its greeting in time");
		stream_close(&session->stream);
	} else if (!session->is_paused) {
		shared->counters->idle_closed++;
		log_debug("agent-%u left: nothing heard in %lld s", session->agent,
			shared->settings->idle_s);
		session_end(session);
	}
}

void session_check_roster(void *arg, struct hub_member *member)
{
	struct session_shared *shared = arg;
	struct session *session = session_of(member);
	uint8_t print[TLS_FINGERPRINT_BYTES];
	enum roster_answer answer;

	if (session->stream.state != STREAM_OPEN || member->agent == 0 ||
		tls_peer_fingerprint(session->stream.tls, print) < 0)
		return;
	answer = roster_ask(
		watch_roster(shared->watch), session->agent, print, clock_utc_us() / 1000000);
	session->on_before = answer == ROSTER_BEFORE;
	if (answer == ROSTER_REVOKED)
		session_refuse(session, REFUSE_REVOKED, "it was revoked");
	else if (!roster_lets_in(answer))
		session_refuse(session, REFUSE_UNKNOWN_AGENT,
			"the registry no longer has this agent with this certificate");
	else
		session_plan_telling(session);
}

void session_tell_progress(void *arg, struct hub_member *member)
{
	struct session_shared *shared = arg;
	struct session *session = session_of(member);

	if (session->stream.state != STREAM_OPEN || !session->receiver ||
		!receiver_greeted(session->receiver))
		return;
	answer(session, receiver_recheck(session->receiver, &shared->answers));
	session_flush(session);
}

void session_end_all(void *arg, struct hub_member *member)
{
	session_end(session_of(member));
}

void session_close_all(void *arg, struct hub_member *member)
{
	stream_close(&session_of(member)->stream);
}
