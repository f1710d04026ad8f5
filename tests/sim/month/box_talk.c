/* SPDX-License-Identifier: Apache-2.0 */
/* What the router asks and hears: probes, the time, the collector. */
#include <string.h>

#include "common/crc32c.h"
#include "proto/codec.h"
#include "tests/sim/fail.h"
#include "tests/sim/month/box.h"

#define S STORY_S
#define LOST_US (3 * S) /* the probe timeout */
#define NTP_AFTER_US (90 * S) /* a router without a battery asks for a while */
#define REDIAL_MIN_US (20 * S)
#define REDIAL_MAX_US (150 * S)
#define UNACKED_PERCENT 3 /* reports that arrive, and the router is not told */
#define RECORD_BYTES 64 /* of a usual slot */
#define CODED_EVERY 64 /* of slots like all others; all others are all coded */

/* ---- the router's own clock */

uint64_t box_mono(const struct box *box, uint64_t at_us)
{
	int64_t elapsed_us = (int64_t)(at_us - box->booted_us);

	return (uint64_t)(elapsed_us + elapsed_us * box->story->place.drift_ppm / 1000000);
}

uint64_t box_true(const struct box *box, uint64_t mono_us)
{
	uint64_t at_us;

	if (mono_us == SCHED_NEVER)
		return BOX_NEVER;
	at_us = box->booted_us +
		(uint64_t)((int64_t)mono_us * 1000000 / (1000000 + box->story->place.drift_ppm));
	while (box_mono(box, at_us) < mono_us)
		at_us++;
	return at_us;
}

/* ---- records */

/* box->record is the record, or at least of its kind. */
static void add(struct box *box, struct fact *fact, const struct letter *letter, uint64_t now_us)
{
	memcpy(fact->boot, box->boot, BOOT_BYTES);
	fact->key = (struct record_key){box->run, ++box->sequence};
	keep_add(box->keep, fact, letter);
	flush_added(&box->flush, now_us, RECORD_BYTES, news_take(&box->news, &box->record));
}

void box_add(struct box *box, struct fact *fact, uint64_t now_us)
{
	box->record.kind = fact->kind;
	add(box, fact, &(struct letter){.from_us = 0}, now_us);
}

static bool is_plain(const struct slot *slot, uint32_t length_ms)
{
	if (slot->event_count || slot->length_ms != length_ms)
		return false;
	for (size_t i = 0; i < slot->probe_count; i++)
		if (slot->probes[i].outcome != OUTCOME_ANSWERED)
			return false;
	return true;
}

/* There and back through the wire's bytes: what the ledger reads is what was decoded. */
static const struct record *code(struct box *box)
{
	struct err err;

	buf_clear(&box->bytes);
	if (codec_record_encode(&box->record, &box->bytes) < 0)
		sim_fail(box->story->seed, "a slot cannot be encoded");
	if (codec_record_decode(
		    buf_peek(&box->bytes), buf_length(&box->bytes), &box->decoded, &err))
		sim_fail(box->story->seed, "a slot cannot be decoded: %s", err.text);
	return &box->decoded;
}

static void keep_bytes(struct box *box)
{
	if (codec_record_encode(&box->record, &box->keep->bytes) < 0)
		sim_fail(box->story->seed, "a slot cannot be encoded");
}

void box_take_slots(struct box *box, uint64_t now_us)
{
	const struct slot *slot = &box->record.slot;
	struct fact fact = {.checksum = 0};
	struct letter letter = {.is_stored = false};
	uint32_t length_ms = box->story->place.slot_s * 1000;

	box->record.kind = RECORD_SLOT;
	while (watch_take(box->watch, &box->record.slot)) {
		bool is_coded = !is_plain(slot, length_ms) || box->sequence % CODED_EVERY == 0;

		if (box->keep->keeps_bytes)
			keep_bytes(box);
		fact_of_slot(is_coded ? &code(box)->slot : slot, &fact);
		letter.from_us = box_true(box, fact.from_us);
		letter.to_us = box_true(box, fact.to_us);
		box->slots++;
		box->rounds += slot->rounds_due;
		add(box, &fact, &letter, now_us);
	}
}

/* ---- questions */

void box_ask(struct box *box, const struct question *question, uint64_t now_us)
{
	struct pending pending = {.question = *question};
	struct answer *answer = &pending.answer;
	enum refusal refusal = net_refuses(box->net);

	*answer = (struct answer){.sent_us = box_mono(box, now_us), .outcome = OUTCOME_LOST};
	if (refusal != REFUSAL_NONE) {
		answer->outcome = OUTCOME_REFUSED;
		answer->refusal = refusal;
		watch_heard(box->watch, question, answer);
		return;
	}
	pending.due_us = now_us + LOST_US;
	if (net_answers(box->net, question, &answer->rtt_us)) {
		answer->outcome = OUTCOME_ANSWERED;
		pending.due_us = now_us + answer->rtt_us;
	}
	if (box->answer_count == BOX_ANSWERS_MAX)
		sim_fail(box->story->seed, "too many questions under way");
	box->answers[box->answer_count++] = pending;
}

