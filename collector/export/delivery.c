/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/export/delivery.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"

#define STACK_MAX 64 /* halves that wait: one for each halving, of 2^64 bytes at most */
#define NAMED_MAX 20 /* refused lines of a batch that are logged one by one */
#define ALL_REFUSED 64 /* of a request, and none taken: it is not the lines */
#define GROWS_AFTER 256 /* requests taken in a row: twice as many lines are tried again */

struct part {
	size_t from, to;
	uint64_t lines;
};

struct refused {
	struct part part;
	char *words;
};

struct delivery {
	struct influx *influx;
	struct aside *aside;
	uint64_t most, most_now; /* lines a request; less after a server said: too much */
	unsigned taken_in_row;
	struct delivery_counts counts;
	/* the present batch */
	const char *lines;
	size_t length, at; /* what lies before `at` was cut into parts */
	struct part stack[STACK_MAX];
	int depth;
	bool running; /* the part below is on its way */
	struct part part;
	struct delivery_counts now;
	uint64_t chunk_points, chunk_refused; /* of the part that was cut last */
	struct refused *refused;
	size_t refused_count, refused_room;
	int result;
	struct err err;
};

struct delivery *delivery_new(struct influx *influx, struct aside *aside, unsigned lines)
{
	struct delivery *delivery = calloc(1, sizeof(*delivery));

	if (!delivery)
		return NULL;
	delivery->influx = influx;
	delivery->aside = aside;
	delivery->most = delivery->most_now = lines;
	return delivery;
}

static void forget_refused(struct delivery *delivery)
{
	for (size_t i = 0; i < delivery->refused_count; i++)
		free(delivery->refused[i].words);
	delivery->refused_count = 0;
}

void delivery_free(struct delivery *delivery)
{
	if (!delivery)
		return;
	forget_refused(delivery);
	free(delivery->refused);
	free(delivery);
}

/* ---- parts */

/* From `from` on, at most so many lines. */
static struct part cut(const struct delivery *delivery, size_t from, size_t to, uint64_t most)
{
	struct part part = {from, from, 0};

	while (part.to < to && part.lines < most) {
		const char *feed = memchr(delivery->lines + part.to, '\n', to - part.to);
		part.to = feed ? (size_t)(feed - delivery->lines) + 1 : to;
		part.lines++;
	}
	return part;
}

/* The next one to send: of the halves, else of what was not looked at. False: there is none. */
static bool next_part(struct delivery *delivery)
{
	if (delivery->depth) {
		delivery->part = delivery->stack[--delivery->depth];
		return true;
	}
	if (delivery->at == delivery->length)
		return false;
	delivery->part = cut(delivery, delivery->at, delivery->length, delivery->most_now);
	delivery->at = delivery->part.to;
	delivery->chunk_points = delivery->chunk_refused = 0;
	return true;
}

static void halve(struct delivery *delivery)
{
	struct part all = delivery->part;
	struct part first = cut(delivery, all.from, all.to, all.lines / 2);

	delivery->stack[delivery->depth++] = (struct part){
		first.to, all.to, all.lines - first.lines};
	delivery->stack[delivery->depth++] = first;
}

/* ---- what the server says */

static void take(struct delivery *delivery)
{
	delivery->now.points += delivery->part.lines;
	delivery->chunk_points += delivery->part.lines;
	if (delivery->most_now < delivery->most && ++delivery->taken_in_row >= GROWS_AFTER) {
		delivery->taken_in_row = 0;
		delivery->most_now *= 2;
	}
	if (delivery->most_now > delivery->most)
		delivery->most_now = delivery->most;
}

