/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/board.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/civil.h"
#include "common/log.h"

#define US_PER_S 1000000LL
/* sla.md: SILENT after two slots and 5 s without a word. */
#define SILENT_SLOTS 2
#define SILENT_GRACE_US (5 * US_PER_S)
#define RETURN_US (120 * US_PER_S) /* all come back within a minute, and report in the next */
#define DNS_STALE_S (6 * 3600) /* three times the longest that an agent waits to ask again */

struct place { /* one link */
	int64_t link;
	uint32_t contract_stamp;
	struct span touched; /* empty: it is not */
	struct judgement judged;
	struct ledger_live shown;
	struct ledger_live safe; /* what was shown at the last commit */
	bool written; /* in this batch */
};

static const struct span all_of_it = {INT64_MIN, SPAN_FOREVER};
static const struct span untouched = {SPAN_FOREVER, INT64_MIN};

struct board {
	const struct own_outage *outages; /* of the collector; the latest first */
	size_t outage_count;
	struct place *places; /* by link */
	size_t count;
};

struct board *board_new(void)
{
	return calloc(1, sizeof(struct board));
}

void board_free(struct board *board)
{
	if (!board)
		return;
	free(board->places);
	free(board);
}

static struct place *find(struct board *board, int64_t link)
{
	size_t low = 0, high = board->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (board->places[middle].link < link)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == board->count || board->places[low].link != link)
		return NULL;
	return &board->places[low];
}

int board_follow(struct board *board, const struct view *view, struct err *err)
{
	size_t count;
	const struct view_link *links = view_links(view, &count);
	struct place *places = calloc(count + 1, sizeof(*places));

	if (!places)
		return err_errno(err, -ENOMEM, "live states");
	for (size_t i = 0; i < count; i++) {
		const struct place *old = find(board, links[i].link.id);
		struct place *place = &places[i];
		if (old) {
			*place = *old;
		} else {
			place->link = links[i].link.id;
			place->touched = all_of_it;
			place->shown.link = place->link;
			place->shown.rtt_us = place->shown.loss_ppm = LIVE_NONE;
			place->safe = place->shown;
		}
		if (place->contract_stamp != links[i].contract_stamp)
			place->touched = all_of_it;
		place->contract_stamp = links[i].contract_stamp;
	}
	free(board->places);
	board->places = places;
	board->count = count;
	return 0;
}

struct loading {
	struct board *board;
	bool same_registry;
};

static int load_place(void *arg, const struct ledger_live *live)
{
	struct loading *loading = arg;
	struct place *place = find(loading->board, live->link);

	if (!place)
		return 0;
	place->shown = place->safe = *live;
	if (loading->same_registry)
		place->touched = (struct span){live->slot_to_s - 1, live->slot_to_s};
	return 0;
}

int board_load(struct board *board, struct ledger_db *db, bool same_registry, struct err *err)
{
	struct loading loading = {board, same_registry};

	return ledger_live_each(db, load_place, &loading, err);
}

void board_touch(struct board *board, int64_t link, const struct span *span)
{
	struct place *place = find(board, link);

	if (!place)
		return;
	if (span->from < place->touched.from)
		place->touched.from = span->from;
	if (span->to > place->touched.to)
		place->touched.to = span->to;
}

static bool is_touched(const struct place *place)
{
	return place->touched.from < place->touched.to;
}

/* ---- what is shown */

/* The exclusion that is in force at the moment. NULL: none. `power` excludes what was measured, and
 * says nothing of the present; what removes no D second hides no outage. */
static const struct exclusion *in_force(const struct view_link *link, bool down, int64_t now_s)
{
	struct terms terms;
	struct span span;

	judge_terms(link, now_s, &terms, &span);
	for (size_t i = 0; i < link->exclusion_count; i++) {
		const struct exclusion *exclusion = &link->exclusions[i];

		if (exclusion->revoked || exclusion->reason == EXCLUSION_POWER ||
			(down && !exclusion_reaches_down(exclusion)))
			continue;
		if (exclusion_from(exclusion, &terms) <= now_s && now_s < exclusion->to)
			return exclusion;
	}
	return NULL;
}

void board_excuse(struct board *board, const struct own_outage *outages, size_t count)
{
	board->outages = outages;
	board->outage_count = count;
}

static bool is_silent(const struct board *board, const struct judgement *judged, int64_t now_us)
{
	int64_t patience_us = judged->recent.length_ms * 1000LL * SILENT_SLOTS + SILENT_GRACE_US;
	int64_t until_us = judged->recent.received_us + patience_us;

	/* who was not silent when we ceased to hear has time to come back */
	for (size_t i = board->outage_count; i-- > 0;) {
		const struct own_outage *outage = &board->outages[i];
		int64_t back_us = outage->to_s * US_PER_S + RETURN_US + patience_us;

		if (outage->from_s * US_PER_S <= until_us &&
			outage->to_s * US_PER_S > judged->recent.received_us && back_us > until_us)
			until_us = back_us;
	}
	return now_us > until_us;
}

