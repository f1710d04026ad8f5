/* SPDX-License-Identifier: Apache-2.0 */
#include "web/link_health.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/explain/flags_open.h"
#include "collector/explain/json_put.h"
#include "collector/followers.h"
#include "collector/store/ledger_health.h"
#include "collector/store/ledger_sample.h"
#include "collector/store/registry_configuration.h"
#include "common/ask.h"
#include "common/civil.h"
#include "common/scratch.h"
#include "proto/codec.h"
#include "web/status.h"

#define DROPS_S (30 * 86400)
#define BUDGET_S (30 * 86400) /* over which an agent counts the data of its tests */
#define BUDGET_KEY "\nmonth_bytes = " /* of [speed], and of no other section */
#define US_PER_S 1000000
#define ENQUIRY_MAX (16 * 1024) /* four members, and room to read into */

/* ---- the device */

struct search {
	const char *state;
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
	if (health->drift_over_s) {
		json_object(json, "drift");
		json_number(json, "ppb", health->drift_ppb);
		json_number(json, "error_ppb", health->drift_error_ppb);
		json_number(json, "over_s", health->drift_over_s);
		json_object_end(json);
	} else {
		json_null(json, "drift");
	}
	json_object_end(json);
}

/* What it held when it greeted last, and has not come since: the ingesting process knows. */
static void write_waiting(struct json *json, const struct search *search)
{
	struct status *status = NULL;
	char question[16];
	struct buf answer;
	double waiting = 0, connected = 0;
	bool known = false;

	snprintf(question, sizeof(question), "%" PRIu32, search->agent);
	buf_init(&answer, ENQUIRY_MAX);
	if (ask_question(search->state, "journal/agents.sock", question, &answer, NULL) == 0 &&
		status_parse(buf_peek(&answer), buf_length(&answer), &status, NULL) == 0) {
		known = status_number(status, "waiting", &waiting) &&
			status_text(status, "greeted");
		status_number(status, "connected", &connected);
	}
	if (known) {
		json_object(json, "waiting");
		json_number(json, "records", (int64_t)waiting);
		json_text(json, "greeted", status_text(status, "greeted"));
		json_bool(json, "connected", connected != 0);
		json_object_end(json);
	} else {
		json_null(json, "waiting");
	}
	status_free(status);
	buf_done(&answer);
}

static void write_spool(struct json *json, const struct search *search,
	const struct ledger_health *health, const struct ledger_live *live)
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
	write_waiting(json, search);
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
	write_spool(json, search, &health, heard ? &live : NULL);
	json_object_end(json);
	return 0;
}

/* ---- the data of its speed tests */

struct data {
	int64_t month_s, budget_s; /* since when each is counted */
	int64_t bytes, tests, skipped; /* skipped: because the budget was spent */
	int64_t bytes_30d;
};

static int add_sample(void *arg, const struct ledger_sample *sample)
{
	struct data *data = arg;
	SCRATCH struct record record;
	int64_t bytes;

	if (sample->disputed ||
		codec_record_decode(sample->record, sample->record_length, &record, NULL) != 0)
		return 0; /* nobody knows whose it is; what is kept was sound */
	bytes = (int64_t)(record.speed.down.bytes + record.speed.up.bytes);
	if (sample->at_us / US_PER_S >= data->budget_s)
		data->bytes_30d += bytes;
	if (sample->at_us / US_PER_S < data->month_s)
		return 0;
	data->bytes += bytes;
	data->tests += record.speed.outcome != SPEED_SKIPPED;
	data->skipped += record.speed.outcome == SPEED_SKIPPED &&
		record.speed.reason == SPEED_REASON_BUDGET;
	return 0;
}

static int read_asked(const struct books *books, uint32_t agent, uint32_t *ret_version,
	struct buf *ret_text, struct err *err)
{
	struct configuration_book *book;
	int r = configuration_book_load(books->registry, &book, err);

	if (r < 0)
		return r;
	r = configuration_book_text(book, agent, ret_version, ret_text);
	configuration_book_free(book);
	if (r == 0)
		r = buf_append(ret_text, "", 1);
	return r < 0 ? err_errno(err, r, "what is asked of agent-%u", agent) : 0;
}

