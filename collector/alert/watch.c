/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/alert/watch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_FALL SIZE_MAX

struct watch {
	struct fall *falls;
	size_t count, room;
	uint64_t last_number;
	size_t *lasting; /* place of the fall that lasts, or NO_FALL, by link id */
	size_t links;
};

struct watch *watch_new(void)
{
	return calloc(1, sizeof(struct watch));
}

void watch_free(struct watch *watch)
{
	if (!watch)
		return;
	free(watch->falls);
	free(watch->lasting);
	free(watch);
}

/* Ids come from a counter that never gives one twice, so a table by id stays small. */
static int know(struct watch *watch, int64_t link)
{
	size_t need = (size_t)link + 1, room = watch->links ? watch->links : 64;
	size_t *lasting;

	if (need <= watch->links)
		return 0;
	while (room < need)
		room *= 2;
	lasting = realloc(watch->lasting, room * sizeof(*lasting));
	if (!lasting)
		return -ENOMEM;
	for (size_t i = watch->links; i < room; i++)
		lasting[i] = NO_FALL;
	watch->lasting = lasting;
	watch->links = room;
	return 0;
}

static int begin(
	struct watch *watch, const struct ledger_live *live, const uint32_t scopes[FALL_SCOPES])
{
	struct fall *falls = watch->falls;

	if (watch->count == watch->room) {
		size_t room = watch->room ? 2 * watch->room : 64;

		falls = realloc(falls, room * sizeof(*falls));
		if (!falls)
			return -ENOMEM;
		watch->falls = falls;
		watch->room = room;
	}
	falls[watch->count] = (struct fall){.link = live->link,
		.number = ++watch->last_number,
		.from_s = live->since_s,
		.to_s = SPAN_FOREVER,
		.silent = true};
	memcpy(falls[watch->count].scopes, scopes, sizeof(falls->scopes));
	watch->lasting[live->link] = watch->count++;
	return 0;
}

/* What is known of a fall grows: that it began earlier, that it was the link that was down. */
static void go_on(struct fall *fall, const struct ledger_live *live)
{
	if (live->since_s < fall->from_s)
		fall->from_s = live->since_s;
	if (live->state == LIVE_DOWN) {
		fall->silent = false;
		snprintf(fall->cause, sizeof(fall->cause), "%s", live->cause);
	}
}

static void end(struct watch *watch, const struct ledger_live *live, int64_t now_s)
{
	struct fall *fall = &watch->falls[watch->lasting[live->link]];

	fall->to_s = live->since_s > fall->from_s && live->since_s <= now_s ? live->since_s : now_s;
	watch->lasting[live->link] = NO_FALL;
}

int watch_see(struct watch *watch, const struct ledger_live *live,
	const uint32_t scopes[FALL_SCOPES], int64_t now_s)
{
	bool fallen = live->state == LIVE_DOWN || live->state == LIVE_SILENT;
	struct fall *fall;
	int r = know(watch, live->link);

	if (r < 0)
		return r;
	if (watch->lasting[live->link] == NO_FALL) {
		if (!fallen)
			return 0;
		r = begin(watch, live, scopes);
		if (r < 0)
			return r;
	}
	fall = &watch->falls[watch->lasting[live->link]];
	if (fallen)
		go_on(fall, live);
	else if (live->state != LIVE_UNKNOWN || fall->silent)
		end(watch, live, now_s);
	return 0;
}

void watch_forget(struct watch *watch, int64_t now_s)
{
	size_t kept = 0;

	for (size_t i = 0; i < watch->count; i++) {
		const struct fall *fall = &watch->falls[i];

		if (fall->to_s != SPAN_FOREVER && fall->to_s < now_s - WATCH_MEMORY_S)
			continue;
		if (fall->to_s == SPAN_FOREVER)
			watch->lasting[fall->link] = kept;
		watch->falls[kept++] = *fall;
	}
	watch->count = kept;
}

const struct fall *watch_falls(const struct watch *watch, size_t *ret_count)
{
	*ret_count = watch->count;
	return watch->falls;
}
