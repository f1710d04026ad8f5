/* SPDX-License-Identifier: Apache-2.0 */
#include "web/live_json.h"

#include "common/civil.h"

static void write_time(struct json *json, const char *key, int64_t utc_s)
{
	char text[CIVIL_TIME_BYTES];

	if (utc_s <= 0) {
		json_null(json, key);
		return;
	}
	civil_format(utc_s, text);
	json_text(json, key, text);
}

static void write_figure(struct json *json, const char *key, int32_t value)
{
	if (value == LIVE_NONE)
		json_null(json, key);
	else
		json_number(json, key, value);
}

void live_json(struct json *json, const struct ledger_live *live)
{
	json_text(json, "state", live_state_name(live->state));
	write_time(json, "since", live->since_s);
	json_text(json, "cause", live->cause[0] ? live->cause : NULL);
	json_text(json, "dns", live->state == LIVE_UP && live->dns[0] ? live->dns : NULL);
	live_json_figures(json, live);
}

void live_json_figures(struct json *json, const struct ledger_live *live)
{
	write_time(json, "last_report", live->heard_us / 1000000);
	write_figure(json, "rtt_us", live->rtt_us);
	write_figure(json, "loss_ppm", live->loss_ppm);
}