/* An answer that was under way when its way broke never comes. */
static bool is_lost_now(struct box *box, struct pending *pending)
{
	if (pending->answer.outcome != OUTCOME_ANSWERED ||
		net_returns(box->net, &pending->question))
		return false;
	pending->due_us += LOST_US - pending->answer.rtt_us;
	pending->answer.outcome = OUTCOME_LOST;
	pending->answer.rtt_us = 0;
	return true;
}

static void tell(struct box *box, const struct pending *pending)
{
	const struct question *question = &pending->question;
	const struct answer *answer = &pending->answer;

	watch_heard(box->watch, question, answer);
	if (question->target.class == CLASS_GATEWAY && question->follow_up)
		net_gateway_heard(box->net, box_true(box, answer->sent_us),
			answer->outcome == OUTCOME_ANSWERED);
}

void box_hear(struct box *box, uint64_t now_us)
{
	size_t kept = 0;

	for (size_t i = 0; i < box->answer_count; i++) {
		struct pending *pending = &box->answers[i];

		if (pending->due_us > now_us || is_lost_now(box, pending))
			box->answers[kept++] = *pending;
		else
			tell(box, pending);
	}
	box->answer_count = kept;
}

/* ---- the time */

static void offer(struct box *box, const struct anchor *anchor, uint64_t now_us)
{
	struct fact fact = {.kind = RECORD_ANCHOR};

	if (!anchors_offer(&box->anchors, anchor))
		return;
	fact.from_us = anchor->mono_us;
	fact.utc_us = anchor->utc_us;
	fact.error_us = anchor->error_us;
	box_add(box, &fact, now_us);
}

void box_look_at_clock(struct box *box, uint64_t now_us)
{
	uint64_t mono_us = box_mono(box, now_us);
	struct clock_reading reading = {
		.before_us = mono_us,
		.after_us = mono_us + 10,
		.utc_us = BOX_UTC_AT_ZERO_US + (int64_t)now_us,
		.error_us = 20000,
	};
	struct anchor anchor;

	if (!box->story->place.has_ntp || !net_is_open(box->net) ||
		box->net->active[TROUBLE_STEP] || now_us < box->booted_us + NTP_AFTER_US)
		return;
	if (anchor_from_clock(&reading, box->boot, &anchor) == 0)
		offer(box, &anchor, now_us);
}

/* Four timestamps: the way there and the way back are not equally long. */
static void ask_collector(struct box *box, uint64_t now_us)
{
	uint64_t there_us = draw_between(&box->draw, 1000, box->story->place.rtt_us);
	uint64_t back_us = draw_between(&box->draw, 1000, box->story->place.rtt_us);
	int64_t utc_us = BOX_UTC_AT_ZERO_US + (int64_t)(now_us - back_us);
	struct time_answer answer = {
		.present = true,
		.echo_us = box_mono(box, now_us - there_us - back_us),
		.received_utc_us = utc_us,
		.sent_utc_us = utc_us,
		.error_us = 1000,
	};
	struct anchor anchor;

	if (now_us < box->story->place.trusted_from_us)
		return;
	if (anchor_from_answer(&answer, box_mono(box, now_us), box->boot, &anchor) == 0)
		offer(box, &anchor, now_us);
}

/* ---- the collector */

void box_talk_begin(struct box *box, uint64_t now_us)
{
	box->is_connected = false;
	box->dial_us = now_us + S;
}

uint64_t box_talk_due(const struct box *box)
{
	return box->is_connected ? box->report_us : box->dial_us;
}

static void hang_up(struct box *box, uint64_t now_us)
{
	box->is_connected = false;
	box->dial_us = now_us + draw_between(&box->draw, REDIAL_MIN_US, REDIAL_MAX_US);
}

static bool is_collector_there(const struct box *box)
{
	return net_is_open(box->net) && !box->net->active[TROUBLE_COLLECTOR];
}

void box_talk(struct box *box, uint64_t now_us)
{
	if (!is_collector_there(box) || (box->is_connected && box->moves != box->net->moves)) {
		hang_up(box, now_us);
		return;
	}
	if (!box->is_connected) {
		box->is_connected = true;
		box->moves = box->net->moves;
		anchors_want(&box->anchors);
	}
	ask_collector(box, now_us);
	box->report_us = now_us + box->story->place.report_us;
	box->keep->now_us = now_us;
	if (!keep_has_news(box->keep))
		return;
	if (draw_chance(&box->draw, UNACKED_PERCENT)) {
		keep_send(box->keep, false);
		hang_up(box, now_us);
	} else {
		keep_send(box->keep, true);
		flush_acked(&box->flush);
	}
}
