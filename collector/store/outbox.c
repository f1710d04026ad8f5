/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The outbox's rows: kind, link and time are columns; the rest is packed, little-endian, by kind:
 *
 *	SLOT	for each slot: signed varint of its second (less the row's), varints of rounds,
 *		lost, sent, received, rtt_min_us, rtt_avg_us, rtt_max_us, rx_bytes, tx_bytes, u8
 *		carrier
 *	STATE	u8 up, u64 second at which it ends: of the slots that begin within
 *	UNSAID	u64 second at which it ends, likewise
 *	GONE	nothing
 *	LIVE	u8 state, u64 since_s, heard_us, slot_to_s, u32 rtt_us, loss_ppm, 16 bytes cause,
 *		64 bytes dns
 *	NEWS	varint of each link
 *	SPEED	varints of down_kbps, up_kbps, loaded_rtt_us, bytes
 *	DAY	varints of its seconds in U, D, N, E, u8 whether it was told before
 *
 * A row of SLOT says a slot and its WAN, slot by slot; one of STATE or UNSAID says one event for
 * each slot that begins there when it is read.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_private.h"
#include "collector/store/outbox_parts.h"

#define PAYLOAD_MAX 160
/* What is gone by a row that waits behind need not be said at all: a backlog is placed by its first
 * anchor, said, and moved by the next one. */
const char outbox_schema[] =
	"CREATE INDEX outbox_gone ON outbox(link, at_s) WHERE kind = 4;"; /* OUTBOX_GONE */

#define VARINT_MAX 10
#define SLOT_BYTES_MAX (10 * VARINT_MAX + 1) /* ten varints and a byte */

/* ---- writing */

static int insert_row(
	struct db *db, const struct outbox_event *event, const struct pack *pack, struct err *err)
{
	struct query q;

	if (pack->failed)
		return err_errno(err, -EMSGSIZE, "outbox");
	db_query(&q, db, "INSERT INTO outbox(kind, link, at_s, payload) VALUES (?, ?, ?, ?)");
	query_number(&q, event->kind);
	query_number(&q, event->link);
	query_number(&q, event->at_s);
	query_bytes(&q, pack->bytes, pack->length);
	return query_run(&q, err);
}

int outbox_write(struct db *db, const struct outbox_event *event, struct err *err)
{
	uint8_t payload[PAYLOAD_MAX];
	struct pack pack;

	pack_init(&pack, payload, sizeof(payload));
	if (event->kind == OUTBOX_LIVE)
		pack_live(&pack, &event->live);
	if (event->kind == OUTBOX_SPEED)
		pack_speed(&pack, &event->speed);
	if (event->kind == OUTBOX_DAY)
		pack_day(&pack, &event->day);
	return insert_row(db, event, &pack, err);
}

int outbox_write_states(
	struct db *db, const struct ledger_span *span, enum said said, struct err *err)
{
	const struct outbox_event event = {.link = span->link,
		.at_s = span->from_s,
		.kind = said == SAID_NOTHING ? OUTBOX_UNSAID : OUTBOX_STATE};
	uint8_t payload[PAYLOAD_MAX];
	struct pack pack;

	pack_init(&pack, payload, sizeof(payload));
	if (said != SAID_NOTHING)
		pack_u8(&pack, said == SAID_UP);
	pack_u64(&pack, (uint64_t)span->to_s);
	return insert_row(db, &event, &pack, err);
}

int outbox_write_news(struct db *db, const int64_t *links, size_t count, struct err *err)
{
	const struct outbox_event event = {.kind = OUTBOX_NEWS};
	uint8_t *payload = malloc(count * VARINT_MAX + 1);
	struct pack pack;
	int r;

	if (!payload)
		return err_errno(err, -ENOMEM, "outbox");
	pack_init(&pack, payload, count * VARINT_MAX);
	for (size_t i = 0; i < count; i++)
		pack_varint(&pack, (uint64_t)links[i]);
	r = insert_row(db, &event, &pack, err);
	free(payload);
	return r;
}

struct outbox_strip {
	int64_t link, first_s;
	uint8_t *bytes;
	size_t room;
	struct pack pack;
};

struct outbox_strip *outbox_strip_new(int64_t link)
{
	struct outbox_strip *strip = calloc(1, sizeof(*strip));

	if (strip)
		strip->link = link;
	return strip;
}

void outbox_strip_free(struct outbox_strip *strip)
{
	if (!strip)
		return;
	free(strip->bytes);
	free(strip);
}

int outbox_strip_add(struct outbox_strip *strip, int64_t at_s, const struct slot *slot)
{
	if (strip->room - strip->pack.length < SLOT_BYTES_MAX) {
		size_t room = strip->room ? strip->room * 2 : 4 * SLOT_BYTES_MAX;
		uint8_t *bytes = realloc(strip->bytes, room);
		if (!bytes)
			return -ENOMEM;
		strip->bytes = strip->pack.bytes = bytes;
		strip->room = strip->pack.cap = room;
	}
	if (!strip->pack.length)
		strip->first_s = at_s;
	pack_slot(&strip->pack, at_s - strip->first_s, slot);
	return 0;
}

int outbox_strip_write(struct db *db, const struct outbox_strip *strip, struct err *err)
{
	const struct outbox_event event = {
		.link = strip->link, .at_s = strip->first_s, .kind = OUTBOX_SLOT};

	return strip->pack.length ? insert_row(db, &event, &strip->pack, err) : 0;
}

/* ---- reading: one row, and the events that it says */

struct teller {
	struct ledger_db *db;
	struct outbox_event event;
	int (*each)(void *arg, const struct outbox_event *event);
	void *arg;
	struct err *err;
	bool told; /* something of this row */
	bool gone_any; /* rows wait that say so of some slots */
	struct query gone; /* runs along the slots of a row */
	bool gone_runs;
	int64_t gone_s, asked_s; /* the next one that is gone, as seen from the last slot */
};

static int tell(struct teller *teller)
{
	teller->told = true;
	return teller->each(teller->arg, &teller->event);
}

static int look_for_gone(struct teller *teller)
{
	struct query q;

	db_query(&q, teller->db->db, "SELECT 1 FROM outbox WHERE kind = 4 LIMIT 1");
	teller->gone_any = query_next(&q) > 0;
	return query_end(&q, teller->err);
}

static int end_gone(struct teller *teller)
{
	if (!teller->gone_runs)
		return 0;
	teller->gone_runs = false;
	return query_end(&teller->gone, teller->err);
}

static void next_gone(struct teller *teller)
{
	teller->gone_s = query_next(&teller->gone) > 0 ? query_get_number(&teller->gone, 0)
						       : INT64_MAX;
}

static int begin_gone(struct teller *teller)
{
	const struct outbox_event *event = &teller->event;
	int r = end_gone(teller);

	db_query(&teller->gone, teller->db->db,
		"SELECT at_s FROM outbox WHERE kind = 4 AND link = ? AND at_s >= ? AND id > ?"
		" ORDER BY at_s");
	query_number(&teller->gone, event->link);
	query_number(&teller->gone, event->at_s);
	query_number(&teller->gone, event->id);
	teller->gone_runs = true;
	next_gone(teller);
	return r;
}

/* One question a row, as its slots follow each other; another one where they do not. */
static int is_gone(struct teller *teller, bool *ret_gone)
{
	int64_t at_s = teller->event.at_s;
	int r = 0;

	*ret_gone = false;
	if (!teller->gone_any)
		return 0;
	if (!teller->gone_runs || at_s < teller->asked_s)
		r = begin_gone(teller);
	while (teller->gone_s < at_s)
		next_gone(teller);
	teller->asked_s = at_s;
	*ret_gone = teller->gone_s == at_s;
	return r;
}

static int tell_none(struct teller *teller)
{
	teller->event.kind = OUTBOX_NONE;
	return tell(teller);
}

static int tell_slot(struct teller *teller, struct unpack *unpack, int64_t at_s)
{
	struct outbox_event *event = &teller->event;
	struct outbox_slot slot;
	struct outbox_wan wan;
	bool gone;
	int stop;

	event->at_s = at_s;
	unpack_slot(unpack, &slot, &wan);
	if (unpack->failed)
		return -EBADMSG;
	stop = is_gone(teller, &gone);
	if (stop || gone)
		return stop;
	event->kind = OUTBOX_SLOT;
	event->slot = slot;
	stop = tell(teller);
	if (stop)
		return stop;
	event->kind = OUTBOX_WAN;
	event->wan = wan;
	return tell(teller);
}

static int tell_slots(struct teller *teller, struct unpack *unpack)
{
	int64_t first_s = teller->event.at_s;
	int stop = 0, r;

	while (!stop && unpack->at < unpack->length)
		stop = tell_slot(teller, unpack, first_s + unpack_signed(unpack));
	r = end_gone(teller);
	if (stop || r < 0)
		return stop ? stop : r;
	return teller->told ? 0 : tell_none(teller);
}

static int tell_state(void *arg, const struct ledger_slot *slot)
{
	struct teller *teller = arg;
	int64_t from_s = teller->event.at_s;
	int stop;

	if (slot->from_s < from_s)
		return 0; /* it only reaches into the span */
	teller->event.at_s = slot->from_s;
	stop = tell(teller);
	teller->event.at_s = from_s;
	return stop;
}

static int tell_states(struct teller *teller, struct unpack *unpack)
{
	struct ledger_span span = {.link = teller->event.link, .from_s = teller->event.at_s};
	int stop;

	if (teller->event.kind == OUTBOX_STATE)
		teller->event.up = unpack_u8(unpack);
	span.to_s = (int64_t)unpack_u64(unpack);
	if (unpack->failed)
		return -EBADMSG;
	stop = ledger_slot_places(teller->db, &span, tell_state, teller, teller->err);
	if (stop || teller->told)
		return stop;
	return tell_none(teller); /* no slot begins there any more */
}

static int tell_news(struct teller *teller, struct unpack *unpack)
{
	int stop = 0;

	while (!stop && unpack->at < unpack->length) {
		teller->event.link = (int64_t)unpack_varint(unpack);
		stop = unpack->failed ? -EBADMSG : tell(teller);
	}
	return stop;
}

static int tell_live(struct teller *teller, struct unpack *unpack)
{
	unpack_live(unpack, &teller->event.live);
	teller->event.live.link = teller->event.link;
	return unpack->failed ? -EBADMSG : tell(teller);
}

static int tell_speed(struct teller *teller, struct unpack *unpack)
{
	unpack_speed(unpack, &teller->event.speed);
	return unpack->failed ? -EBADMSG : tell(teller);
}

static int tell_day(struct teller *teller, struct unpack *unpack)
{
	unpack_day(unpack, &teller->event.day);
	return unpack->failed ? -EBADMSG : tell(teller);
}

static int tell_row(struct teller *teller, struct unpack *unpack)
{
	switch (teller->event.kind) {
	case OUTBOX_SLOT: return tell_slots(teller, unpack);
	case OUTBOX_STATE:
	case OUTBOX_UNSAID: return tell_states(teller, unpack);
	case OUTBOX_LIVE: return tell_live(teller, unpack);
	case OUTBOX_NEWS: return tell_news(teller, unpack);
	case OUTBOX_GONE: return tell(teller);
	case OUTBOX_SPEED: return tell_speed(teller, unpack);
	case OUTBOX_DAY: return tell_day(teller, unpack);
	default: return -EBADMSG;
	}
}

int ledger_outbox(struct ledger_db *db, struct outbox_range range,
	int (*each)(void *arg, const struct outbox_event *event), void *arg, struct err *err)
{
	struct teller teller = {.db = db, .each = each, .arg = arg, .err = err};
	struct unpack unpack;
	struct query q;
	size_t length;
	int stop = 0, r = look_for_gone(&teller);

	if (r < 0)
		return r;
	db_query(&q, db->db,
		"SELECT id, kind, link, at_s, payload FROM outbox WHERE id > ? ORDER BY id LIMIT "
		"?");
	query_number(&q, range.after);
	query_number(&q, range.limit);
	while (!stop && query_next(&q) > 0) {
		teller.event = (struct outbox_event){
			.id = query_get_number(&q, 0),
			.kind = (enum outbox_kind)query_get_number(&q, 1),
			.link = query_get_number(&q, 2),
			.at_s = query_get_number(&q, 3),
		};
		const void *payload = query_get_bytes(&q, 4, &length);
		unpack_init(&unpack, payload, length);
		teller.told = false;
		stop = tell_row(&teller, &unpack);
		if (stop == -EBADMSG)
			err_set(err, stop, "outbox row %lld is damaged",
				(long long)teller.event.id);
	}
	r = query_end(&q, stop < 0 ? NULL : err);
	return stop ? stop : r;
}
