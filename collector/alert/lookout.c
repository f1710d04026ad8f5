/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/alert/lookout.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ledger/cause.h"

#define NO_FALL SIZE_MAX

struct lookout {
	struct fall *falls;
	size_t count, room;
	uint64_t last_number;
	size_t *lasting; /* place of the fall that lasts, or NO_FALL, by link id */
	size_t links;
};

struct lookout *lookout_new(void)
{
	return calloc(1, sizeof(struct lookout));
}

void lookout_free(struct lookout *lookout)
{
	if (!lookout)
		return;
	free(lookout->falls);
	free(lookout->lasting);
	free(lookout);
}

/* Ids come from a counter that never gives one twice, so a table by id stays small. */
static int know(struct lookout *lookout, int64_t link)
{
	size_t need = (size_t)link + 1, room = lookout->links ? lookout->links : 64;
	size_t *lasting;

	if (need <= lookout->links)
		return 0;
	while (room < need)
		room *= 2;
	lasting = realloc(lookout->lasting, room * sizeof(*lasting));
	if (!lasting)
		return -ENOMEM;
	for (size_t i = lookout->links; i < room; i++)
		lasting[i] = NO_FALL;
	lookout->lasting = lasting;
	lookout->links = room;
	return 0;
}

static int begin(
	struct lookout *lookout, const struct ledger_live *live, const uint32_t scopes[FALL_SCOPES])
{
	struct fall *falls = lookout->falls;

	if (lookout->count == lookout->room) {
		size_t room = lookout->room ? 2 * lookout->room : 64;

		falls = realloc(falls, room * sizeof(*falls));
		if (!falls)
			return -ENOMEM;
		lookout->falls = falls;
		lookout->room = room;
	}
	falls[lookout->count] = (struct fall){.link = live->link,
		.number = ++lookout->last_number,
		.from_s = live->since_s,
		.to_s = SPAN_FOREVER,
		.silent = true};
	memcpy(falls[lookout->count].scopes, scopes, sizeof(falls->scopes));
	lookout->lasting[live->link] = lookout->count++;
	return 0;
}

/* Two devices use one identity: nobody knows how the link fares, and a person must act. */
static bool is_disputed(const struct ledger_live *live)
{
	return live->state == LIVE_UNKNOWN &&
		!strcmp(live->cause, unknown_cause_name(UNKNOWN_DISPUTED));
}

/* What is known of a fall grows: that it began earlier, that it was the link that was down. */
static void go_on(struct fall *fall, const struct ledger_live *live)
{
	if (live->since_s < fall->from_s)
		fall->from_s = live->since_s;
	if (live->state == LIVE_DOWN || is_disputed(live)) {
		fall->silent = false;
		snprintf(fall->cause, sizeof(fall->cause), "%s", live->cause);
	}
}

static void end(struct lookout *lookout, const struct ledger_live *live, int64_t now_s)
{
	struct fall *fall = &lookout->falls[lookout->lasting[live->link]];

	fall->to_s = live->since_s > fall->from_s && live->since_s <= now_s ? live->since_s : now_s;
	lookout->lasting[live->link] = NO_FALL;
}

int lookout_see(struct lookout *lookout, const struct ledger_live *live,
	const uint32_t scopes[FALL_SCOPES], int64_t now_s)
{
	bool fallen = live->state == LIVE_DOWN || live->state == LIVE_SILENT || is_disputed(live);
	struct fall *fall;
	int r = know(lookout, live->link);

	if (r < 0)
		return r;
	if (lookout->lasting[live->link] == NO_FALL) {
		if (!fallen)
			return 0;
		r = begin(lookout, live, scopes);
		if (r < 0)
			return r;
	}
	fall = &lookout->falls[lookout->lasting[live->link]];
	if (fallen)
		go_on(fall, live);
	else if (live->state != LIVE_UNKNOWN || fall->silent)
		end(lookout, live, now_s);
	return 0;
}

void lookout_forget(struct lookout *lookout, int64_t now_s)
{
	size_t kept = 0;

	for (size_t i = 0; i < lookout->count; i++) {
		const struct fall *fall = &lookout->falls[i];

		if (fall->to_s != SPAN_FOREVER && fall->to_s < now_s - LOOKOUT_MEMORY_S)
			continue;
		if (fall->to_s == SPAN_FOREVER)
			lookout->lasting[fall->link] = kept;
		lookout->falls[kept++] = *fall;
	}
	lookout->count = kept;
}

const struct fall *lookout_falls(const struct lookout *lookout, size_t *ret_count)
{
	*ret_count = lookout->count;
	return lookout->falls;
}
