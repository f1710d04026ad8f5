/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/uplink/renewal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/uplink/reach.h"
#include "agent/uplink/stream.h"
#include "common/backoff.h"
#include "common/log.h"
#include "proto/frame.h"
#include "proto/renew.h"

#define MS_PER_S UINT64_C(1000)
#define LOOK_MS (3600 * MS_PER_S) /* how often the date is looked at */
#define FIRST_MS 1500 /* after the start: its own report comes first */
#define CONNECT_MS 10000
#define TALK_MS 30000 /* the question and the answer */

const char *const renewal_state_names[] = {
	[RENEWAL_NONE] = "",
	[RENEWAL_DUE] = "due",
	[RENEWAL_PARKED] = "parked",
	[RENEWAL_REFUSED] = "refused",
	[RENEWAL_STATE_COUNT] = NULL,
};

struct renewal {
	struct renewal_settings settings;
	struct settings_collector collectors[SETTINGS_COLLECTORS];
	size_t collector; /* being tried */
	enum renewal_state state;
	unsigned tries; /* in a row that failed */
	struct reach *reach;
	struct stream *stream;
	struct frame_reader reader;
	struct buf out;
	enum enrol_code code; /* what was answered; ENROL_CODE_COUNT: nothing */
	uv_timer_t timer;
	unsigned handles; /* timer and stream that still refer to us */
	bool closing;
};

uint64_t renewal_pause_ms(enum enrol_code code, unsigned tries, uint32_t draw)
{
	uint64_t longest_ms = 3600 * MS_PER_S, pause_ms = 30 * MS_PER_S;

	if (code == ENROL_PARKED)
		pause_ms = longest_ms = 600 * MS_PER_S; /* somebody may be looking at it */
	else if (code != ENROL_BUSY && code != ENROL_CODE_COUNT)
		pause_ms = longest_ms = 6 * 3600 * MS_PER_S; /* it will not change by itself */
	while (tries-- > 1 && pause_ms < longest_ms)
		pause_ms *= 2;
	if (pause_ms > longest_ms)
		pause_ms = longest_ms;
	return pause_ms / 2 + (pause_ms / 2 * (uint64_t)draw >> 32);
}

/* ---- when */

static void on_timer(uv_timer_t *timer);

static void set_state(struct renewal *renewal, enum renewal_state state)
{
	if (renewal->state == state)
		return;
	renewal->state = state;
	renewal->settings.changed(renewal->settings.arg);
}

static bool is_due(const struct renewal *renewal)
{
	const struct identity *identity = renewal->settings.identity;

	return identity->expires_s &&
		renewal->settings.now_s(renewal->settings.arg) >=
		renew_due_s(identity->expires_s, identity->draw);
}

static void try_later(struct renewal *renewal, const char *why)
{
	uint64_t pause_ms = renewal_pause_ms(renewal->code, ++renewal->tries, backoff_draw());

	if (renewal->closing)
		return;
	renewal->collector = (renewal->collector + 1) % renewal->settings.collector_count;
	log_warn("the certificate is not renewed: %s; next try in %llu s", why,
		(unsigned long long)(pause_ms / MS_PER_S));
	uv_timer_start(&renewal->timer, on_timer, pause_ms, 0);
}

/* ---- the question */

static int write_question(struct renewal *renewal, struct buf *question, struct err *err)
{
	struct buf request;
	int r;

	buf_init(&request, ENROL_QUESTION_MAX);
	r = identity_request(renewal->settings.identity, &request, err);
	if (r == 0 && (r = renew_question_write((const char *)buf_peek(&request), question)) < 0)
		err_errno(err, r, "the question");
	buf_done(&request);
	return r;
}

static void on_ready(void *arg, const struct sockaddr *own)
{
	struct renewal *renewal = arg;
	uint8_t header[FRAME_HEADER];
	struct buf question;
	struct err err;
	int r;

	buf_init(&question, ENROL_QUESTION_MAX);
	r = write_question(renewal, &question, &err);
	if (r == 0) {
		frame_put_header(header, buf_length(&question));
		r = buf_append(&renewal->out, header, sizeof(header));
	}
	if (r == 0)
		r = buf_append(&renewal->out, buf_peek(&question), buf_length(&question));
	buf_done(&question);
	if (r < 0) {
		stream_end(renewal->stream, r, err.text);
		return;
	}
	uv_timer_start(&renewal->timer, on_timer, TALK_MS, 0);
	stream_send(renewal->stream, &renewal->out);
}

/* ---- the answer */

static void keep(struct renewal *renewal, const struct enrol_answer *answer)
{
	char *certificate = strndup(answer->certificate, answer->certificate_length);
	struct err err = {0};

	if (!certificate || identity_keep(renewal->settings.identity, certificate, &err) < 0) {
		renewal->code = ENROL_BUSY;
		stream_end(renewal->stream, 0, certificate ? err.text : "out of memory");
	} else {
		stream_end(renewal->stream, 0, "it is renewed");
	}
	free(certificate);
}

