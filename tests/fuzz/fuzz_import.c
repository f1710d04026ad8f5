/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as each CSV file that the command line takes in: regions, links, contracts, exclusions.
 * Refused with the file's name, or read whole; the registry is open for readers alone. */
#include <string.h>

#include "cli/contract_import.h"
#include "cli/cuts.h"
#include "cli/links.h"
#include "cli/regions.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/place.h"

static struct place state;

static void leave(void)
{
	place_drop(&state);
}

/* A desa and its link; from here on it is only read. */
static struct registry *open_registry(void)
{
	static struct registry *registry;
	const struct region regions[] = {{.code = "64", .name = "A"},
		{.code = "64.08", .name = "B"}, {.code = "64.08.05", .name = "C"},
		{.code = "64.08.05.2001", .name = "D"}};
	const struct registry_link link = {
		.desa = "64.08.05.2001", .provider = "PT A", .kind = LINK_4G};
	struct err err = {.text = ""};
	int64_t id;

	if (registry)
		return registry;
	place_make(&state);
	atexit(leave);
	FUZZ_CHECK(registry_open(state.folder, REGISTRY_CREATE, "fuzz", &registry, &err) == 0);
	FUZZ_CHECK(registry_regions_import(registry, regions, 4, &err) == 0);
	FUZZ_CHECK(registry_link_add(registry, &link, &id, &err) == 0 && id == 1);
	registry_close(registry);
	FUZZ_CHECK(registry_open(state.folder, REGISTRY_READ, NULL, &registry, &err) == 0);
	return registry;
}

static void read_places(const char *path)
{
	struct regions *regions = regions_new();
	struct links *links;
	struct err err = {.text = ""};
	int r = regions_read(regions, path, &err);

	FUZZ_CHECK(r == 0 || r == REGIONS_ISLANDS || strstr(err.text, path));
	if (r == 0 && regions_check(regions, &err) == 0) {
		size_t count = regions_total(regions);
		const struct region *all = regions_items(regions);

		for (size_t i = 1; i < count; i++)
			FUZZ_CHECK(strcmp(all[i - 1].code, all[i].code) < 0);
	}
	regions_free(regions);
	if (links_read(path, &links, &err) == 0)
		links_free(links);
	else
		FUZZ_CHECK(strstr(err.text, path));
}

static void count_refusal(void *arg, const struct err *err)
{
	FUZZ_CHECK(err->text[0]);
	++*(size_t *)arg;
}

static void read_decisions(char *path)
{
	struct opts opts = {.operands = &path, .operand_count = 1};
	struct cmd cmd = {.state = state.folder, .opts = &opts};
	size_t refused = 0, count = 0;
	struct cuts_how how = {
		.registry = open_registry(), .refuse = count_refusal, .arg = &refused};
	struct cuts cuts;

	if (cuts_read(path, &how, &cuts, &cmd.err) == 0) {
		FUZZ_CHECK(refused == 0 && cuts.count <= CUTS_MAX);
		for (size_t i = 0; i < cuts.count; i++)
			FUZZ_CHECK(cuts.items[i].from_s < cuts.items[i].to_s);
		cuts_done(&cuts);
	} else {
		FUZZ_CHECK(cmd.err.text[0]);
	}
	if (contract_import(&cmd, path, open_registry(), &count) < 0)
		FUZZ_CHECK(strstr(cmd.err.text, path));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct place place;

	open_registry();
	place_make(&place);
	place_put(&place, "a.csv", bytes, size);
	read_places(place.path);
	read_decisions(place.path);
	place_drop(&place);
	return 0;
}
