/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /open/v1/data.json: the catalogue that portals harvest, as DCAT (the JSON of DCAT-US 1.1,
 * which CKAN's harvesters datajson and dcat_json read). Addresses in it are whole.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/civil.h"
#include "common/log.h"
#include "web/open/metadata.h"
#include "web/open/words.h"
#include "web/params.h"

#define SCHEMA "https://project-open-data.cio.gov/v1.1/schema"
#define PATH_BYTES 128
#define HOST_MAX 200
#define HOST_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]"
#define SIZES_AT_ONCE 12 /* months that one question reads to know how long their files are */

struct catalogue {
	struct showcase *showcase;
	struct publisher publisher; /* with a base that is known */
	char province[REGISTRY_NAME_BYTES];
	struct json json;
};

static void put_time(struct json *json, const char *key, int64_t utc_s)
{
	char text[CIVIL_TIME_BYTES];

	civil_format(utc_s, text);
	json_text(json, key, text);
}

static void put_url(struct catalogue *catalogue, const char *key, const char *path)
{
	char url[OPEN_URL_BYTES];

	json_text(&catalogue->json, key, publisher_url(&catalogue->publisher, path, url));
}

/* ---- files */

/* What a person chooses it by: "Oktober 2026" is for pages, here months sort. */
static void put_distribution(
	struct catalogue *catalogue, const struct showcase_month *month, int table, int format)
{
	static const char *const types[] = {"text/csv", "application/json"};
	static const char *const names[] = {"CSV", "JSON"};
	struct json *json = &catalogue->json;
	char path[PATH_BYTES], text[PATH_BYTES];

	snprintf(path, sizeof(path), "/open/v1/%s/%s.%s", month->month, open_tables[table].name,
		open_formats[format]);
	snprintf(text, sizeof(text), "%s %s, %s%s", open_tables[table].title[OPEN_ID], month->month,
		names[format], month->closed ? "" : " (sementara)");
	json_object(json, NULL);
	json_text(json, "@type", "dcat:Distribution");
	json_text(json, "title", text);
	json_text(json, "description",
		month->closed ? "Bulan ini sudah ditutup."
			      : "Sementara: bulan ini belum ditutup, angka masih dapat berubah.");
	put_url(catalogue, "downloadURL", path);
	json_text(json, "mediaType", types[format]);
	json_text(json, "format", names[format]);
	if (month->closed && month->sizes[table][format])
		json_number(json, "byteSize", (int64_t)month->sizes[table][format]);
	put_time(json, "modified", metadata_month_modified(catalogue->showcase, month));
	snprintf(path, sizeof(path), "/open/v1/schema/%s.json", open_tables[table].name);
	put_url(catalogue, "describedBy", path);
	json_text(json, "describedByType", "application/json");
	json_object_end(json);
}

/* ---- datasets */

static void put_keywords(struct json *json)
{
	static const char *const words[] = {
		"internet", "desa", "ketersediaan", "SLA", "telekomunikasi"};

	json_array(json, "keyword");
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		json_text(json, NULL, words[i]);
	json_array_end(json);
}

static void put_people(struct catalogue *catalogue)
{
	const struct publisher *publisher = &catalogue->publisher;
	struct json *json = &catalogue->json;
	char address[160];

	json_object(json, "publisher");
	json_text(json, "@type", "org:Organization");
	json_text(json, "name", publisher_name(publisher));
	json_object_end(json);
	json_object(json, "contactPoint");
	json_text(json, "@type", "vcard:Contact");
	json_text(json, "fn", publisher_name(publisher));
	if (*publisher->contact) {
		snprintf(address, sizeof(address), "mailto:%s", publisher->contact);
		json_text(json, "hasEmail", address);
	}
	json_object_end(json);
}

/* From the first month's beginning to the last one's end. */
static void put_temporal(struct json *json, const struct showcase *showcase)
{
	const struct showcase_month *months;
	struct span first, last;
	char text[2 * CIVIL_TIME_BYTES];
	size_t count, used;

	months = showcase_months(showcase, &count);
	if (!count || closing_span(months[count - 1].month, &first, NULL) < 0 ||
		closing_span(months[0].month, &last, NULL) < 0)
		return;
	civil_format(first.from, text);
	used = strlen(text);
	text[used++] = '/';
	civil_format(last.to, text + used);
	json_text(json, "temporal", text);
}

/* What each dataset says alike. */
static void put_terms(struct catalogue *catalogue)
{
	const struct publisher *publisher = &catalogue->publisher;
	struct json *json = &catalogue->json;

	put_keywords(json);
	put_people(catalogue);
	json_text(json, "accessLevel", "public");
	if (*publisher->licence)
		json_text(json, "license", publisher->licence);
	json_text(json, "rights", odbl_notice_id);
	json_text(json, "spatial", *catalogue->province ? catalogue->province : "Indonesia");
	json_array(json, "language");
	json_text(json, NULL, "id");
	json_array_end(json);
	json_array(json, "theme");
	json_text(json, NULL, "Telekomunikasi");
	json_array_end(json);
	json_array(json, "references");
	json_text(json, NULL, ODBL_PATH);
	json_text(json, NULL, ODBL_LICENCE);
	json_array_end(json);
	put_url(catalogue, "landingPage", "/publik/data");
}

static void put_head(
	struct catalogue *catalogue, const char *name, const char *title, const char *about)
{
	struct json *json = &catalogue->json;
	const char *warning = catalogue->publisher.banner;
	char path[PATH_BYTES], text[1024];

	json_object(json, NULL);
	json_text(json, "@type", "dcat:Dataset");
	snprintf(path, sizeof(path), "/open/v1/%s", name);
	put_url(catalogue, "identifier", path);
	snprintf(text, sizeof(text), "%s%s%s", title, *catalogue->province ? ", " : "",
		catalogue->province);
	json_text(json, "title", text);
	snprintf(text, sizeof(text), "%s%s%s %s", warning, *warning ? ". " : "", about,
		odbl_notice_id);
	json_text(json, "description", text);
}

static void put_table(struct catalogue *catalogue, int table)
{
	struct json *json = &catalogue->json;
	const struct showcase_month *months;
	char path[PATH_BYTES];
	size_t count;

	months = showcase_months(catalogue->showcase, &count);
	put_head(catalogue, open_tables[table].name, open_tables[table].title[OPEN_ID],
		open_tables[table].about[OPEN_ID]);
	put_time(json, "modified", metadata_modified(catalogue->showcase));
	put_terms(catalogue);
	put_temporal(json, catalogue->showcase);
	json_text(json, "accrualPeriodicity", "R/P1M");
	snprintf(path, sizeof(path), "/open/v1/schema/%s.json", open_tables[table].name);
	put_url(catalogue, "describedBy", path);
	json_text(json, "describedByType", "application/json");
	json_array(json, "distribution");
	for (size_t i = 0; i < count; i++) {
		for (int format = 0; format < OPEN_FORMATS; format++)
			put_distribution(catalogue, &months[i], table, format);
	}
	json_array_end(json);
	json_object_end(json);
}

static void put_places(struct catalogue *catalogue)
{
	struct json *json = &catalogue->json;

	put_head(catalogue, "links.geojson", "Letak sambungan internet desa",
		"Titik setiap sambungan yang koordinatnya diketahui, dibulatkan ke sekitar 10 "
		"meter, "
		"dengan desa, penyedia dan jenisnya.");
	put_time(json, "modified", showcase_changed(catalogue->showcase));
	put_terms(catalogue);
	put_temporal(json, catalogue->showcase);
	json_text(json, "accrualPeriodicity", "irregular");
	json_array(json, "distribution");
	json_object(json, NULL);
	json_text(json, "@type", "dcat:Distribution");
	json_text(json, "title", "Letak sambungan internet desa, GeoJSON");
	put_url(catalogue, "downloadURL", "/open/v1/links.geojson");
	json_text(json, "mediaType", "application/geo+json");
	json_text(json, "format", "GeoJSON");
	json_object_end(json);
	json_array_end(json);
	json_object_end(json);
}

/* ---- the whole */

/* Closed months stay as they are: how long their files are is found out once. One that cannot be
 * read is in the catalogue all the same, without that, and is tried when somebody asks for it. */
static void learn_sizes(struct showcase *showcase)
{
	const struct showcase_month *months;
	const struct edition *edition;
	struct err err = {0};
	size_t count;
	int left = SIZES_AT_ONCE;

	months = showcase_months(showcase, &count);
	for (size_t i = 0; left > 0 && i < count; i++) {
		if (!months[i].closed || months[i].fault || months[i].sizes[OPEN_LINKS][OPEN_CSV])
			continue;
		if (showcase_edition(showcase, months[i].month, &edition, &err) < 0)
			log_warn("catalogue: %s", err.text);
		left--;
	}
}

static void write_catalogue(void *arg, struct response *ret)
{
	struct catalogue *catalogue = arg;
	struct json *json = &catalogue->json;

	response_json(ret, json);
	json_text(json, "@context", SCHEMA "/catalog.jsonld");
	put_url(catalogue, "@id", "/open/v1/data.json");
	json_text(json, "@type", "dcat:Catalog");
	json_text(json, "conformsTo", SCHEMA);
	json_text(json, "describedBy", SCHEMA "/catalog.json");
	json_array(json, "dataset");
	for (int i = 0; i < OPEN_TABLES; i++)
		put_table(catalogue, i);
	put_places(catalogue);
	json_array_end(json);
	response_json_end(ret, json);
}

/* Where nobody said what people type: what this one typed. */
static const char *base_of(
	const struct site *site, const struct request *request, char room[OPEN_URL_BYTES])
{
	const char *base = showcase_publisher(site->showcase)->base;
	const char *host = request->host ? request->host : "";

	if (*base)
		return base;
	if (!*host || strlen(host) > HOST_MAX || strspn(host, HOST_LETTERS) != strlen(host))
		host = "localhost";
	snprintf(room, OPEN_URL_BYTES, "http%s://%s", request->secure ? "s" : "", host);
	return room;
}

/* A harvester asks for page after page until one is missing; here is but one. */
static bool is_first_page(const struct request *request, struct response *ret)
{
	static const char *const known[] = {"page", NULL};
	static const struct param_range pages = {1, INT32_MAX};
	int64_t page = 1;

	if (!params_known(request, known, ret) || !param_number(request, "page", pages, &page, ret))
		return false;
	if (page > 1)
		response_error(ret, 404, "the catalogue has one page");
	return page == 1;
}

/* Months are dated by the day until they are counted, so a new day is a new catalogue. */
static void send_catalogue(
	struct catalogue *catalogue, const struct request *request, struct response *ret)
{
	struct showcase *showcase = catalogue->showcase;
	int64_t modified_s = metadata_modified(showcase);
	char key[OPEN_URL_BYTES + 64];

	snprintf(key, sizeof(key), "%" PRId64 " %" PRId64 " %s", showcase_changes(showcase),
		modified_s, catalogue->publisher.base);
	open_send_paper(showcase, request,
		&(struct open_paper){.which = PAPER_CATALOGUE,
			.key = key,
			.type = "application/json",
			.version = {.modified_s = modified_s, .cache = OPEN_CACHE_MOVING},
			.write = write_catalogue,
			.arg = catalogue},
		ret);
}

void open_catalogue(struct site *site, const struct request *request, struct response *ret)
{
	struct catalogue catalogue = {.showcase = site->showcase};
	char room[OPEN_URL_BYTES];

	open_share(ret);
	if (!is_first_page(request, ret) || !open_take(site, ret))
		return;
	catalogue.publisher = *showcase_publisher(site->showcase);
	catalogue.publisher.base = base_of(site, request, room);
	open_name(showcase_gazetteer(site->showcase)->home.province, catalogue.province);
	learn_sizes(site->showcase);
	send_catalogue(&catalogue, request, ret);
	showcase_give(site->showcase);
}
