/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a configuration file: refused with words, or taken, printed and taken again. */
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/conf.h"
#include "tests/fuzz/fuzz.h"

struct settings {
	char *name, *targets;
	long long number;
	bool on;
	int choice;
};

static const char *const choices[] = {"one", "two", NULL};

static const struct conf_key table[] = {
	{"a", "name", CONF_TEXT, offsetof(struct settings, name), "x", 0, 8, NULL, "text"},
	{"a", "n", CONF_NUMBER, offsetof(struct settings, number), "5", -9, 9, NULL, "number"},
	{"b", "list", CONF_TEXT, offsetof(struct settings, targets), "", 0, 0, NULL, "text"},
	{"b", "on", CONF_SWITCH, offsetof(struct settings, on), "no", 0, 0, NULL, "switch"},
	{"b", "c", CONF_CHOICE, offsetof(struct settings, choice), "two", 0, 0, choices, "choice"},
	{.section = NULL},
};

static int load(const void *bytes, size_t size, struct settings *ret, struct err *err)
{
	char path[64];
	int fd, r;

	fd = memfd_create("conf", MFD_CLOEXEC);
	FUZZ_CHECK(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	r = conf_load(table, ret, path, err);
	close(fd);
	return r;
}

static char *print(const struct settings *settings, size_t *ret_length)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, ret_length);

	FUZZ_CHECK(out);
	conf_print(table, settings, out);
	fclose(out);
	return text;
}

static void check_round_trip(struct settings *settings)
{
	struct settings again = {0};
	struct err err = {0};
	size_t first_length, second_length;
	char *first, *second;

	first = print(settings, &first_length);
	FUZZ_CHECK(load(first, first_length, &again, &err) == 0);
	second = print(&again, &second_length);
	FUZZ_CHECK(strcmp(first, second) == 0);
	conf_done(table, &again);
	free(second);
	free(first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct settings settings = {0};
	struct err err = {0};

	if (load(data, size, &settings, &err) < 0) {
		FUZZ_CHECK(err.text[0] && err.code < 0);
		FUZZ_CHECK(!settings.name && !settings.targets);
		return 0;
	}
	FUZZ_CHECK(settings.number >= -9 && settings.number <= 9);
	FUZZ_CHECK(strlen(settings.name) <= 8 && strlen(settings.targets) <= CONF_VALUE_MAX);
	check_round_trip(&settings);
	conf_done(table, &settings);
	return 0;
}
