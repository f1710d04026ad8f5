/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/export/points.h"

#include <errno.h>
#include <stdlib.h>

#include "collector/export/aside.h"
#include "collector/export/delivery.h"
#include "collector/export/tags.h"
#include "common/buf.h"

#define LINES_MAX_BYTES (256 * 1024 * 1024)
#define ENOUGH_BYTES (1024 * 1024) /* are handed on at once */

struct teller {
	const struct points_wish *wish;
	struct tags *tags;
	const struct line_head *link; /* the present one's */
	struct buf lines;
	uint64_t count; /* lines in there */
	int (*begin)(struct teller *teller, struct err *err); /* a link; may be NULL */
	int (*hand)(struct teller *teller, struct err *err); /* the lines on */
	struct points_told told;
	struct err *err;
	/* where they go */
	FILE *out;
	struct influx *influx;
	struct delivery *delivery;
};

static int hand_on(struct teller *teller, struct err *err)
{
	int r = teller->count ? teller->hand(teller, err) : 0;

	buf_clear(&teller->lines);
	teller->count = 0;
	return r;
}

static int tell_event(void *arg, const struct outbox_event *event)
{
	struct teller *teller = arg;
	size_t length = buf_length(&teller->lines);
	int r = line_append(&teller->lines, event, teller->link);

	teller->count += buf_length(&teller->lines) > length;
	if (r < 0)
		return err_errno(teller->err, r, "points");
	return buf_length(&teller->lines) < ENOUGH_BYTES ? 0 : hand_on(teller, teller->err);
}

static int tell_link(void *arg, const struct registry_link *link)
{
	struct teller *teller = arg;
	const struct points_wish *wish = teller->wish;
	const struct ledger_span span = {link->id, wish->from_s, wish->to_s};
	int r = 0;

	teller->link = tags_find(teller->tags, link->id);
	if (!teller->link)
		return 0; /* it was added a moment ago: nothing is known of it */
	if (teller->begin)
		r = teller->begin(teller, teller->err);
	if (r == 0)
		r = ledger_read_begin(wish->ledger, teller->err);
	if (r < 0)
		return r;
	r = ledger_say_again(wish->ledger, &span, tell_event, teller, teller->err);
	ledger_read_end(wish->ledger);
	teller->told.links++;
	return r;
}

static int tell_all(struct teller *teller, struct err *err)
{
	const struct points_wish *wish = teller->wish;
	int r = tags_open(wish->state, &teller->tags, err);

	teller->err = err;
	buf_init(&teller->lines, LINES_MAX_BYTES);
	if (r == 0)
		r = tags_refresh(teller->tags, err);
	if (r == 0)
		r = registry_links(wish->registry, &wish->filter, tell_link, teller, err);
	if (r == 0)
		r = hand_on(teller, err);
	buf_done(&teller->lines);
	tags_close(teller->tags);
	return r;
}

/* ---- into a file */

static int write_lines(struct teller *teller, struct err *err)
{
	size_t length = buf_length(&teller->lines);

	teller->told.points += teller->count;
	if (fwrite(buf_peek(&teller->lines), 1, length, teller->out) == length)
		return 0;
	return err_errno(err, -EIO, "points");
}

int points_write(
	const struct points_wish *wish, FILE *out, struct points_told *ret_told, struct err *err)
{
	struct teller teller = {.wish = wish, .hand = write_lines, .out = out};
	int r = tell_all(&teller, err);

	if (r == 0 && fflush(out))
		r = err_errno(err, -errno, "points");
	if (r == 0)
		*ret_told = teller.told;
	return r;
}

/* ---- to a store */

static int forget_link(struct teller *teller, struct err *err)
{
	const struct points_wish *wish = teller->wish;
	const struct influx_points all = {teller->link->link, wish->from_s, wish->to_s, INFLUX_ALL};

	return influx_removes(teller->influx) ? influx_delete(teller->influx, &all, 1, err) : 0;
}

static int send_lines(struct teller *teller, struct err *err)
{
	struct delivery_counts counts;
	int r;

	delivery_begin(teller->delivery, (const char *)buf_peek(&teller->lines),
		buf_length(&teller->lines));
	r = delivery_end(teller->delivery, err);
	counts = delivery_counts(teller->delivery);
	teller->told.points = counts.points;
	teller->told.refused = counts.refused;
	return r;
}

/* Whether it is VictoriaMetrics, which cannot forget, and would not say so. */
static void ask_what_it_is(struct influx *influx)
{
	const char *page;

	if (influx_counters(influx, &page, NULL) == 0)
		influx_is_victoria(influx);
}

int points_send(const struct points_wish *wish, const struct influx_settings *store, unsigned lines,
	struct points_told *ret_told, struct err *err)
{
	struct teller teller = {.wish = wish, .begin = forget_link, .hand = send_lines};
	struct aside *aside = aside_new(wish->state);
	int r = aside ? influx_open(store, NULL, NULL, &teller.influx, err)
		      : err_errno(err, -ENOMEM, "%s", wish->state);

	if (r == 0) {
		teller.delivery = delivery_new(teller.influx, aside, lines);
		r = teller.delivery ? 0 : err_errno(err, -ENOMEM, "%s", wish->state);
	}
	if (r == 0) {
		ask_what_it_is(teller.influx);
		r = tell_all(&teller, err);
	}
	delivery_free(teller.delivery);
	influx_close(teller.influx);
	aside_free(aside);
	if (r == 0)
		*ret_told = teller.told;
	return r;
}
