/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as each file that the agent keeps, or finds on its router: what is damaged counts as
 * nothing, and what is taken is within what it may be. */
#include <string.h>

#include "agent/errands/budget_file.h"
#include "agent/net/resolvers.h"
#include "agent/reset.h"
#include "agent/run_counter.h"
#include "agent/settings/remote_files.h"
#include "agent/spool/spool_format.h"
#include "agent/technician/status.h"
#include "agent/trusted_time.h"
#include "agent/uplink/kept_addresses.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/place.h"

static const char *const names[] = {"run", "time", "collectors", "remote.conf", "remote.trial",
	"remote.refused", "last-words", STATUS_FILE, "speed.budget",
	"sys/class/watchdog/w/bootstatus"};

static void read_budget(const char *text)
{
	struct budget budget, again;
	char back[BUDGET_TEXT_MAX], twice[BUDGET_TEXT_MAX];

	budget_parse(text, &budget);
	FUZZ_CHECK(budget.count <= BUDGET_DAYS && budget_format(&budget, back) < sizeof(back));
	budget_parse(back, &again);
	budget_format(&again, twice);
	FUZZ_CHECK(strcmp(back, twice) == 0);
}

static void read_configurations(const struct place *place)
{
	static struct remote_text kept, trial;
	char why[CONFIGURATION_TROUBLE_MAX + 1] = "";
	uint32_t version;

	remote_files_kept(place->folder, &kept);
	remote_files_trial(place->folder, &trial);
	remote_files_refused(place->folder, &version, why);
	FUZZ_CHECK(kept.length <= CONFIGURATION_MAX && !kept.bytes[kept.length]);
	FUZZ_CHECK(trial.length <= CONFIGURATION_MAX && !trial.bytes[trial.length]);
	FUZZ_CHECK(strlen(why) < sizeof(why));
}

static void read_network(const struct place *place)
{
	const struct settings_collector collector = {.host = "noc.example.id", .port = "7443"};
	struct address addresses[RESOLVERS_MAX];
	union socket_address address;
	struct kept_addresses *kept;

	FUZZ_CHECK(resolvers_read(place->path, "wan", addresses) <= RESOLVERS_MAX);
	FUZZ_CHECK(kept_addresses_open(place->folder, &kept) == 0);
	if (kept_addresses_get(kept, &collector, &address))
		FUZZ_CHECK(socket_port(&address) == 7443);
	kept_addresses_free(kept);
}

static void read_run(const struct place *place)
{
	static const uint8_t boot[BOOT_BYTES];
	struct trusted_time *time;
	struct err err = {.text = ""};
	uint32_t run, next;

	if (run_counter_raise(place->folder, 7, &run, &err) == 0) {
		FUZZ_CHECK(run > 7 && run_counter_raise(place->folder, 7, &next, &err) == 0);
		FUZZ_CHECK(next > run);
	} else {
		FUZZ_CHECK(err.text[0] && run_counter_draw(place->folder, 7, &run, &err) == 0);
		FUZZ_CHECK(run > 7);
	}
	FUZZ_CHECK(trusted_time_open(place->folder, &time, &err) == 0);
	FUZZ_CHECK(trusted_time_at(time, 1, 0) >= trusted_time_build_s());
	trusted_time_close(time);
	reset_find(place->folder, place->folder, boot);
}

static void read_state(const uint8_t *bytes, size_t size)
{
	struct held *held;

	FUZZ_CHECK(held_new(&held) == 0);
	held_restore_begin(held);
	if (spool_is_state(bytes, size))
		spool_state_decode(bytes, size, held);
	held_restore_end(held);
	held_free(held);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *text = malloc(size + 1);
	struct status status;
	struct place place;

	FUZZ_CHECK(text);
	memcpy(text, bytes, size);
	text[size] = '\0';
	place_make(&place);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		place_put(&place, names[i], bytes, size);
	read_budget(text);
	read_configurations(&place);
	read_network(&place);
	read_run(&place);
	read_state(bytes, size);
	status_read(place.folder, &status, NULL);
	place_drop(&place);
	free(text);
	return 0;
}
