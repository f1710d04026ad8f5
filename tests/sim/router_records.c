/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "common/crc32c.h"
#include "proto/codec.h"
#include "tests/sim/fail.h"
#include "tests/sim/router_private.h"

/* ---- the router's own clock */

uint64_t router_mono(const struct router *router, uint64_t at_us)
{
	int64_t elapsed_us = (int64_t)(at_us - router->booted_us);

	return (uint64_t)(elapsed_us + elapsed_us * router->settings.drift_ppm / 1000000);
}

/* The first moment at which the router's clock shows this or more. */
uint64_t router_true(const struct router *router, uint64_t mono_us)
{
	uint64_t at_us;

	if (mono_us == SCHED_NEVER)
		return ROUTER_NEVER;
	at_us = router->booted_us +
		(uint64_t)((int64_t)mono_us * 1000000 / (1000000 + router->settings.drift_ppm));
	while (router_mono(router, at_us) < mono_us)
		at_us++;
	return at_us;
}

/* ---- records */

void router_add(struct router *router)
{
	int failed = spool_add(router->spool, &router->record);

	router->has_news = true;
	router->sequence++;
	if (failed && failed != -ENOSPC)
		sim_fail(router->draw->seed, "spool_add: %s", strerror(-failed));
}

static void add_slot(struct router *router)
{
	const struct slot *slot = &router->record.slot;
	struct made_slot made = {.power_cut = router->power_cuts};

	router_add(router);
	buf_clear(&router->scratch);
	if (codec_record_encode(&router->record, &router->scratch) < 0)
		sim_fail(router->draw->seed, "a slot cannot be encoded");
	made.key = (struct record_key){router->run, router->sequence};
	made.from_us = router_true(router, slot->start_us);
	made.to_us = router_true(router, slot->start_us + slot->length_ms * 1000ULL);
	made.checksum = crc32c(0, buf_peek(&router->scratch), buf_length(&router->scratch));
	router->events.made(router->events.arg, &made);
}

void router_take_slots(struct router *router)
{
	while (watch_take(router->watch, &router->record.slot)) {
		router->record.kind = RECORD_SLOT;
		add_slot(router);
	}
}

void router_offer_anchor(struct router *router, const struct anchor *anchor)
{
	if (!anchors_offer(&router->anchors, anchor))
		return;
	router->record.kind = RECORD_ANCHOR;
	router->record.anchor = *anchor;
	router_add(router);
}

void router_save(struct router *router, uint64_t now_us)
{
	int failed = spool_save(router->spool);

	if (!failed)
		failed = spool_sync(router->spool);
	if (failed)
		sim_fail(router->draw->seed, "spool_sync: %s", strerror(-failed));
	router->events.synced(router->events.arg);
	router->sync_us = now_us + router->settings.sync_every_us;
}
