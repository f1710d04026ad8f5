/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ingest/session_private.h"
#include "common/clock.h"
#include "common/log.h"

#define TELL_EACH_MS 20 /* between two agents that are told of a change: a TLS record each */
#define TELL_SPREAD_MS 30000 /* and all of them within this */
#define COMEBACK_LEAST_S 2 /* as an agent by itself waits after its first loss */
#define COMEBACKS_A_SECOND 600 /* handshakes that a busy core makes */

/* ---- what the receiver asks */

static uint32_t on_durable(void *arg, const struct held_run *held)
{
	struct session *session = arg;
	struct progress_run run = {session->agent, held->run, held->nonce};

	return progress_up_to(session->shared->progress, &run, held->first);
}

static void tell_rejection(const struct session *session, struct record_key key, const char *why)
{
	char words[256];

	snprintf(words, sizeof(words), "run %u, sequence %u: %s", key.run, key.sequence, why);
	session_complain(session, "sent a record that is rejected", 0, words);
}

static int on_entry(void *arg, const struct entry *entry, const struct held_run *held, int code,
	const char *why)
{
	struct session *session = arg;
	struct session_shared *shared = session->shared;
	struct batch_entry added = {
		.session = session->serial,
		.nonce = held->nonce,
		.arrived_us = uv_hrtime() / 1000,
		.agent = session->agent,
		.key = entry->key,
		.last = entry->last,
		.first = held->first,
		.reject_code = (uint8_t)code,
		.why = code ? (char *)(uintptr_t)why : NULL,
	};
	struct journal_record record = {
		.agent = session->agent,
		.nonce = held->nonce,
		.received_utc_us = shared->clock.utc_us,
		.key = entry->key,
		.reject_code = (uint8_t)code,
		.record = entry->record,
		.record_length = entry->record_length,
	};
	int r;

	memcpy(record.wan, session->wan, sizeof(record.wan));
	r = commit_add(shared->commit, &added, &record);
	if (r < 0)
		return r;
	if (code)
		tell_rejection(session, entry->key, why);
	session->waiting += added.length;
	session->entries++;
	return 0;
}

static void on_following(void *arg, const struct following *following)
{
	struct session *session = arg;

	follow_take(session->shared->follow, session->agent, following);
}

static void tell_twins(const struct session *session)
{
	session->shared->counters->clones++;
	log_warn(
		"agent-%u: two devices with this identity take each other's place; the present one "
		"comes from %s",
		session->agent, session->address);
}

static void on_hello(void *arg, const struct hello *hello)
{
	struct session *session = arg;
	struct following following = {
		.version = hello->configuration, .refused = hello->configuration_refused};
	int r;

	memcpy(following.trouble, hello->configuration_trouble, sizeof(following.trouble));
	on_following(session, &following);
	r = backlog_take(session->shared->backlog, session->agent, hello,
		session->shared->clock.utc_us / 1000000, session->shared->progress);
	if (r < 0)
		log_warn("agent-%u: no memory for what it holds", session->agent);
	else if (r > 0)
		tell_twins(session);
	snprintf(session->wan, sizeof(session->wan), "%s", hello->wan);
	log_info("agent-%u connected from %s, holds %zu run%s", session->agent, session->address,
		hello->run_count, hello->run_count == 1 ? "" : "s");
}

static void on_configuration(void *arg, struct configuration *ret_configuration)
{
	struct session *session = arg;

	roster_configuration(
		watch_roster(session->shared->watch), session->agent, ret_configuration);
	session->told = ret_configuration->version;
}

static void on_lease_request(void *arg, const char *wan, struct lease *ret_lease)
{
	struct session *session = arg;
	struct session_shared *shared = session->shared;
	const struct lease_ask ask = {session->serial, ret_lease->number,
		roster_provider(watch_roster(shared->watch), session->agent, wan)};

	ret_lease->granted = leases_ask(
		shared->leases, &ask, session_now_ms(session), &ret_lease->seconds);
}

static void on_lease_return(void *arg, uint32_t number)
{
	struct session *session = arg;

	leases_return(session->shared->leases, session->serial, number);
}

/* ---- what changes while it is connected */

void session_plan_telling(struct session *session)
{
	const struct session_shared *shared = session->shared;
	uint64_t spread_ms = hub_speaking(shared->hub) * TELL_EACH_MS;
	struct configuration asked;

	roster_configuration(watch_roster(shared->watch), session->agent, &asked);
	if (!session->receiver || asked.version == session->told || session->tell_ms)
		return;
	if (spread_ms > TELL_SPREAD_MS)
		spread_ms = TELL_SPREAD_MS;
	session->tell_ms = session_now_ms(session) + 1 +
		session->serial * UINT64_C(2654435761) % (spread_ms + 1);
}