static int refuse(struct delivery *delivery, struct err *err)
{
	if (delivery->refused_count == delivery->refused_room) {
		size_t room = delivery->refused_room ? delivery->refused_room * 2 : 16;
		struct refused *refused = realloc(delivery->refused, room * sizeof(*refused));
		if (!refused)
			return err_errno(err, -ENOMEM, "export");
		delivery->refused = refused;
		delivery->refused_room = room;
	}
	char *words = strdup(err->text);
	if (!words)
		return err_errno(err, -ENOMEM, "export");
	delivery->refused[delivery->refused_count++] = (struct refused){delivery->part, words};
	delivery->now.refused++;
	if (++delivery->chunk_refused < ALL_REFUSED || delivery->chunk_points || delivery->depth)
		return 0;
	err_prefix(err, "it refuses every line");
	return -EAGAIN;
}

/* 0: the next part may go. */
static int conclude(struct delivery *delivery, int result, struct err *err)
{
	if (result == 0) {
		take(delivery);
		return 0;
	}
	if (result != -EBADMSG && result != -EMSGSIZE)
		return result;
	delivery->now.partial += influx_partial(delivery->influx);
	delivery->taken_in_row = 0;
	if (delivery->part.lines == 1)
		return refuse(delivery, err);
	if (result == -EMSGSIZE && delivery->part.lines / 2 < delivery->most_now)
		delivery->most_now = delivery->part.lines / 2;
	halve(delivery);
	return 0;
}

/* Begins requests until one is on its way, or nothing is left, or it fails. */
static void go_on(struct delivery *delivery)
{
	const struct part *part = &delivery->part;

	delivery->running = delivery->result == 0 && next_part(delivery);
	if (!delivery->running)
		return;
	delivery->result = influx_begin(delivery->influx, delivery->lines + part->from,
		part->to - part->from, &delivery->err);
	delivery->running = delivery->result == 0;
}

static void finish_part(struct delivery *delivery)
{
	int r = influx_end(delivery->influx, &delivery->err);

	delivery->result = conclude(delivery, r, &delivery->err);
	go_on(delivery);
}

/* ---- public */

void delivery_begin(struct delivery *delivery, const char *lines, size_t length)
{
	forget_refused(delivery);
	delivery->lines = lines;
	delivery->length = length;
	delivery->at = 0;
	delivery->depth = 0;
	delivery->now = (struct delivery_counts){0};
	delivery->result = 0;
	go_on(delivery);
}

void delivery_turn(struct delivery *delivery)
{
	if (delivery->running && influx_turn(delivery->influx))
		finish_part(delivery);
}

bool delivery_runs(const struct delivery *delivery)
{
	return delivery->running;
}

/* Only when the whole batch is through: before that it may all be sent again. */
static void tell_refused(struct delivery *delivery)
{
	struct err err = {0};
	int kept = 0;

	for (size_t i = 0; i < delivery->refused_count; i++) {
		const struct refused *refused = &delivery->refused[i];
		const char *line = delivery->lines + refused->part.from;
		size_t length = refused->part.to - refused->part.from;
		if (i < NAMED_MAX)
			log_warn(
				"export: refused: %.*s: %s", (int)length - 1, line, refused->words);
		if (kept == 0)
			kept = aside_put(delivery->aside, line, length, refused->words, &err);
	}
	if (delivery->refused_count > NAMED_MAX)
		log_warn("export: %zu more lines refused, see %s in the state folder",
			delivery->refused_count - NAMED_MAX, ASIDE_NAME);
	if (kept < 0)
		log_warn("export: what was refused is not kept: %s", err.text);
}

int delivery_end(struct delivery *delivery, struct err *err)
{
	while (delivery->running)
		finish_part(delivery);
	if (delivery->result == 0) {
		tell_refused(delivery);
		delivery->counts.points += delivery->now.points;
		delivery->counts.refused += delivery->now.refused;
		delivery->counts.partial += delivery->now.partial;
	} else {
		*err = delivery->err;
	}
	forget_refused(delivery);
	return delivery->result;
}

struct delivery_counts delivery_counts(const struct delivery *delivery)
{
	return delivery->counts;
}
