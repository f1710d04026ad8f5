/* SPDX-License-Identifier: Apache-2.0 */
#include "web/open/publisher.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define FALLBACK_NAME "Pantau Desa"

const char odbl_notice_id[] =
	"Nama dan kode wilayah berasal dari idn-area-data, tersedia di bawah Open Database License "
	"(ODbL) 1.0.";
const char odbl_notice_en[] = "Names and codes of regions come from idn-area-data, made available "
			      "under the Open Database "
			      "License (ODbL) 1.0.";

static const struct {
	const char *url, *title;
} licences[] = {
	{"https://creativecommons.org/licenses/by/4.0", "Creative Commons Attribution 4.0"},
	{"https://creativecommons.org/licenses/by-sa/4.0",
		"Creative Commons Attribution-ShareAlike 4.0"},
	{"https://creativecommons.org/publicdomain/zero/1.0", "Creative Commons Zero 1.0"},
	{"https://opendatacommons.org/licenses/odbl/1-0", "Open Database License 1.0"},
	{"https://opendatacommons.org/licenses/by/1-0",
		"Open Data Commons Attribution License 1.0"},
};

static bool is_mail(const char *address)
{
	const char *at = strchr(address, '@');

	return at && at > address && strchr(at, '.') && !strchr(at + 1, '@') &&
		!strpbrk(address, " \t<>,;\"");
}

/* It stands in headers and in addresses of a page. */
static bool is_url(const char *url)
{
	return (!strncmp(url, "https://", 8) || !strncmp(url, "http://", 7)) &&
		!strpbrk(url, " \t<>\"");
}

int publisher_check(const struct publisher *publisher, struct err *err)
{
	if (*publisher->contact && !is_mail(publisher->contact))
		return err_set(err, -EINVAL, "[open] contact = %.80s: must be an e-mail address",
			publisher->contact);
	if (*publisher->licence && !is_url(publisher->licence))
		return err_set(err, -EINVAL,
			"[open] licence = %.80s: must be an address that begins with https://",
			publisher->licence);
	return 0;
}

const char *licence_title(const char *licence)
{
	size_t length = strlen(licence);

	while (length && licence[length - 1] == '/')
		length--;
	for (size_t i = 0; i < sizeof(licences) / sizeof(*licences); i++) {
		if (strlen(licences[i].url) == length && !strncmp(licences[i].url, licence, length))
			return licences[i].title;
	}
	return licence;
}

const char *publisher_name(const struct publisher *publisher)
{
	const char *const names[] = {publisher->name, publisher->office, publisher->province};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (*names[i])
			return names[i];
	}
	return FALLBACK_NAME;
}

const char *publisher_title(
	const struct publisher *publisher, const char *province, char room[PUBLISHER_TEXT_BYTES])
{
	if (*publisher->title)
		return publisher->title;
	snprintf(room, PUBLISHER_TEXT_BYTES, "Internet desa%s%s", *province ? " " : "", province);
	return room;
}

const char *publisher_url(
	const struct publisher *publisher, const char *path, char ret_url[OPEN_URL_BYTES])
{
	int base = (int)strlen(publisher->base);

	while (base && publisher->base[base - 1] == '/')
		base--;
	snprintf(ret_url, OPEN_URL_BYTES, "%.*s%s", base, publisher->base, path);
	return ret_url;
}

void publisher_terms(struct json *json, const struct publisher *publisher)
{
	if (*publisher->licence) {
		json_array(json, "licenses");
		json_object(json, NULL);
		json_text(json, "path", publisher->licence);
		json_text(json, "title", licence_title(publisher->licence));
		json_object_end(json);
		json_array_end(json);
	}
	json_array(json, "sources");
	json_object(json, NULL);
	json_text(json, "title", ODBL_TITLE);
	json_text(json, "path", ODBL_PATH);
	json_text(json, "license", ODBL_LICENCE);
	json_text(json, "notice", odbl_notice_id);
	json_text(json, "notice_en", odbl_notice_en);
	json_object_end(json);
	json_array_end(json);
}
