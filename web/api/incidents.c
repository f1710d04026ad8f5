/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /api/v1/incidents: outages and silences that belong together, and what people said of them;
 * GET /api/v1/incidents/ID: one of them, with each link that fell. Who sees a part of the province
 * sees the incidents that reach it, and of their links those that lie in it.
 */
#include "collector/incident/incidents.h"

#include <errno.h>
#include <string.h>

#include "collector/explain/json_put.h"
#include "collector/store/registry_ticket.h"
#include "common/clock.h"
#include "web/filter.h"
#include "web/incident_notes.h"
#include "web/params.h"
#include "web/site.h"

#define RECENT_S (7 * 86400) /* when `from` is not given */

struct telling {
	const struct incidents *incidents;
	const struct registry_filter *filter;
	const struct incident_notes *notes;
	struct json *json;
};

/* ---- whose it is */

static bool is_in(const char *code, enum region_level level, const char *wanted)
{
	char parent[REGION_CODE_BYTES];

	if (!wanted)
		return true;
	region_parent(code, level, parent);
	return strcmp(parent, wanted) == 0;
}

static bool is_theirs(const void *arg, int64_t id)
{
	const struct telling *telling = arg;
	const struct registry_filter *filter = telling->filter;
	const struct atlas *atlas = telling->incidents->atlas;
	const struct atlas_link *link = atlas_find(atlas, id);

	return link && (!filter->link || filter->link == id) &&
		(!filter->provider || !strcmp(filter->provider, atlas_provider(atlas, link))) &&
		is_in(link->code, REGION_DESA, filter->desa) &&
		is_in(link->code, REGION_KECAMATAN, filter->kecamatan) &&
		is_in(link->code, REGION_KABUPATEN, filter->kabupaten);
}

static bool is_asked_for(const struct telling *telling, const struct fall *fall)
{
	return is_theirs(telling, fall->link);
}

struct counts {
	size_t links, lasting, silent;
	const char *cause; /* of most that were down; NULL: of none */
};

static void count_cause(const struct fall *fall, size_t causes[DOWN_CAUSE_COUNT])
{
	for (int cause = 0; cause < DOWN_CAUSE_COUNT; cause++)
		causes[cause] += !strcmp(fall->cause, down_cause_name((enum down_cause)cause));
}

/* A link that fell twice in it counts once, by its last fall. */
static struct counts count(const struct telling *telling, size_t place)
{
	size_t causes[DOWN_CAUSE_COUNT] = {0}, best = 0;
	struct counts counts = {0};

	for (size_t i = 0; i < telling->incidents->fall_count; i++) {
		const struct fall *fall = &telling->incidents->falls[i];

		if (fall->incident != place || !is_asked_for(telling, fall))
			continue;
		counts.links++;
		counts.lasting += fall->to_s == SPAN_FOREVER;
		counts.silent += fall->silent;
		count_cause(fall, causes);
	}
	for (size_t cause = 0; cause < DOWN_CAUSE_COUNT; cause++)
		if (causes[cause] > causes[best])
			best = cause;
	if (causes[best])
		counts.cause = down_cause_name((enum down_cause)best);
	return counts;
}

/* ---- as JSON */

/* Where it is: a provider, a kecamatan, everywhere (null), or the one desa. */
static void write_place(const struct telling *telling, const struct incident *incident)
{
	const struct atlas *atlas = telling->incidents->atlas;
	const char *key, *name;

	if (incident->scope < FALL_SCOPES) {
		key = atlas_scopes(atlas, incident->scope)->keys[incident->place];
		name = atlas_name(atlas, incident->scope, key);
	} else {
		const struct atlas_link *link = atlas_find(
			atlas, telling->incidents->falls[incident->first].link);

		key = link->code;
		name = link->desa;
	}
	json_text(telling->json, "scope", fall_scope_name(incident->scope));
	json_put_words(telling->json, "place", key);
	json_put_words(telling->json, "place_name", name);
}

static void write_facts(const struct telling *telling, size_t place, const struct counts *counts)
{
	const struct incident *incident = &telling->incidents->items[place];
	char id[INCIDENT_ID_BYTES];

	incident_id_format(telling->incidents, incident, id);
	json_text(telling->json, "id", id);
	write_place(telling, incident);
	json_put_time(telling->json, "from", incident->from_s);
	json_put_time(telling->json, "to", incident->to_s);
	json_number(telling->json, "links", (int64_t)counts->links);
	json_number(telling->json, "lasting", (int64_t)counts->lasting);
	json_number(telling->json, "silent", (int64_t)counts->silent);
	json_put_words(telling->json, "cause", counts->cause);
	incident_notes_write(telling->notes, place, is_theirs, telling, telling->json);
}

static void write_member(const struct telling *telling, const struct fall *fall)
{
	const struct atlas *atlas = telling->incidents->atlas;
	const struct atlas_link *link = atlas_find(atlas, fall->link);
	struct json *json = telling->json;

	json_object(json, NULL);
	json_number(json, "link", fall->link);
	json_text(json, "desa", link->code);
	json_text(json, "desa_name", link->desa);
	json_text(json, "kecamatan_name", atlas_kecamatan(atlas, link));
	json_text(json, "kabupaten_name", atlas_kabupaten(atlas, link));
	json_text(json, "provider", atlas_provider(atlas, link));
	json_text(json, "zone", link->zone);
	json_put_time(json, "from", fall->from_s);
	json_put_time(json, "to", fall->to_s);
	json_bool(json, "silent", fall->silent);
	json_put_words(json, "cause", fall->cause);
	json_object_end(json);
}

