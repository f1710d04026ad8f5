/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The data: GET /open/v1/YYYY-MM/TABLE.csv|json and datapackage.json, /open/v1/schema/TABLE.json,
 * /open/v1/months.json, /open/v1/links.geojson.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/civil.h"
#include "web/open/answer.h"
#include "web/open/metadata.h"
#include "web/params.h"

#define PACKAGE_FILE "datapackage.json"
#define SCHEMA_END ".json"
#define PLACE_DECIMALS 4 /* of a degree: 11 m. A dish may hang on somebody's house: not its roof */
#define KEY_BYTES 32

/* ---- a month's files */

/* False: 400 or 404 was said. */
static bool check_month(const struct showcase *showcase, const char *month, struct response *ret)
{
	int64_t from_s, to_s;

	if (civil_month(month, 0, &from_s, &to_s, NULL) < 0) {
		response_bad_param(ret, "month", month, "a month is YYYY-MM, such as 2026-01");
		return false;
	}
	if (showcase_month(showcase, month))
		return true;
	response_error(ret, 404, "there is no data of this month: see /open/v1/months.json");
	return false;
}

/* "links.csv" */
static bool read_file(const char *file, int *ret_table, int *ret_format)
{
	const char *dot = strchr(file, '.');
	int table = dot ? open_table_find(file, (size_t)(dot - file)) : -1;

	for (int i = 0; table >= 0 && open_formats[i]; i++) {
		if (strcmp(dot + 1, open_formats[i]) != 0)
			continue;
		*ret_table = table;
		*ret_format = i;
		return true;
	}
	return false;
}

static struct open_version version_of(const struct edition_about *about)
{
	return (struct open_version){.modified_s = about->changed_s,
		.cache = about->closed ? OPEN_CACHE_FINAL : OPEN_CACHE_MOVING};
}

/* Where the terms and the meaning of the columns stand: a CSV cannot say it itself. */
static void add_links(const struct publisher *publisher, const char *month, struct response *ret)
{
	response_header(ret, "Link",
		"</open/v1/%s/" PACKAGE_FILE ">; rel=\"describedby\"; type=\"application/json\"",
		month);
	if (*publisher->licence)
		response_header(ret, "Link", "<%s>; rel=\"license\"", publisher->licence);
}

static void send_file(const struct request *request, const struct edition *edition, int table,
	int format, struct response *ret)
{
	static const char *const types[] = {"text/csv; charset=utf-8", "application/json"};

	ret->type = types[format];
	response_header(ret, "Content-Disposition", "%s; filename=\"%s-%s.%s\"",
		format == OPEN_CSV ? "attachment" : "inline", open_tables[table].name,
		edition->about.month, open_formats[format]);
	open_send(request, &edition->files[table][format], version_of(&edition->about), ret);
}

static void answer_file(
	struct showcase *showcase, const struct request *request, struct response *ret)
{
	const char *month = request->segments[0], *name = request->segments[1];
	bool package = strcmp(name, PACKAGE_FILE) == 0;
	const struct edition *edition;
	int table = 0, format = 0;
	struct err err = {0};

	if (!check_month(showcase, month, ret))
		return;
	if (!package && !read_file(name, &table, &format)) {
		response_error(ret, 404,
			"a month has links, outages and desa, each as .csv and .json, "
			"and " PACKAGE_FILE);
		return;
	}
	if (showcase_edition(showcase, month, &edition, &err) < 0) {
		books_failed("open data", &err, ret);
		return;
	}
	add_links(showcase_publisher(showcase), month, ret);
	if (package)
		metadata_package(showcase, edition, request, ret);
	else
		send_file(request, edition, table, format, ret);
}

void open_file(struct site *site, const struct request *request, struct response *ret)
{
	open_share(ret);
	if (!params_known(request, params_none, ret) || !open_take(site, ret))
		return;
	answer_file(site->showcase, request, ret);
	showcase_give(site->showcase);
}

/* ---- what a table's columns mean */

void open_schema(struct site *site, const struct request *request, struct response *ret)
{
	const struct publisher *publisher = showcase_publisher(site->showcase);
	const char *name = request->segments[0];
	const char *end = strstr(name, SCHEMA_END);
	int table = end && !end[sizeof(SCHEMA_END) - 1]
		? open_table_find(name, (size_t)(end - name))
		: -1;
	struct json json;

	open_share(ret);
	if (!params_known(request, params_none, ret))
		return;
	if (table < 0) {
		response_error(ret, 404, "there are links.json, outages.json and desa.json");
		return;
	}
	response_json(ret, &json);
	metadata_fields(&json, &open_tables[table], publisher->money);
	publisher_terms(&json, publisher);
	response_json_end(ret, &json);
	open_finish(request, site->started_s, OPEN_CACHE_FINAL, ret);
}

/* ---- which months there are */

static void put_files(
	struct json *json, const struct publisher *publisher, const struct showcase_month *month)
{
	char path[96], url[OPEN_URL_BYTES];

	json_array(json, "files");
	for (int i = 0; i < OPEN_TABLES * OPEN_FORMATS; i++) {
		int table = i / OPEN_FORMATS, format = i % OPEN_FORMATS;

		snprintf(path, sizeof(path), "/open/v1/%s/%s.%s", month->month,
			open_tables[table].name, open_formats[format]);
		json_object(json, NULL);
		json_text(json, "table", open_tables[table].name);
		json_text(json, "format", open_formats[format]);
		json_text(json, "url", publisher_url(publisher, path, url));
		json_object_end(json);
	}
	json_array_end(json);
}

