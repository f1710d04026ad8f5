/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/incident/incidents.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/civil.h"

#define WIT_S (9 * 3600) /* the easternmost zone: where months begin first */
#define MONTH_BYTES 8

struct reading {
	const struct sla_source *source;
	int64_t from_s, to_s; /* of the falls: with the weeks before */
	struct incidents *into;
	size_t room;
	struct err *err;
};

static int add(struct reading *reading, const struct fall *fall)
{
	struct incidents *into = reading->into;

	if (into->fall_count == reading->room) {
		size_t room = reading->room ? 2 * reading->room : 256;
		struct fall *larger = reallocarray(into->falls, room, sizeof(*larger));

		if (!larger)
			return err_errno(reading->err, -ENOMEM, "incidents");
		into->falls = larger;
		reading->room = room;
	}
	into->falls[into->fall_count++] = *fall;
	return 0;
}

/* ---- outages */

static int add_outage(void *arg, const struct sla_outage *outage)
{
	struct reading *reading = arg;
	const struct atlas_link *link = atlas_find(reading->into->atlas, outage->link);
	struct fall fall = {
		.link = outage->link,
		.from_s = outage->start_s,
		.to_s = outage->running ? SPAN_FOREVER : outage->end_s,
	};

	if (!link || fall.to_s <= reading->from_s || fall.from_s >= reading->to_s)
		return 0;
	memcpy(fall.scopes, link->scopes, sizeof(fall.scopes));
	snprintf(fall.cause, sizeof(fall.cause), "%s", down_cause_name(outage->cause));
	return add(reading, &fall);
}

/* Month by month, as outages are counted; one that spans two is told twice. */
static int read_outages(struct reading *reading)
{
	char month[MONTH_BYTES], last[MONTH_BYTES];
	int64_t from_s, at_s = reading->from_s;
	struct sla_query query = {.month = month, .as_of_s = reading->to_s, .no_evidence = true};
	int r = 0;

	civil_month_name(reading->to_s + WIT_S, 0, last);
	do {
		civil_month_name(at_s, 0, month);
		r = sla_outages(reading->source, &query, add_outage, reading, reading->err);
		if (r == 0)
			r = civil_month(month, 0, &from_s, &at_s, reading->err);
	} while (r == 0 && strcmp(month, last) < 0);
	return r;
}

static int compare_falls(const void *left, const void *right)
{
	const struct fall *a = left, *b = right;

	if (a->link != b->link)
		return a->link < b->link ? -1 : 1;
	return a->from_s < b->from_s ? -1 : a->from_s > b->from_s;
}

static void drop_doubles(struct incidents *incidents)
{
	size_t kept = 0;

	if (incidents->fall_count)
		qsort(incidents->falls, incidents->fall_count, sizeof(*incidents->falls),
			compare_falls);
	for (size_t i = 0; i < incidents->fall_count; i++) {
		struct fall *fall = &incidents->falls[i];
		struct fall *last = kept ? &incidents->falls[kept - 1] : NULL;

		if (last && compare_falls(last, fall) == 0) {
			if (fall->to_s > last->to_s)
				last->to_s = fall->to_s;
			continue;
		}
		incidents->falls[kept++] = *fall;
	}
	incidents->fall_count = kept;
}

/* ---- silences */

