/* SPDX-License-Identifier: Apache-2.0 */
/* Starts and samples as an agent would send them. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/store/fixture.h"

struct sent sent_start(struct sent_key key, uint8_t boot, uint64_t mono_us, enum reset reset)
{
	struct record *record = calloc(1, sizeof(*record));
	struct sent sent;

	record->kind = RECORD_START;
	record->start = (struct start){.boot = {boot},
		.mono_us = mono_us,
		.nonce = 1,
		.software = "pantau-agent 1",
		.reset = (uint8_t)reset};
	sent = sent_record(key, record);
	free(record);
	return sent;
}

struct sent sent_speed(struct sent_key key, uint8_t boot, uint64_t start_us, uint32_t down_kbps)
{
	struct record *record = calloc(1, sizeof(*record));
	struct sent sent;

	record->kind = RECORD_SPEED;
	record->speed = (struct speed){
		.boot = {boot},
		.start_us = start_us,
		.wan = "wan",
		.outcome = down_kbps ? SPEED_DONE : SPEED_SKIPPED,
		.reason = down_kbps ? SPEED_REASON_NONE : SPEED_REASON_BUSY,
		.server = "speed.example",
	};
	if (down_kbps)
		record->speed.down = (struct speed_run){
			.kbps = down_kbps, .bytes = 1000000, .duration_ms = 4000};
	sent = sent_record(key, record);
	free(record);
	return sent;
}

struct sent sent_http(struct sent_key key, uint8_t boot, uint64_t start_us, uint16_t status)
{
	struct record *record = calloc(1, sizeof(*record));
	struct sent sent;

	record->kind = RECORD_HTTP;
	record->http = (struct http){
		.boot = {boot},
		.start_us = start_us,
		.wan = "wan",
		.url = "https://desa.example/",
		.outcome = status == 200 ? HTTP_DONE : HTTP_STATUS,
		.status = status,
		.total_us = 90000,
	};
	sent = sent_record(key, record);
	free(record);
	return sent;
}

struct sent sent_observation(
	struct sent_key key, uint8_t boot, uint64_t mono_us, const char *source)
{
	struct record *record = calloc(1, sizeof(*record));
	struct observation *observation = &record->observation;
	struct sent sent;

	record->kind = RECORD_OBSERVATION;
	*observation = (struct observation){.boot = {boot}, .mono_us = mono_us, .item_count = 1};
	strcpy(observation->source, source);
	strcpy(observation->items[0].key, "rsrp_dbm");
	strcpy(observation->items[0].value, "-97");
	sent = sent_record(key, record);
	free(record);
	return sent;
}
