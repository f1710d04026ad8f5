/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever a program prints, the items are ones that may travel; and leases never overrun. */
#include <stdlib.h>
#include <string.h>

#include "agent/core/devices.h"
#include "agent/core/observation.h"
#include "tests/fuzz/fuzz.h"

static void on_bad(void *arg, const struct observation_bad_line *line)
{
	unsigned *last = arg;

	FUZZ_CHECK(line->line > *last && strlen(line->text) <= OBSERVATION_KEY_MAX);
	FUZZ_CHECK(observation_fault_words(line->fault));
	*last = line->line;
}

static void check_item(const struct observation_item *item)
{
	size_t key = strlen(item->key), value = strlen(item->value);

	FUZZ_CHECK(key && key <= OBSERVATION_KEY_MAX && value <= OBSERVATION_VALUE_MAX);
	FUZZ_CHECK(strspn(item->key, "abcdefghijklmnopqrstuvwxyz0123456789_.-") == key);
	for (size_t i = 0; i < value; i++)
		FUZZ_CHECK(item->value[i] >= ' ' && item->value[i] <= '~');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct observation *observation = calloc(1, sizeof(*observation));
	struct devices *devices = calloc(1, sizeof(*devices));
	char *text = malloc(size + 1);
	unsigned last = 0;

	if (observation && devices && text) {
		if (size)
			memcpy(text, data, size);
		text[size] = '\0';
		observation_parse(observation, text, size, on_bad, &last);
		FUZZ_CHECK(observation->item_count <= OBSERVATION_ITEMS_MAX);
		for (size_t i = 0; i < observation->item_count; i++)
			check_item(&observation->items[i]);
		devices_add_leases(devices, text, 1795305600);
		FUZZ_CHECK(devices->count <= DEVICES_MAX);
	}
	free(text);
	free(devices);
	free(observation);
	return 0;
}