static void write_members(const struct telling *telling, size_t place)
{
	json_array(telling->json, "members");
	for (size_t i = 0; i < telling->incidents->fall_count; i++) {
		const struct fall *fall = &telling->incidents->falls[i];

		if (fall->incident == place && is_asked_for(telling, fall))
			write_member(telling, fall);
	}
	json_array_end(telling->json);
}

/* ---- the list */

struct ask {
	struct registry_filter filter;
	struct page page;
	int64_t from_s, to_s;
	int open; /* only those that last */
};

static void write_list(const struct telling *telling, const struct ask *ask)
{
	const struct incidents *incidents = telling->incidents;
	size_t total = 0;

	json_array(telling->json, "rows");
	for (size_t i = incidents->count; i > 0; i--) { /* the newest first */
		const struct incident *incident = &incidents->items[i - 1];
		struct counts counts;
		size_t index;

		if (!incidents_is_within(incident, ask->from_s, ask->to_s) ||
			(ask->open && !incident->lasting))
			continue;
		counts = count(telling, i - 1);
		if (!counts.links)
			continue;
		index = total++;
		if (index < ask->page.offset || index - ask->page.offset >= ask->page.limit)
			continue;
		json_object(telling->json, NULL);
		write_facts(telling, i - 1, &counts);
		json_object_end(telling->json);
	}
	json_array_end(telling->json);
	json_number(telling->json, "total", (int64_t)total);
	json_number(telling->json, "limit", (int64_t)ask->page.limit);
	json_number(telling->json, "offset", (int64_t)ask->page.offset);
}

static int answer_list(
	const struct books *books, const struct ask *ask, struct response *ret, struct err *err)
{
	const struct sla_source source = {books->registry, books->ledger};
	struct incident_notes notes = {NULL};
	struct incidents incidents;
	struct json json;
	const struct telling telling = {&incidents, &ask->filter, &notes, &json};
	int r = incidents_read(&source, ask->from_s, ask->to_s, &incidents, err);

	if (r < 0)
		return r;
	r = incident_notes_read(books->registry, &incidents, &notes, err);
	if (r == 0) {
		ret->packs = true;
		response_json(ret, &json);
		json_put_time(&json, "from", ask->from_s);
		json_put_time(&json, "to", ask->to_s);
		write_list(&telling, ask);
		response_json_end(ret, &json);
	}
	incident_notes_done(&notes);
	incidents_done(&incidents);
	return r;
}

static bool read_ask(const struct request *request, struct ask *ret_ask, struct response *ret)
{
	static const char *const known[] = {"from", "to", "open", "kabupaten", "kecamatan", "desa",
		"provider", "link", "limit", "offset", NULL};
	static const char *const choices[] = {"0", "1", NULL};

	ret_ask->to_s = clock_utc_us() / 1000000;
	if (!params_known(request, known, ret) || !filter_read(request, &ret_ask->filter, ret) ||
		!param_choice(request, "open", choices, &ret_ask->open, ret) ||
		!param_page(request, &ret_ask->page, ret) ||
		!param_time(request, "to", &ret_ask->to_s, ret))
		return false;
	ret_ask->from_s = ret_ask->to_s - RECENT_S;
	return param_time(request, "from", &ret_ask->from_s, ret);
}

void api_incidents(struct site *site, const struct request *request, struct response *ret)
{
	struct ask ask = {0};
	struct err err = {0};
	struct books books;

	if (!read_ask(request, &ask, ret) ||
		!books_open_for(site->state, request, ask.filter.link, &books, ret))
		return;
	if (answer_list(&books, &ask, ret, &err) < 0)
		books_failed("incidents", &err, ret);
	books_close(&books);
}

/* ---- one */

static int answer_one(const struct books *books, const struct request *request,
	struct registry_filter *filter, struct response *ret, struct err *err)
{
	const struct sla_source source = {books->registry, books->ledger};
	struct incident_notes notes = {NULL};
	struct incidents incidents = {NULL};
	struct json json;
	const struct telling telling = {&incidents, filter, &notes, &json};
	struct counts counts = {0};
	const struct incident *incident;
	int64_t link, at_s;
	size_t place;
	int r = incident_id_parse(request->segments[0], &link, &at_s);

	if (r < 0)
		return err_set(err, -ENOENT, "no such incident");
	r = incidents_read(&source, at_s, clock_utc_us() / 1000000, &incidents, err);
	if (r < 0)
		return r;
	incident = incidents_find(&incidents, link, at_s);
	place = incident ? (size_t)(incident - incidents.items) : 0;
	if (incident)
		counts = count(&telling, place);
	r = counts.links ? incident_notes_read(books->registry, &incidents, &notes, err)
			 : err_set(err, -ENOENT, "no such incident");
	if (r == 0) {
		response_json(ret, &json);
		write_facts(&telling, place, &counts);
		write_members(&telling, place);
		response_json_end(ret, &json);
	}
	incident_notes_done(&notes);
	incidents_done(&incidents);
	return r;
}

void api_incident(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {NULL};
	struct registry_filter filter = {0};
	struct err err = {0};
	struct books books;
	int r;

	if (!params_known(request, known, ret) || !filter_read(request, &filter, ret) ||
		!books_open(site->state, &books, ret))
		return;
	r = answer_one(&books, request, &filter, ret, &err);
	if (r == -ENOENT)
		response_error(ret, 404, "no such incident");
	else if (r < 0)
		books_failed("incident", &err, ret);
	books_close(&books);
}