void session_tell_if_due(struct session *session)
{
	struct configuration asked = {.version = 0};

	if (!session->tell_ms || session_now_ms(session) < session->tell_ms ||
		session->stream.state != STREAM_OPEN || !receiver_greeted(session->receiver))
		return;
	session->tell_ms = 0;
	on_configuration(session, &asked);
	if (!asked.version)
		return; /* nothing was ever asked, by a registry that is another one */
	if (receiver_configure(session->receiver, &asked, &session->shared->answers) == 0)
		session_send(session);
	session_flush(session);
}

/* ---- what the stream says */

/* Everybody loses the collector at the same moment: within how long they are to come back. */
static uint32_t comeback_s(const struct session *session)
{
	size_t agents = roster_count(watch_roster(session->shared->watch));
	size_t seconds = COMEBACK_LEAST_S + agents / COMEBACKS_A_SECOND;

	return (uint32_t)(seconds < COMEBACK_MAX_S ? seconds : COMEBACK_MAX_S);
}

int session_begin(struct session *session, struct err *err)
{
	struct receiver_owner owner = {
		.arg = session,
		.comeback_s = comeback_s(session),
		.durable = on_durable,
		.entry = on_entry,
		.hello = on_hello,
		.configuration = on_configuration,
		.lease_request = on_lease_request,
		.lease_return = on_lease_return,
		.following = on_following,
	};
	struct commit *commit = session->shared->commit;

	if (commit_full(commit) && commit_trouble(commit))
		return err_set(err, REFUSE_BUSY, "the collector cannot write now");
	if (receiver_new(&owner, &session->receiver) < 0)
		return err_set(err, REFUSE_BUSY, "the collector is out of memory");
	return 0;
}

/* At most a line a second for each agent, and only where it is wanted. */
static void tell_report(struct session *session, size_t length)
{
	uint32_t now_s = (uint32_t)(session_now_ms(session) / 1000);

	if (session->entries > 0 && session->said_s != now_s) {
		session->said_s = now_s;
		log_debug("agent-%u: %u records in %zu bytes", session->agent, session->entries,
			length);
	}
	session->entries = 0;
}

static void on_bytes(struct stream *stream, const uint8_t *bytes, size_t length)
{
	struct session *session = (struct session *)stream;
	struct session_shared *shared = session->shared;
	struct receiver_input input = {bytes, length, &shared->clock};
	enum refuse_code code;
	struct err err;
	int r;

	shared->counters->bytes_in += length;
	if (session->enrolling) {
		session_enrol_feed(session, bytes, length);
		return;
	}
	shared->clock.utc_us = clock_utc_us();
	r = receiver_feed(session->receiver, &input, &shared->answers, &err);
	tell_report(session, length);
	if (receiver_greeted(session->receiver))
		session->deadline_ms = session_now_ms(session) +
			(uint64_t)shared->settings->idle_s * 1000;
	session_send(session);
	if (r < 0) {
		code = r == -EPROTO ? REFUSE_PROTOCOL : REFUSE_BUSY;
		shared->counters->refused[code]++;
		session_complain(session, "refused", code, err.text);
		session_end(session);
	}
}

bool session_may_be_read(const struct session *session)
{
	const struct session_shared *shared = session->shared;

	if (shared->stopping || session->look != 0)
		return false;
	return !session->receiver || !receiver_greeted(session->receiver) ||
		(session->waiting < SESSION_WAITING_MAX && !commit_full(shared->commit));
}

static bool on_wanted(struct stream *stream)
{
	struct session *session = (struct session *)stream;

	if (session_may_be_read(session))
		return true;
	if (!session->is_paused)
		LIST_INSERT_HEAD(&session->shared->paused, session, paused);
	session->is_paused = true;
	return false;
}

static void on_failed(struct stream *stream, bool orderly, const struct err *err)
{
	struct session *session = (struct session *)stream;

	session->deadline_ms = session_now_ms(session) + SESSION_LINGER_MS;
	session_resign(session);
	if (stream->state == STREAM_SHAKING) {
		session->shared->counters->handshakes_failed++;
		session_complain(session, "refused", 0, err->text);
	} else if (err->code == -EPROTO && !orderly) { /* no outage does this */
		session_complain(session, "cut off", 0, err->text);
	} else if (session->agent) {
		log_debug("agent-%u left: %s", session->agent, err->text);
	}
}

static size_t on_held(const struct stream *stream)
{
	const struct session *session = (const struct session *)stream;

	return (session->receiver ? receiver_held(session->receiver) : 0) +
		session_enrol_held(session);
}

static void on_closed(struct stream *stream)
{
	struct session *session = (struct session *)stream;

	if (session->is_paused)
		LIST_REMOVE(session, paused);
	hub_remove(session->shared->hub, &session->member);
	receiver_free(session->receiver);
	session_enrol_done(session);
	free(session);
}

const struct stream_events session_events = {
	.ready = session_ready,
	.bytes = on_bytes,
	.wanted = on_wanted,
	.failed = on_failed,
	.held = on_held,
	.closed = on_closed,
};