static int follows(
	const char *state, uint32_t agent, uint32_t version, bool *ret_follows, struct err *err)
{
	const struct follower *said;
	struct followers *followers;
	int r = followers_read(state, &followers, err);

	if (r < 0)
		return r;
	said = followers_find(followers, agent);
	*ret_follows = said && said->said.version == version;
	followers_free(followers);
	return 0;
}

/* What it was asked from afar to keep to, and says that it follows; -1: its own file decides. */
static int read_budget(
	const struct books *books, const struct search *search, int64_t *ret_bytes, struct err *err)
{
	const char *found = NULL;
	bool followed = false;
	uint32_t version;
	struct buf text;
	int r;

	buf_init(&text, CONFIGURATION_MAX + 1);
	r = read_asked(books, search->agent, &version, &text, err);
	if (r == 0)
		found = strstr((const char *)buf_peek(&text), BUDGET_KEY);
	if (found)
		r = follows(search->state, search->agent, version, &followed, err);
	*ret_bytes = followed ? strtoll(found + strlen(BUDGET_KEY), NULL, 10) : -1;
	buf_done(&text);
	return r;
}

static int read_data(const struct books *books, const struct link_health_ask *ask,
	const char *month, struct data *data, struct err *err)
{
	struct sample_query query = {{ask->link->id, 0, ask->now_s}, RECORD_SPEED};
	int64_t end_s;
	int r = civil_month(month, ask->link->offset_s, &data->month_s, &end_s, err);

	data->budget_s = ask->now_s - BUDGET_S;
	query.span.from_s = data->month_s < data->budget_s ? data->month_s : data->budget_s;
	if (r < 0 || !books->ledger)
		return r;
	return ledger_samples(books->ledger, &query, add_sample, data, err);
}

static int write_data(const struct books *books, const struct link_health_ask *ask,
	const struct search *search, struct json *json, struct err *err)
{
	struct data data = {0};
	int64_t budget = -1;
	char month[8];
	int r;

	civil_month_name(ask->now_s, ask->link->offset_s, month);
	r = read_data(books, ask, month, &data, err);
	if (r == 0 && search->agent)
		r = read_budget(books, search, &budget, err);
	if (r < 0)
		return r;
	json_object(json, "data");
	json_text(json, "month", month);
	json_number(json, "speed_bytes", data.bytes);
	json_number(json, "speed_tests", data.tests);
	json_number(json, "speed_over_budget", data.skipped);
	json_number(json, "speed_bytes_30d", data.bytes_30d);
	if (budget >= 0)
		json_number(json, "budget_bytes_30d", budget);
	else
		json_null(json, "budget_bytes_30d");
	json_object_end(json);
	return 0;
}

/* ---- what it says, and what the collector saw */

static int write_flags(const struct books *books, const struct link_health_ask *ask,
	struct json *json, struct err *err)
{
	const struct sla_source source = {books->registry, books->ledger};
	struct flags_open open;
	char month[8];
	int r = flags_open(&source, ask->link->id, ask->now_s, &open, err);

	if (r < 0)
		return r;
	if (!open.count) {
		json_null(json, "flags");
		return 0;
	}
	civil_month_name(open.day_s, ask->link->offset_s, month);
	json_object(json, "flags");
	json_number(json, "open", open.count);
	json_text(json, "month", month);
	json_object_end(json);
	return 0;
}

int link_health_write(const struct books *books, const struct link_health_ask *ask,
	struct json *json, struct err *err)
{
	struct search search = {.state = ask->state, .link = ask->link->id, .now_s = ask->now_s};
	int r = registry_bindings(books->registry, 0, see_binding, &search, err);

	if (r == 0 && search.agent)
		r = write_health(books, &search, json, err);
	else if (r == 0)
		json_null(json, "health");
	if (r == 0)
		r = write_flags(books, ask, json, err);
	return r == 0 ? write_data(books, ask, &search, json, err) : r;
}