/* Resolvers are asked now and then: what was heard last holds for a while. */
static void show_dns(const struct place *place, struct ledger_live *live)
{
	const struct ledger_recent *recent = &place->judged.recent;
	bool newer = recent->dns_s >= place->shown.dns_s;

	live->dns_s = newer ? recent->dns_s : place->shown.dns_s;
	if (live->slot_to_s - live->dns_s < DNS_STALE_S)
		memcpy(live->dns, newer ? recent->dns : place->shown.dns, sizeof(live->dns));
}

static struct ledger_live show(const struct board *board, const struct place *place,
	const struct view_link *link, int64_t now_us)
{
	const struct judgement *judged = &place->judged;
	const struct exclusion *exclusion = in_force(
		link, judged->state == LIVE_DOWN, now_us / US_PER_S);
	struct ledger_live live = {
		.link = place->link,
		.state = judged->state,
		.since_s = judged->since_s,
		.heard_us = judged->recent.received_us,
		.slot_to_s = judged->recent.to_s,
		.rtt_us = judged->recent.slots ? judged->recent.rtt_us : LIVE_NONE,
		.loss_ppm = judged->recent.slots ? judged->recent.loss_ppm : LIVE_NONE,
	};

	memcpy(live.cause, judged->cause, sizeof(live.cause));
	show_dns(place, &live);
	if (exclusion) {
		live.state = LIVE_EXCLUDED;
		live.since_s = exclusion->from;
		snprintf(live.cause, sizeof(live.cause), "%s",
			exclusion_reason_name(exclusion->reason));
	} else if (judged->state != LIVE_NEVER && is_silent(board, judged, now_us)) {
		live.state = LIVE_SILENT;
		live.since_s = judged->recent.received_us / US_PER_S;
		live.cause[0] = '\0';
	}
	return live;
}

/* What the wall calls a change. */
static bool is_news(const struct ledger_live *a, const struct ledger_live *b)
{
	return a->state != b->state || a->since_s != b->since_s ||
		strcmp(a->cause, b->cause) != 0 || strcmp(a->dns, b->dns) != 0;
}

bool board_wants(const struct board *board, const struct view *view, int64_t now_us)
{
	for (size_t i = 0; i < board->count; i++) {
		const struct place *place = &board->places[i];
		const struct view_link *link = view_find(view, place->link);
		if (!link)
			continue;
		struct ledger_live live = show(board, place, link, now_us);
		if (is_touched(place) || is_news(&live, &place->shown))
			return true;
	}
	return false;
}

struct writing {
	const struct board *board;
	struct ledger_writer *writer;
	int64_t now_us;
};

/* A link of which nothing was ever said has no row and no event. */
static int write_place(const struct writing *writing, struct place *place,
	const struct view_link *link, struct err *err)
{
	struct ledger_writer *writer = writing->writer;
	bool touched = is_touched(place) && !place->written, news;
	struct ledger_live live;
	int r = 0;

	if (touched)
		r = judge_link(writer, link, &place->touched, &place->judged, err);
	if (r < 0)
		return r;
	live = show(writing->board, place, link, writing->now_us);
	news = is_news(&live, &place->shown);
	place->written = true;
	if (!news && !(touched && live.state != LIVE_NEVER))
		return 0;
	place->shown = live;
	return ledger_put_live(writer, &live, &place->judged.run, news, err);
}

int board_write(struct board *board, struct ledger_writer *writer, const struct view *view,
	int64_t now_us, struct err *err)
{
	const struct writing writing = {board, writer, now_us};
	int r = 0;

	for (size_t i = 0; r == 0 && i < board->count; i++) {
		struct place *place = &board->places[i];
		const struct view_link *link = view_find(view, place->link);
		if (link)
			r = write_place(&writing, place, link, err);
	}
	return r;
}

/* ---- the log */

static void announce(const struct place *place, const struct view_link *link)
{
	const struct ledger_live *live = &place->shown;
	char since[CIVIL_TIME_BYTES], state[16];
	size_t i;

	for (i = 0; i + 1 < sizeof(state) && live_state_name(live->state)[i]; i++)
		state[i] = (char)toupper((unsigned char)live_state_name(live->state)[i]);
	state[i] = '\0';
	civil_format_local(live->since_s, link->link.offset_s, since);
	log_info("link %" PRId64 " (%s, %s): %s since %s %s%s%s%s%s", place->link, link->name,
		link->link.provider, state, since, link->link.zone,
		live->cause[0] ? ", cause " : "", live->cause, live->dns[0] ? ", DNS " : "",
		live->dns);
}

void board_commit(struct board *board, const struct view *view)
{
	for (size_t i = 0; i < board->count; i++) {
		struct place *place = &board->places[i];
		const struct view_link *link = view_find(view, place->link);
		if (!place->written)
			continue;
		if (link && is_news(&place->shown, &place->safe))
			announce(place, link);
		place->safe = place->shown;
		place->touched = untouched;
		place->written = false;
	}
}

void board_rollback(struct board *board)
{
	for (size_t i = 0; i < board->count; i++) {
		board->places[i].shown = board->places[i].safe;
		board->places[i].written = false;
	}
}
