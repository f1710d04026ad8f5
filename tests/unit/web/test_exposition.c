/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "web/exposition.h"
#include "web/process_metrics.h"

static void samples_have_labels_and_exact_numbers(void **state)
{
	static const char want[] = "# HELP x Help.\n# TYPE x gauge\n"
				   "x{a=\"1\",b=\"q\\\"\\\\\\n\"} 1795348799\nx NaN\nx 0.25\n";
	const struct label labels[] = {{"a", "1"}, {"b", "q\"\\\n"}, {NULL}};
	struct buf out;
	struct exposition to = {.out = &out};

	buf_init(&out, 1024);
	exposition_head(&to, "x", "gauge", "Help.");
	exposition_sample(&to, "x", labels, 1795348799);
	exposition_sample(&to, "x", NULL, NAN);
	exposition_sample(&to, "x", NULL, 0.25);
	assert_int_equal(to.failed, 0);
	assert_int_equal(buf_length(&out), sizeof(want) - 1);
	assert_memory_equal(buf_peek(&out), want, sizeof(want) - 1);
	buf_done(&out);
}

static void the_error_sticks(void **state)
{
	struct buf out;
	struct exposition to = {.out = &out};

	buf_init(&out, 10);
	exposition_head(&to, "pantau_long", "gauge", "Too long.");
	exposition_sample(&to, "x", NULL, 1);
	assert_int_equal(to.failed, -ENOBUFS);
	buf_done(&out);
}

static void a_status_becomes_metrics_with_one_head_a_name(void **state)
{
	static const char json[] = "{\"records\":12,\"ack_p50_us\":1500,\"ack_p99_us\":2500,"
				   "\"rejected\":{\"malformed\":1,\"invalid\":2}}";
	static const char *const wanted[] = {
		"# TYPE pantau_ingest_records_total counter\npantau_ingest_records_total 12\n",
		("pantau_ingest_rejected_total{code=\"malformed\"} 1\n"
		 "pantau_ingest_rejected_total{code=\"invalid\"} 2\n"),
		"pantau_ingest_ack_seconds{quantile=\"0.5\"} 0.0015\n"};
	struct status *status = NULL;
	struct buf out;
	struct exposition to = {.out = &out};

	buf_init(&out, 65536);
	assert_int_equal(status_parse(json, sizeof(json) - 1, &status, NULL), 0);
	process_metrics_write(&to, status, NULL, 0);
	assert_int_equal(to.failed, 0);
	assert_int_equal(buf_append(&out, "", 1), 0);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		if (!strstr((const char *)buf_peek(&out), wanted[i]))
			fail_msg("%s lacks %s", (const char *)buf_peek(&out), wanted[i]);
	}
	assert_null(strstr((const char *)buf_peek(&out), "pantau_ingest_agents"));
	status_free(status);
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(samples_have_labels_and_exact_numbers),
		cmocka_unit_test(the_error_sticks),
		cmocka_unit_test(a_status_becomes_metrics_with_one_head_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
