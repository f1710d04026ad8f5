/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what the processes of the collector leave for each other: who may speak, and who
 * follows which configuration. Refused with words, or written again to the same. */
#include <string.h>

#include "collector/followers.h"
#include "collector/ingest/roster.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/place.h"

#define OUT_BYTES (1 << 20)

static void try_roster(const uint8_t *bytes, size_t size)
{
	static const uint8_t print[TLS_FINGERPRINT_BYTES];
	struct configuration asked;
	struct err err = {.text = ""};
	struct roster *roster;

	if (roster_parse(bytes, size, &roster, &err) < 0) {
		FUZZ_CHECK(err.text[0]);
		return;
	}
	FUZZ_CHECK(roster_count(roster) <= size);
	FUZZ_CHECK(roster_ask(roster, 0, print, 0) == ROSTER_UNKNOWN);
	for (uint32_t agent = 1; agent < 16; agent++) {
		roster_ask(roster, agent, print, 0);
		roster_configuration(roster, agent, &asked);
		FUZZ_CHECK(asked.length <= CONFIGURATION_MAX && !asked.version == !asked.text);
		FUZZ_CHECK(strlen(roster_provider(roster, agent, "wan")) < size);
	}
	roster_free(roster);
}

static struct followers *read_followers(const struct place *place)
{
	struct followers *followers;
	struct err err = {.text = ""};

	if (followers_read(place->folder, &followers, &err) == 0)
		return followers;
	FUZZ_CHECK(err.text[0]);
	return NULL;
}

static void try_followers(const uint8_t *bytes, size_t size)
{
	struct followers *followers, *again;
	struct buf once, twice;
	struct place place;

	place_make(&place);
	place_put(&place, FOLLOWERS_NAME, bytes, size);
	buf_init(&once, OUT_BYTES);
	buf_init(&twice, OUT_BYTES);
	followers = read_followers(&place);
	if (followers) {
		FUZZ_CHECK(followers_encode(followers, &once) == 0);
		place_put(&place, FOLLOWERS_NAME, buf_peek(&once), buf_length(&once));
		again = read_followers(&place);
		FUZZ_CHECK(again && followers_encode(again, &twice) == 0);
		FUZZ_CHECK(buf_length(&once) == buf_length(&twice));
		FUZZ_CHECK(!memcmp(buf_peek(&once), buf_peek(&twice), buf_length(&once)));
		followers_free(again);
	}
	followers_free(followers);
	buf_done(&twice);
	buf_done(&once);
	place_drop(&place);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char name[32] = "";
	uint32_t agent = 0;

	memcpy(name, bytes, size < sizeof(name) ? size : sizeof(name) - 1);
	if (roster_agent_id(name, &agent) == 0) {
		snprintf(name, sizeof(name), "agent-%u", agent);
		FUZZ_CHECK(agent && memcmp(name, bytes, strlen(name)) == 0);
	}
	try_roster(bytes, size);
	try_followers(bytes, size);
	return 0;
}
