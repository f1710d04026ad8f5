/* SPDX-License-Identifier: Apache-2.0 */
/* Who may speak, and about what: by the certificate, the roster and the protocol that was chosen.
 * Looked at for each connection: there is no resumption of an earlier one. */
#include <errno.h>
#include <string.h>

#include "collector/ingest/session_private.h"
#include "common/clock.h"
#include "common/log.h"

#define NAME_BYTES 64 /* of a subject; "agent-4294967295" takes 17 */

/* Who it says it is, by its certificate. 0, or an enum refuse_code with words. */
static int identify(struct session *session, struct err *err)
{
	char name[NAME_BYTES] = "";

	if (tls_peer_name(session->stream.tls, name, sizeof(name)) < 0 ||
		roster_agent_id(name, &session->agent) < 0)
		return err_set(err, REFUSE_UNKNOWN_AGENT,
			"the certificate is for \"%s\", not for agent-<number>", name);
	return 0;
}

static enum roster_answer ask_roster(const struct session *session)
{
	uint8_t print[TLS_FINGERPRINT_BYTES];

	if (tls_peer_fingerprint(session->stream.tls, print) < 0)
		return ROSTER_UNKNOWN;
	return roster_ask(watch_roster(session->shared->watch), session->agent, print,
		clock_utc_us() / 1000000);
}

static int admit(struct session *session, enum roster_answer answer, struct err *err)
{
	uint32_t agent = session->agent;

	switch (answer) {
	case ROSTER_UNKNOWN:
		return err_set(err, REFUSE_UNKNOWN_AGENT, "agent-%u is not in the registry", agent);
	case ROSTER_OTHER_KEY:
		return err_set(err, REFUSE_UNKNOWN_AGENT,
			"agent-%u has another certificate in the registry", agent);
	case ROSTER_REVOKED: return err_set(err, REFUSE_REVOKED, "agent-%u is revoked", agent);
	case ROSTER_WELCOME:
	case ROSTER_NEXT:
	case ROSTER_BEFORE: break;
	}
	return session_begin(session, err);
}

/* The old certificate's days are counted from here. If it cannot be told now, it is with the next
 * session. */
static void tell_used(struct session *session)
{
	struct enrol_device device;

	session_device(session, &device);
	if (enrol_tell_used(session->shared->enrol, &device) < 0)
		log_debug("agent-%u: the registry is told another time", session->agent);
}

static void decide(struct session *session, enum roster_answer answer)
{
	struct hub_member *before;
	struct err err;
	int code;

	session->look = 0;
	code = admit(session, answer, &err);
	if (code != 0) {
		session_refuse(session, (enum refuse_code)code, err.text);
		return;
	}
	session->on_before = answer == ROSTER_BEFORE;
	if (answer == ROSTER_NEXT)
		tell_used(session);
	before = hub_claim(session->shared->hub, &session->member, session->agent);
	if (before)
		session_refuse(session_of(before), REFUSE_REPLACED,
			"a newer session of the same agent took over");
}

/* One that is not known may have been issued a moment ago: the roster is looked at once more before
 * it is refused, and its bytes wait. */
void session_ready(struct stream *stream)
{
	struct session *session = (struct session *)stream;
	enum roster_answer answer;
	struct err err;
	int code;

	if (tls_enrols(stream->tls)) {
		session_enrol_begin(session);
		return;
	}
	code = identify(session, &err);
	if (code != 0) {
		session_refuse(session, (enum refuse_code)code, err.text);
		return;
	}
	if (tls_renews(stream->tls)) {
		session_enrol_begin(session);
		return;
	}
	answer = ask_roster(session);
	if (answer == ROSTER_UNKNOWN || answer == ROSTER_OTHER_KEY)
		session->look = watch_request(session->shared->watch);
	else
		decide(session, answer);
}

void session_decide_waiting(struct session_shared *shared)
{
	struct session *session, *next;

	for (session = LIST_FIRST(&shared->paused); session; session = next) {
		next = LIST_NEXT(session, paused);
		if (session->stream.state == STREAM_OPEN && session->look != 0 &&
			session->look <= watch_looks(shared->watch))
			decide(session, ask_roster(session));
	}
	session_resume_paused(shared);
}