/* Of the outages, which are in the order of their links and beginnings. */
static bool is_down(const struct incidents *incidents, size_t outages, int64_t link)
{
	size_t low = 0, high = outages;

	while (low < high) { /* the first one of a link beyond it */
		size_t middle = low + (high - low) / 2;

		if (incidents->falls[middle].link <= link)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && incidents->falls[low - 1].link == link &&
		incidents->falls[low - 1].to_s == SPAN_FOREVER;
}

struct silences {
	struct reading *reading;
	size_t outages; /* how many falls are outages */
};

static int add_silence(void *arg, const struct ledger_live *live)
{
	struct silences *silences = arg;
	struct reading *reading = silences->reading;
	const struct atlas_link *link = atlas_find(reading->into->atlas, live->link);
	struct fall fall = {
		.link = live->link, .from_s = live->since_s, .to_s = SPAN_FOREVER, .silent = true};

	if (live->state != LIVE_SILENT || !link || live->since_s >= reading->to_s ||
		is_down(reading->into, silences->outages, live->link))
		return 0;
	memcpy(fall.scopes, link->scopes, sizeof(fall.scopes));
	return add(reading, &fall);
}

/* ---- what is usual */

static void free_rates(struct fall_rate *rates[FALL_SCOPES])
{
	for (int i = 0; i < FALL_SCOPES; i++)
		free(rates[i]);
}

static int make_rates(const struct reading *reading, struct fall_rate *ret_rates[FALL_SCOPES])
{
	const struct incidents *into = reading->into;
	double passed_s = (double)(reading->to_s - reading->from_s);

	for (enum fall_scope scope = 0; scope < FALL_SCOPES; scope++) {
		const struct atlas_scopes *places = atlas_scopes(into->atlas, scope);
		uint32_t count = places->count;

		ret_rates[scope] = calloc(count ? count : 1, sizeof(**ret_rates));
		if (!ret_rates[scope])
			return -ENOMEM;
		for (size_t i = 0; i < into->fall_count; i++)
			ret_rates[scope][into->falls[i].scopes[scope]].per_link_s += 1.0;
		for (uint32_t i = 0; i < count; i++) {
			struct fall_rate *rate = &ret_rates[scope][i];

			rate->links = places->links[i];
			rate->per_link_s = fall_rate_usual(
				rate->per_link_s, passed_s * places->links[i]);
		}
	}
	return 0;
}

static int group(struct reading *reading)
{
	struct incidents *into = reading->into;
	struct fall_rate *rates[FALL_SCOPES] = {NULL};
	int r = make_rates(reading, rates);

	if (r == 0) {
		const struct falls_scopes scopes = {{rates[0], rates[1], rates[2]}};

		r = falls_group(into->falls, into->fall_count, &scopes, &into->items, &into->count);
	}
	free_rates(rates);
	return r < 0 ? err_errno(reading->err, r, "incidents") : 0;
}

int incidents_read(const struct sla_source *source, int64_t from_s, int64_t to_s,
	struct incidents *ret_incidents, struct err *err)
{
	struct incidents incidents = {NULL};
	struct reading reading = {.source = source,
		.from_s = to_s - INCIDENTS_USUAL_S < from_s ? to_s - INCIDENTS_USUAL_S : from_s,
		.to_s = to_s,
		.into = &incidents,
		.err = err};
	int r = atlas_read(source->registry, &incidents.atlas, err);

	if (r == 0)
		r = read_outages(&reading);
	drop_doubles(&incidents);
	if (r == 0 && source->ledger) {
		struct silences silences = {&reading, incidents.fall_count};

		r = ledger_live_each(source->ledger, add_silence, &silences, err);
	}
	if (r == 0)
		r = group(&reading);
	if (r < 0) {
		incidents_done(&incidents);
		return r;
	}
	*ret_incidents = incidents;
	return 0;
}

void incidents_done(struct incidents *incidents)
{
	atlas_free(incidents->atlas);
	free(incidents->falls);
	free(incidents->items);
	*incidents = (struct incidents){NULL};
}

/* ---- looking up */

bool incidents_is_within(const struct incident *incident, int64_t from_s, int64_t to_s)
{
	return incident->from_s < to_s && incident->to_s > from_s;
}

const struct incident *incidents_find(const struct incidents *incidents, int64_t link, int64_t at_s)
{
	for (size_t i = 0; i < incidents->fall_count; i++) {
		const struct fall *fall = &incidents->falls[i];

		if (fall->link == link && fall->from_s <= at_s && at_s < fall->to_s)
			return &incidents->items[fall->incident];
	}
	return NULL;
}

void incident_id_format(const struct incidents *incidents, const struct incident *incident,
	char ret_id[INCIDENT_ID_BYTES])
{
	const struct fall *first = &incidents->falls[incident->first];

	snprintf(ret_id, INCIDENT_ID_BYTES, "%" PRId64 "-%" PRId64, first->link, first->from_s);
}

int incident_id_parse(const char *id, int64_t *ret_link, int64_t *ret_at_s)
{
	int64_t link, at_s;
	char end;

	if (sscanf(id, "%12" SCNd64 "-%15" SCNd64 "%c", &link, &at_s, &end) != 2 || link <= 0 ||
		at_s < 0)
		return -EINVAL;
	*ret_link = link;
	*ret_at_s = at_s;
	return 0;
}
