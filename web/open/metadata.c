/* SPDX-License-Identifier: Apache-2.0 */
#include "web/open/metadata.h"

#include <stdio.h>
#include <string.h>

#include "collector/closing/gather.h"
#include "common/civil.h"
#include "web/open/words.h"

#define DAY_S 86400
#define PATH_BYTES 128

static void put_time(struct json *json, const char *key, int64_t utc_s)
{
	char text[CIVIL_TIME_BYTES];

	civil_format(utc_s, text);
	json_text(json, key, text);
}

void metadata_issue(
	struct json *json, const struct publisher *publisher, const struct closed_month *issue)
{
	char name[REVISION_NAME_BYTES], path[PATH_BYTES], url[OPEN_URL_BYTES];

	json_text(json, "status", issue ? "final" : "provisional");
	if (!issue) {
		json_text(json, "revision", "sementara");
		return;
	}
	revision_name(issue->revision, name);
	json_text(json, "revision", name);
	json_number(json, "revision_number", issue->revision);
	put_time(json, "closed", issue->closed_s);
	json_text(json, "sha256", issue->hash);
	snprintf(path, sizeof(path), "/open/v1/verify/%s", issue->hash);
	json_text(json, "verify", publisher_url(publisher, path, url));
}

/* ---- schemas */

static bool is_key(const struct open_table *table, const char *column)
{
	for (const char *const *key = table->key; *key; key++) {
		if (!strcmp(*key, column))
			return true;
	}
	return false;
}

static void put_field(
	struct json *json, const struct open_table *table, const struct open_column *column)
{
	json_object(json, NULL);
	json_text(json, "name", column->key);
	json_text(json, "type", column->type);
	if (column->unit)
		json_text(json, "unit", column->unit);
	json_text(json, "description", column->about[OPEN_ID]);
	json_text(json, "description_en", column->about[OPEN_EN]);
	if (is_key(table, column->key)) {
		json_object(json, "constraints");
		json_bool(json, "required", true);
		json_object_end(json);
	}
	json_object_end(json);
}

void metadata_fields(struct json *json, const struct open_table *table, bool money)
{
	json_array(json, "fields");
	for (const struct open_column *column = table->columns; column->key; column++) {
		if (open_column_shown(column, money))
			put_field(json, table, column);
	}
	json_array_end(json);
	json_array(json, "primaryKey");
	for (const char *const *key = table->key; *key; key++)
		json_text(json, NULL, *key);
	json_array_end(json);
	json_array(json, "missingValues");
	json_text(json, NULL, "");
	json_array_end(json);
}

/* ---- a month */

static void put_resource(struct json *json, const struct edition *edition, int which, bool money)
{
	const struct open_table *table = &open_tables[which];
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "%s.csv", table->name);
	json_object(json, NULL);
	json_text(json, "name", table->name);
	json_text(json, "title", table->title[OPEN_ID]);
	json_text(json, "description", table->about[OPEN_ID]);
	json_text(json, "path", path);
	json_text(json, "profile", "tabular-data-resource");
	json_text(json, "format", "csv");
	json_text(json, "mediatype", "text/csv");
	json_text(json, "encoding", "utf-8");
	json_number(json, "bytes", (int64_t)edition->files[which][OPEN_CSV].length);
	json_object(json, "schema");
	metadata_fields(json, table, money);
	json_object_end(json);
	json_object_end(json);
}

static void put_contributor(struct json *json, const struct publisher *publisher)
{
	json_array(json, "contributors");
	json_object(json, NULL);
	json_text(json, "title", publisher_name(publisher));
	json_text(json, "role", "publisher");
	if (*publisher->contact)
		json_text(json, "email", publisher->contact);
	json_object_end(json);
	json_array_end(json);
}

void metadata_package(const struct showcase *showcase, const struct edition *edition,
	const struct request *request, struct response *ret)
{
	const struct edition_about *about = &edition->about;
	const struct publisher *publisher = showcase_publisher(showcase);
	char name[PATH_BYTES], room[PUBLISHER_TEXT_BYTES], province[REGISTRY_NAME_BYTES];
	struct json json;

	open_name(showcase_gazetteer(showcase)->home.province, province);
	snprintf(name, sizeof(name), "pantau-%s", about->month);
	response_json(ret, &json);
	json_text(&json, "name", name);
	json_text(&json, "title", publisher_title(publisher, province, room));
	json_text(&json, "profile", "tabular-data-package");
	if (*publisher->banner)
		json_text(&json, "description", publisher->banner);
	json_text(&json, "period", about->month);
	metadata_issue(&json, publisher, about->closed ? &about->issue : NULL);
	put_time(&json, "as_of", about->as_of_s);
	put_time(&json, "created", about->changed_s);
	publisher_terms(&json, publisher);
	put_contributor(&json, publisher);
	json_array(&json, "resources");
	for (int i = 0; i < OPEN_TABLES; i++)
		put_resource(&json, edition, i, publisher->money);
	json_array_end(&json);
	response_json_end(ret, &json);
	open_finish(request, about->changed_s, about->closed ? OPEN_CACHE_FINAL : OPEN_CACHE_MOVING,
		ret);
}

int64_t metadata_month_modified(const struct showcase *showcase, const struct showcase_month *month)
{
	int64_t today_s = showcase_gazetteer(showcase)->as_of_s / DAY_S * DAY_S;

	return month->closed || month->changed_s > today_s ? month->changed_s : today_s;
}

int64_t metadata_modified(const struct showcase *showcase)
{
	const struct showcase_month *months;
	int64_t modified_s = showcase_gazetteer(showcase)->as_of_s / DAY_S * DAY_S;
	size_t count;

	months = showcase_months(showcase, &count);
	for (size_t i = 0; i < count; i++) {
		if (months[i].changed_s > modified_s)
			modified_s = months[i].changed_s;
	}
	return modified_s;
}
