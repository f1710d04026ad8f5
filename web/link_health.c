/* SPDX-License-Identifier: Apache-2.0 */
#include "web/link_health.h"

#include <errno.h>

#include "collector/explain/json_put.h"
#include "collector/store/ledger_health.h"
#include "collector/store/ledger_sample.h"
#include "common/civil.h"
#include "common/scratch.h"
#include "proto/codec.h"

#define DROPS_S (30 * 86400)
#define US_PER_S 1000000

/* ---- the device */

struct search {
	int64_t link, now_s;
	uint32_t agent; /* that is bound to it now; 0: none */
};

static int see_binding(void *arg, const struct registry_binding *binding)
{
	struct search *search = arg;

	if (binding->link == search->link && binding->from_s <= search->now_s &&
		binding->to_s > search->now_s)
		search->agent = binding->agent;
	return 0;
}

static void write_clock(struct json *json, const struct ledger_health *health)
{
	static const char *const sources[] = {
		[ANCHOR_NTP] = "ntp", [ANCHOR_COLLECTOR] = "collector", [ANCHOR_MANUAL] = "manual"};
	uint8_t source = health->clock.source;

	if (!health->has_clock) {
		json_null(json, "clock");
		return;
	}
	json_object(json, "clock");
	json_put_time(json, "at", health->clock.utc_us / US_PER_S);
	json_number(json, "error_us", (int64_t)health->clock.error_us);
	json_text(json, "source",
		source >= ANCHOR_NTP && source <= ANCHOR_MANUAL ? sources[source] : NULL);
	json_object_end(json);
}

/* What it holds back is what it measured since the last slot that came. */
static void write_spool(
	struct json *json, const struct ledger_health *health, const struct ledger_live *live)
{
	json_object(json, "spool");
	if (live) {
		json_put_time(json, "sent_to", live->slot_to_s);
		json_put_time(json, "heard", live->heard_us / US_PER_S);
	} else {
		json_null(json, "sent_to");
		json_null(json, "heard");
	}
	json_number(json, "drops_30d", health->drops);
	json_number(json, "dropped_records_30d", health->dropped_records);
	if (health->dropped_us)
		json_put_time(json, "dropped", health->dropped_us / US_PER_S);
	else
		json_null(json, "dropped");
	json_object_end(json);
}

static int write_health(
	const struct books *books, const struct search *search, struct json *json, struct err *err)
{
	struct ledger_health health = {.has_clock = false};
	struct ledger_live live;
	bool heard = false;
	int r = 0;

	if (books->ledger) {
		r = ledger_health(
			books->ledger, search->agent, search->now_s - DROPS_S, &health, err);
		heard = r == 0 && ledger_live_get(books->ledger, search->link, &live, NULL) == 0 &&
			live.slot_to_s;
	}
	if (r < 0)
		return r;
	json_object(json, "health");
	json_number(json, "agent", search->agent);
	write_clock(json, &health);
	write_spool(json, &health, heard ? &live : NULL);
	json_object_end(json);
	return 0;
}

/* ---- the data of its speed tests */

struct data {
	int64_t bytes, tests, skipped; /* skipped: because the month's budget was spent */
};

static int add_sample(void *arg, const struct ledger_sample *sample)
{
	struct data *data = arg;
	SCRATCH struct record record;

	if (codec_record_decode(sample->record, sample->record_length, &record, NULL) != 0)
		return 0; /* what is kept was sound */
	data->bytes += (int64_t)(record.speed.down.bytes + record.speed.up.bytes);
	data->tests += record.speed.outcome != SPEED_SKIPPED;
	data->skipped += record.speed.outcome == SPEED_SKIPPED &&
		record.speed.reason == SPEED_REASON_BUDGET;
	return 0;
}

static int write_data(const struct books *books, const struct registry_link *link, int64_t now_s,
	struct json *json, struct err *err)
{
	struct sample_query query = {{link->id, 0, now_s}, RECORD_SPEED};
	struct data data = {0};
	char month[8];
	int64_t end_s;
	int r;

	civil_month_name(now_s, link->offset_s, month);
	r = civil_month(month, link->offset_s, &query.span.from_s, &end_s, err);
	if (r == 0 && books->ledger)
		r = ledger_samples(books->ledger, &query, add_sample, &data, err);
	if (r < 0)
		return r;
	json_object(json, "data");
	json_text(json, "month", month);
	json_number(json, "speed_bytes", data.bytes);
	json_number(json, "speed_tests", data.tests);
	json_number(json, "speed_over_budget", data.skipped);
	json_object_end(json);
	return 0;
}

int link_health_write(const struct books *books, const struct registry_link *link, int64_t now_s,
	struct json *json, struct err *err)
{
	struct search search = {.link = link->id, .now_s = now_s};
	int r = registry_bindings(books->registry, 0, see_binding, &search, err);

	if (r == 0 && search.agent)
		r = write_health(books, &search, json, err);
	else if (r == 0)
		json_null(json, "health");
	return r == 0 ? write_data(books, link, now_s, json, err) : r;
}
