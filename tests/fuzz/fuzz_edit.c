/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a configuration of which one key is set to another value: what could be read before
 * can be read after, has that value, and is otherwise the same. */
#include <string.h>

#include "agent/settings/settings_edit.h"
#include "common/conf.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/place.h"

struct settings {
	char *name, *other, *third;
};

static const struct conf_key table[] = {
	{"a", "name", CONF_TEXT, offsetof(struct settings, name), "x", 0, 0, NULL, "text"},
	{"a", "other", CONF_TEXT, offsetof(struct settings, other), "y", 0, 0, NULL, "text"},
	{"b", "name", CONF_TEXT, offsetof(struct settings, third), "z", 0, 0, NULL, "text"},
	{.section = NULL},
};

static int load(struct place *place, const char *text, struct settings *ret)
{
	place_put(place, "a.conf", text, strlen(text));
	return conf_load(table, ret, place->path, NULL);
}

static void check_edit(struct place *place, const char *text)
{
	const struct settings_edit edit = {"a", "name", "wanted"};
	struct settings before = {0}, after = {0};
	struct buf once, twice;

	buf_init(&once, 2 * strlen(text) + 256);
	buf_init(&twice, 2 * strlen(text) + 256);
	FUZZ_CHECK(settings_edit(text, &edit, &once) == 0 && buf_append(&once, "", 1) == 0);
	FUZZ_CHECK(settings_edit((const char *)buf_peek(&once), &edit, &twice) == 0);
	FUZZ_CHECK(buf_length(&twice) == buf_length(&once) - 1); /* a second time changes nothing */
	FUZZ_CHECK(!memcmp(buf_peek(&once), buf_peek(&twice), buf_length(&twice)));
	if (load(place, text, &before) == 0) {
		FUZZ_CHECK(load(place, (const char *)buf_peek(&once), &after) == 0);
		FUZZ_CHECK(strcmp(after.name, "wanted") == 0);
		FUZZ_CHECK(strcmp(after.other, before.other) == 0);
		FUZZ_CHECK(strcmp(after.third, before.third) == 0);
		conf_done(table, &after);
		conf_done(table, &before);
	}
	buf_done(&twice);
	buf_done(&once);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *text = malloc(size + 1);
	struct place place;

	FUZZ_CHECK(text);
	memcpy(text, bytes, size);
	text[size] = '\0';
	place_make(&place);
	check_edit(&place, text);
	place_drop(&place);
	free(text);
	return 0;
}
