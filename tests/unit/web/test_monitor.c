/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "web/limits.h"
#include "web/monitor.h"

static struct status *parse(const char *json)
{
	struct status *status = NULL;

	assert_int_equal(status_parse(json, strlen(json), &status, NULL), 0);
	return status;
}

static struct monitor_health judge(
	const char *ingest_json, const char *ledger_json, int64_t stalled)
{
	struct status *ingest = ingest_json ? parse(ingest_json) : NULL;
	struct status *ledger = ledger_json ? parse(ledger_json) : NULL;
	struct monitor_health health;

	monitor_judge(ingest, ledger, stalled, &health);
	status_free(ingest);
	status_free(ledger);
	return health;
}

#define WELL "{\"cannot_write\":null,\"ledger\":{\"lag_records\":3}}"

static void all_is_well(void **state)
{
	struct monitor_health health = judge(WELL, "{}", 5);

	for (int i = 0; i < PART_COUNT; i++) {
		assert_true(health.parts[i].ok);
		assert_string_equal(health.parts[i].words, "");
	}
}

static void a_process_that_is_gone_is_named(void **state)
{
	struct monitor_health health = judge(NULL, "{}", 0);

	assert_false(health.parts[PART_INGEST].ok);
	assert_false(health.parts[PART_JOURNAL].ok);
	assert_true(health.parts[PART_LEDGER].ok);
	health = judge(WELL, NULL, 0);
	assert_true(health.parts[PART_INGEST].ok);
	assert_false(health.parts[PART_LEDGER].ok);
}

static void a_full_disk_is_said_without_its_path(void **state)
{
	struct monitor_health health = judge(
		"{\"cannot_write\":\"/var/lib/pantau/journal: no space (see /etc)\","
		"\"ledger\":{\"lag_records\":0}}",
		"{}", 0);

	assert_false(health.parts[PART_JOURNAL].ok);
	assert_string_equal(
		health.parts[PART_JOURNAL].words, "nothing is acknowledged: * no space (see *");
	assert_true(health.parts[PART_INGEST].ok);
}

static void a_ledger_far_behind_or_stuck_lags(void **state)
{
	struct monitor_health health;

	health = judge("{\"ledger\":{\"lag_records\":10001}}", "{}", 0);
	assert_false(health.parts[PART_LAG].ok);
	health = judge("{\"ledger\":{\"lag_records\":10000}}", "{}", 0);
	assert_true(health.parts[PART_LAG].ok);
	health = judge("{\"ledger\":{\"lag_records\":1}}", "{}", HEALTH_STALL_S + 1);
	assert_false(health.parts[PART_LAG].ok);
	health = judge("{\"ledger\":{\"lag_records\":0}}", "{}", HEALTH_STALL_S + 1);
	assert_true(health.parts[PART_LAG].ok); /* nothing to do is no standstill */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_is_well),
		cmocka_unit_test(a_process_that_is_gone_is_named),
		cmocka_unit_test(a_full_disk_is_said_without_its_path),
		cmocka_unit_test(a_ledger_far_behind_or_stuck_lags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