static void put_month(
	struct json *json, const struct publisher *publisher, const struct showcase_month *month)
{
	char path[96], url[OPEN_URL_BYTES];

	json_object(json, NULL);
	json_text(json, "month", month->month);
	metadata_issue(json, publisher, month->closed ? &month->issue : NULL);
	put_files(json, publisher, month);
	snprintf(path, sizeof(path), "/open/v1/%s/" PACKAGE_FILE, month->month);
	json_text(json, "metadata", publisher_url(publisher, path, url));
	json_object_end(json);
}

void open_months(struct site *site, const struct request *request, struct response *ret)
{
	const struct publisher *publisher = showcase_publisher(site->showcase);
	const struct showcase_month *months;
	char url[OPEN_URL_BYTES];
	struct json json;
	size_t count;

	open_share(ret);
	if (!params_known(request, params_none, ret) || !open_take(site, ret))
		return;
	months = showcase_months(site->showcase, &count);
	response_json(ret, &json);
	json_text(&json, "catalogue", publisher_url(publisher, "/open/v1/data.json", url));
	json_text(&json, "geojson", publisher_url(publisher, "/open/v1/links.geojson", url));
	publisher_terms(&json, publisher);
	json_array(&json, "months");
	for (size_t i = 0; i < count; i++)
		put_month(&json, publisher, &months[i]);
	json_array_end(&json);
	response_json_end(ret, &json);
	open_finish(request, metadata_modified(site->showcase), OPEN_CACHE_MOVING, ret);
	showcase_give(site->showcase);
}

/* ---- where the links are */

static void put_name(struct json *json, const struct gazetteer *gazetteer, const char *desa,
	enum region_level level)
{
	static const char *const keys[][2] = {[REGION_KABUPATEN] = {"kabupaten", "kabupaten_name"},
		[REGION_KECAMATAN] = {"kecamatan", "kecamatan_name"},
		[REGION_DESA] = {"kode", "desa_name"}};
	char code[REGION_CODE_BYTES];

	region_parent(desa, level, code);
	json_text(json, keys[level][0], code);
	json_text(json, keys[level][1], gazetteer_name(gazetteer, code));
}

static void put_point(struct json *json, const struct registry_link *link)
{
	char text[32];

	if (!link->has_position) {
		json_null(json, "geometry");
		return;
	}
	json_object(json, "geometry");
	json_text(json, "type", "Point");
	json_array(json, "coordinates");
	snprintf(text, sizeof(text), "%.*f", PLACE_DECIMALS, link->lon);
	json_decimal(json, NULL, text);
	snprintf(text, sizeof(text), "%.*f", PLACE_DECIMALS, link->lat);
	json_decimal(json, NULL, text);
	json_array_end(json);
	json_object_end(json);
}

static void put_feature(
	struct json *json, const struct gazetteer *gazetteer, const struct registry_link *link)
{
	json_object(json, NULL);
	json_text(json, "type", "Feature");
	json_number(json, "id", link->id);
	put_point(json, link);
	json_object(json, "properties");
	put_name(json, gazetteer, link->desa, REGION_DESA);
	json_number(json, "link", link->id);
	put_name(json, gazetteer, link->desa, REGION_KECAMATAN);
	put_name(json, gazetteer, link->desa, REGION_KABUPATEN);
	json_text(json, "provider", link->provider);
	json_text(json, "kind", link_kind_name(link->kind));
	json_text(json, "zone", link->zone);
	json_object_end(json);
	json_object_end(json);
}

static void write_places(void *arg, struct response *ret)
{
	const struct showcase *showcase = arg;
	const struct publisher *publisher = showcase_publisher(showcase);
	const struct gazetteer *gazetteer = showcase_gazetteer(showcase);
	struct json json;

	response_json(ret, &json);
	json_text(&json, "type", "FeatureCollection");
	json_text(&json, "publisher", publisher_name(publisher));
	if (*publisher->banner)
		json_text(&json, "warning", publisher->banner);
	publisher_terms(&json, publisher);
	json_array(&json, "features");
	for (size_t i = 0; i < gazetteer->board.count; i++)
		put_feature(&json, gazetteer, &gazetteer->board.rows[i].link);
	json_array_end(&json);
	response_json_end(ret, &json);
}

void open_links(struct site *site, const struct request *request, struct response *ret)
{
	struct showcase *showcase = site->showcase;
	char key[KEY_BYTES];

	open_share(ret);
	if (!params_known(request, params_none, ret) || !open_take(site, ret))
		return;
	snprintf(key, sizeof(key), "%" PRId64, showcase_gazetteer(showcase)->registry_sequence);
	open_send_paper(showcase, request,
		&(struct open_paper){.which = PAPER_PLACES,
			.key = key,
			.type = "application/geo+json",
			.version = {.modified_s = showcase_changed(showcase),
				.cache = OPEN_CACHE_MOVING},
			.write = write_places,
			.arg = showcase},
		ret);
	showcase_give(showcase);
}

void open_home(struct site *site, const struct request *request, struct response *ret)
{
	response_redirect(ret, "/publik/data");
}