static void take_answer(struct renewal *renewal, const uint8_t *payload, size_t length)
{
	struct enrol_answer answer;
	char *text = strndup((const char *)payload, length);

	if (!text || enrol_answer_read(text, strlen(text), &answer) < 0) {
		stream_end(renewal->stream, -EPROTO, "the answer cannot be read");
	} else {
		renewal->code = answer.code;
		if (answer.code == ENROL_ACCEPTED)
			keep(renewal, &answer);
		else
			stream_end(renewal->stream, 0, answer.words);
	}
	free(text);
}

static void on_plain(void *arg, const uint8_t *bytes, size_t length)
{
	struct renewal *renewal = arg;
	struct frame_input input = {bytes, length};
	const uint8_t *payload;
	size_t size;
	int r = frame_next(&renewal->reader, &input, &payload, &size);

	if (r > 0)
		take_answer(renewal, payload, size);
	else if (r < 0)
		stream_end(renewal->stream, -EPROTO, "the answer is no frame");
}

static void on_writable(void *arg)
{
}

/* ---- after it */

static void release(struct renewal *renewal)
{
	if (--renewal->handles)
		return;
	frame_reader_done(&renewal->reader);
	buf_done(&renewal->out);
	free(renewal);
}

static void conclude(struct renewal *renewal, const char *why)
{
	enum enrol_code code = renewal->code;

	if (code == ENROL_ACCEPTED) {
		renewal->tries = 0;
		log_info("the certificate is renewed");
		set_state(renewal, RENEWAL_NONE);
		renewal->settings.renewed(renewal->settings.arg);
		uv_timer_start(&renewal->timer, on_timer, LOOK_MS, 0);
		return;
	}
	if (code == ENROL_PARKED)
		set_state(renewal, RENEWAL_PARKED);
	else if (code != ENROL_BUSY && code != ENROL_EARLY && code != ENROL_CODE_COUNT)
		set_state(renewal, RENEWAL_REFUSED);
	try_later(renewal, why);
}

static void on_ended(void *arg, const struct stream_end *end)
{
	struct renewal *renewal = arg;

	renewal->stream = NULL;
	if (!renewal->closing)
		conclude(renewal, end->reason);
	release(renewal);
}

/* ---- the way there */

static void on_found(void *arg, size_t count, const char *reason)
{
	struct renewal *renewal = arg;
	struct renewal_settings *settings = &renewal->settings;
	const struct stream_settings stream = {
		.loop = settings->loop,
		.tls = settings->tls,
		/* One address a try: there are months for the others. */
		.to = count ? reach_next(renewal->reach) : NULL,
		.connect_ms = CONNECT_MS,
		.renews = true,
	};
	const struct stream_events events = {
		.arg = renewal,
		.ready = on_ready,
		.plain = on_plain,
		.writable = on_writable,
		.ended = on_ended,
	};
	int r = -EHOSTUNREACH;

	frame_reader_done(&renewal->reader);
	frame_reader_init(&renewal->reader);
	buf_clear(&renewal->out);
	if (count)
		r = stream_new(&stream, &events, &renewal->stream);
	if (r == 0)
		renewal->handles++;
	else
		try_later(renewal, count ? strerror(-r) : reason);
}

static void on_timer(uv_timer_t *timer)
{
	struct renewal *renewal = timer->data;

	if (renewal->stream) {
		stream_end(renewal->stream, -ETIMEDOUT, "no answer for 30 s");
		return;
	}
	if (!is_due(renewal)) {
		set_state(renewal, RENEWAL_NONE);
		uv_timer_start(timer, on_timer, LOOK_MS, 0);
		return;
	}
	if (renewal->state == RENEWAL_NONE)
		set_state(renewal, RENEWAL_DUE);
	renewal->code = ENROL_CODE_COUNT;
	reach_find(renewal->reach, &renewal->collectors[renewal->collector]);
}

/* ---- life */

int renewal_new(const struct renewal_settings *settings, struct renewal **ret_renewal)
{
	struct renewal *renewal = calloc(1, sizeof(*renewal));
	const struct reach_settings reach = {
		.loop = settings->loop, .state_folder = settings->state_folder};
	int r = renewal ? 0 : -ENOMEM;

	if (r == 0)
		r = reach_new(&reach, on_found, renewal, &renewal->reach);
	if (r < 0) {
		free(renewal);
		return r;
	}
	renewal->settings = *settings;
	memcpy(renewal->collectors, settings->collectors,
		settings->collector_count * sizeof(renewal->collectors[0]));
	frame_reader_init(&renewal->reader);
	buf_init(&renewal->out, FRAME_HEADER + ENROL_QUESTION_MAX);
	uv_timer_init(settings->loop, &renewal->timer);
	renewal->timer.data = renewal;
	renewal->handles = 1;
	uv_timer_start(&renewal->timer, on_timer, FIRST_MS, 0);
	*ret_renewal = renewal;
	return 0;
}

enum renewal_state renewal_state(const struct renewal *renewal)
{
	return renewal->state;
}

static void on_timer_closed(uv_handle_t *handle)
{
	release(handle->data);
}

void renewal_close(struct renewal *renewal)
{
	if (!renewal)
		return;
	renewal->closing = true;
	if (renewal->stream)
		stream_end(renewal->stream, 0, "the agent stops");
	reach_close(renewal->reach);
	uv_close((uv_handle_t *)&renewal->timer, on_timer_closed);
}
