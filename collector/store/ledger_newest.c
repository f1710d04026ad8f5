/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which of an agent's boots is the newest, at hand, so that a router which goes on as it should
 * costs nothing. One that goes on after a newer one has begun sends late records, or is another
 * device; and so does a newest one that lags behind an older one.
 */
#include "collector/store/ledger_twin.h"

#include <stdlib.h>
#include <string.h>

#define PLACES 65536 /* 1 MiB; agents that share a place are looked up again */

struct newest_boots {
	struct newest {
		uint32_t agent; /* 0: nobody's place */
		int64_t boot;
		bool behind; /* it may end before another one does: what comes of it matters */
	} items[PLACES];
};

struct newest_boots *newest_boots_new(void)
{
	return calloc(1, sizeof(struct newest_boots));
}

void newest_boots_free(struct newest_boots *newest)
{
	free(newest);
}

void newest_boots_clear(struct newest_boots *newest)
{
	memset(newest, 0, sizeof(*newest));
}

static struct newest *place_of(struct ledger_writer *writer, uint32_t agent)
{
	return &writer->newest->items[agent % PLACES];
}

void newest_boot_note(struct ledger_writer *writer, uint32_t agent, int64_t boot)
{
	struct newest *newest = place_of(writer, agent);

	if (newest->agent == agent && newest->boot < boot)
		*newest = (struct newest){agent, boot, true};
}

void newest_boot_judged(struct ledger_writer *writer, const struct moved_boot *boot, bool behind)
{
	struct newest *newest = place_of(writer, boot->agent);

	if (newest->agent == boot->agent && newest->boot == boot->boot)
		newest->behind = behind;
}

static int look_up(struct ledger_writer *writer, uint32_t agent, struct err *err)
{
	struct newest *newest = place_of(writer, agent);
	struct query q;
	int r;

	if (newest->agent == agent)
		return 0;
	newest->agent = 0;
	db_query(&q, writer->db, "SELECT max(id) FROM boot WHERE agent = ?");
	query_number(&q, agent);
	if (query_next(&q) > 0)
		newest->boot = query_get_number(&q, 0);
	r = query_end(&q, err);
	if (r == 0) {
		newest->agent = agent;
		newest->behind = true; /* nobody has looked yet */
	}
	return r;
}

int newest_boot_look(struct ledger_writer *writer, uint32_t agent, int64_t boot, struct err *err)
{
	const struct newest *newest = place_of(writer, agent);
	int r = look_up(writer, agent, err);

	if (r < 0 || (boot >= newest->boot && !newest->behind))
		return r;
	return twin_suspect(writer, agent, boot, err);
}
