/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a configuration from afar: refused with words, or the agent still asks nobody but
 * the public internet, no oftener than it may, and is the same agent. */
#include <stdbool.h>
#include <string.h>

#include "agent/core/ceilings.h"
#include "agent/settings/settings.h"
#include "proto/public.h"
#include "tests/fuzz/fuzz.h"

static void check_targets(const struct settings *settings)
{
	struct settings_target targets;

	for (size_t wan = 0; wan < SETTINGS_WANS; wan++) {
		FUZZ_CHECK(settings_wan_targets(settings, wan, &targets, NULL) == 0);
		for (size_t i = 0; i < targets.count; i++)
			FUZZ_CHECK(public_address(&targets.targets[i].address));
	}
}

static void check_others(const struct settings *settings)
{
	struct settings_stamp stamp;
	struct settings_dns dns;

	FUZZ_CHECK(settings_stamp(settings, &stamp, NULL) == 0);
	FUZZ_CHECK(!stamp.target.port || public_address(&stamp.target.address));
	FUZZ_CHECK(settings_dns(settings, &dns, NULL) == 0);
	for (size_t i = 0; i < dns.count; i++)
		FUZZ_CHECK(public_address(&dns.resolvers[i]));
	FUZZ_CHECK(settings->http.public_only == (settings->http.url[0] != '\0'));
	FUZZ_CHECK(settings->speed.public_only == (settings->speed.server[0] != '\0'));
}

static void check_identity(const struct settings *settings)
{
	FUZZ_CHECK(strcmp(settings->collector, "localhost:7443") == 0);
	FUZZ_CHECK(strcmp(settings->state_folder, "/var/lib/pantau-agent") == 0);
	FUZZ_CHECK(strcmp(settings->helper, "pantau-probe") == 0);
	FUZZ_CHECK(settings->user[0] == '\0' && settings->stamp.key[0] == '\0');
	FUZZ_CHECK(settings->round_s >= 5 && settings->slot_s >= 10);
	FUZZ_CHECK(settings->speed.interval_s >= 3600);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char own_text[] = "[wan2]\nname = wan2\n[stamp]\nkey =\n";
	const struct conf_text own = {"own", own_text, sizeof(own_text) - 1};
	const struct conf_text afar = {"afar", (const char *)data, size};
	struct settings settings;
	struct err err = {0};

	if (settings_load_afar(&settings, &own, &afar, &err) < 0) {
		FUZZ_CHECK(err.text[0] && err.code < 0);
		FUZZ_CHECK(!settings.collector && !settings.http.url);
		return 0;
	}
	check_identity(&settings);
	check_targets(&settings);
	check_others(&settings);
	settings_done(&settings);
	return 0;
}
