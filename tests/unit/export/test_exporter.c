/* SPDX-License-Identifier: Apache-2.0 */
/* From the outbox to a server that takes, refuses, stumbles or is away. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/export/exporter.h"
#include "common/log.h"
#include "tests/unit/export/tiny_http.h"
#include "tests/unit/store/fixture.h"

#define MINUTE_US (60 * US_PER_S)
#define SLOTS 20
#define TAKEN_MAX (1024 * 1024)

struct world {
	struct fixture *fixture;
	uint32_t agent;
	struct tiny_http *http;
	struct exporter *exporter;
	/* the server: guarded by its answering one request at a time, and the test waiting for
	 * it */
	int status; /* of every answer, if it is not 0 */
	const char *bad; /* lines that hold this are refused */
	bool no_database;
	unsigned requests;
	char heads[4096], bodies[4096]; /* of the last request */
	char taken[TAKEN_MAX]; /* all lines that were taken */
};

static int answer_write(
	struct world *world, const struct tiny_request *request, const char **answer)
{
	if (world->no_database) {
		*answer = "{\"error\":\"database not found: \\\"pantau\\\"\"}";
		return 404;
	}
	if (world->bad && strstr(request->body, world->bad)) {
		*answer = "{\"error\":\"partial write: field type conflict dropped=1\"}\n";
		return 400;
	}
	strcat(world->taken, request->body);
	return 204;
}

static int answer(void *arg, const struct tiny_request *request, const char **ret_answer)
{
	struct world *world = arg;

	world->requests++;
	snprintf(world->heads, sizeof(world->heads), "%s", request->head);
	snprintf(world->bodies, sizeof(world->bodies), "%s", request->body);
	if (world->status) {
		*ret_answer = "busy";
		return world->status;
	}
	if (!strncmp(request->head, "POST /query", strlen("POST /query"))) {
		if (strstr(request->body, "CREATE"))
			world->no_database = false;
		*ret_answer = "{\"results\":[{\"statement_id\":0}]}";
		return 200;
	}
	if (!strncmp(request->head, "POST /api/v2/delete", strlen("POST /api/v2/delete")))
		return 204;
	return answer_write(world, request, ret_answer);
}

static void open_exporter(struct world *world, struct exporter_settings settings)
{
	struct err err = {0};
	char url[64];

	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", tiny_http_port(world->http));
	settings.influx.url = url;
	settings.influx.database = "pantau";
	if (!settings.batch)
		settings.batch = 1000;
	if (exporter_open(world->fixture->state, &settings, &world->exporter, &err))
		fail_msg("%s", err.text);
}

static int setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	struct sent records[SLOTS + 1];
	int64_t link;

	log_set_level(LOG_LEVEL_ERROR);
	world->fixture = fixture_new();
	link = fixture_link(world->fixture, DESA, "Telkom, Tbk");
	world->agent = fixture_agent(world->fixture, link, T0);
	records[0] = sent_anchor(KEY(world->agent, 1, 1), 1, 0, T0 * US_PER_S);
	for (unsigned i = 0; i < SLOTS; i++)
		records[i + 1] = sent_slot(KEY(world->agent, 1, i + 2),
			(struct slot_plan){1, i * MINUTE_US, 60000, 0, 1000 + i, NULL});
	/* a row each */
	for (unsigned i = 0; i <= SLOTS; i++)
		fixture_take(world->fixture, &records[i], 1);
	world->http = tiny_http_start(answer, world);
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;

	exporter_close(world->exporter);
	tiny_http_stop(world->http);
	fixture_free(world->fixture);
	free(world);
	return 0;
}

static unsigned count(const char *text, const char *word)
{
	unsigned found = 0;

	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
		found++;
	return found;
}

static void run_dry(struct world *world)
{
	struct err err = {0};
	int r;

	while ((r = exporter_step(world->exporter, &err)) > 0)
		;
	if (r < 0)
		fail_msg("%s", err.text);
}

/* ---- tests */

static void every_row_arrives_once(void **state)
{
	struct world *world = *state;

	open_exporter(world, (struct exporter_settings){.batch = 7});
	run_dry(world);
	assert_int_equal(count(world->taken, "pantau_slot,"), SLOTS);
	assert_int_equal(count(world->taken, "pantau_wan,"), SLOTS);
	assert_int_equal(count(world->taken, "provider=Telkom\\,\\ Tbk "), 2 * SLOTS);
	assert_int_equal(count(world->taken, " 1767196800\n"), 2);
	assert_non_null(strstr(world->heads, "POST /write?precision=s&db=pantau HTTP/1.1"));
	assert_int_equal(exporter_counts(world->exporter).points, 2 * SLOTS);
	assert_int_equal(exporter_counts(world->exporter).refused, 0);
	assert_int_equal(exporter_position(world->exporter), SLOTS);
	unsigned requests = world->requests;
	run_dry(world);
	assert_int_equal(world->requests, requests); /* nothing to say, nothing said */
}

static void it_begins_after_its_position(void **state)
{
	struct world *world = *state;

	open_exporter(world, (struct exporter_settings){.position = SLOTS - 1});
	run_dry(world);
	assert_int_equal(count(world->taken, "\n"), 2);
}

static void a_server_that_stumbles_is_asked_again_for_the_same(void **state)
{
	struct world *world = *state;
	struct err err = {0};

	open_exporter(world, (struct exporter_settings){.batch = 7});
	world->status = 503;
	assert_int_equal(exporter_step(world->exporter, &err), -EAGAIN);
	assert_non_null(strstr(err.text, "503"));
	assert_non_null(strstr(err.text, "busy"));
	assert_int_equal(exporter_position(world->exporter), 0);
	world->status = 401;
	assert_int_equal(exporter_step(world->exporter, &err), -EAGAIN);
	world->status = 0;
	run_dry(world);
	assert_int_equal(count(world->taken, "\n"), 2 * SLOTS);
	assert_int_equal(exporter_counts(world->exporter).points, 2 * SLOTS);
}

static void a_server_that_is_away_costs_nothing(void **state)
{
	struct world *world = *state;
	struct err err = {0};

	open_exporter(world, (struct exporter_settings){.batch = 7});
	tiny_http_stop(world->http);
	assert_int_equal(exporter_step(world->exporter, &err), -EAGAIN);
	assert_int_equal(exporter_position(world->exporter), 0);
	world->http = tiny_http_start(answer, world);
}

static void a_line_that_is_refused_costs_no_other_line(void **state)
{
	struct world *world = *state;

	world->bad = " 1767197100\n"; /* the slot and the WAN of minute 5 */
	open_exporter(world, (struct exporter_settings){0});
	run_dry(world);
	struct exporter_counts counts = exporter_counts(world->exporter);
	assert_int_equal(counts.refused, 2);
	assert_int_equal(counts.points, 2 * SLOTS - 2);
	assert_int_equal(count(world->taken, "\n"), 2 * SLOTS - 2);
	assert_int_equal(exporter_position(world->exporter), SLOTS);
}

static void a_server_that_refuses_everything_is_not_asked_for_ever(void **state)
{
	struct world *world = *state;

	world->bad = "pantau";
	open_exporter(world, (struct exporter_settings){0});
	run_dry(world);
	assert_int_equal(exporter_counts(world->exporter).refused, 2 * SLOTS);
	assert_true(world->requests <= 4 * SLOTS + 2); /* and its counters are asked for */
}

static void the_database_is_made_when_it_is_missing(void **state)
{
	struct world *world = *state;

	world->no_database = true;
	open_exporter(world, (struct exporter_settings){0});
	run_dry(world);
	assert_int_equal(count(world->taken, "\n"), 2 * SLOTS);
	assert_false(world->no_database);
}

static void a_slot_that_moved_is_removed_before_it_is_written_anew(void **state)
{
	struct world *world = *state;
	struct sent better = sent_anchor(
		KEY(world->agent, 1, 100), 1, 19 * MINUTE_US, (T0 + 1140 + 5) * US_PER_S);

	open_exporter(world, (struct exporter_settings){0});
	run_dry(world);
	world->taken[0] = '\0';
	fixture_take(world->fixture, &better, 1); /* the last slot lies five seconds later */
	run_dry(world);
	assert_int_equal(count(world->taken, "\n"), 2);
	assert_int_equal(count(world->taken, " 1767197945\n"), 2);
	/* the removal came in another request, after the two lines or before: it names the old
	 * place */
	assert_non_null(strstr(world->bodies, "DELETE"));
	assert_non_null(strstr(world->bodies, "2025-12-31T16%3A19%3A00Z"));
	assert_non_null(strstr(world->bodies, "%27"));
}

static void the_second_api_has_its_own_path_and_token(void **state)
{
	struct world *world = *state;

	open_exporter(world,
		(struct exporter_settings){.influx = {
						   .api = INFLUX_V2,
						   .organisation = "Dinas Kominfo",
						   .token = "s3cret",
					   }});
	run_dry(world);
	assert_int_equal(count(world->taken, "\n"), 2 * SLOTS);
	assert_non_null(strstr(world->heads,
		"POST /api/v2/write?precision=s&bucket=pantau&org=Dinas%20Kominfo HTTP/1.1"));
	assert_non_null(strstr(world->heads, "Authorization: Token s3cret"));
}

static void an_address_that_says_too_much_is_refused_at_once(void **state)
{
	static const char *const urls[] = {"http://127.0.0.1:8086/write?db=pantau",
		"http://127.0.0.1:8086/write", "127.0.0.1:8086", "ftp://127.0.0.1"};

	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
		struct influx_settings settings = {.url = urls[i], .database = "pantau"};
		struct influx *influx = NULL;
		struct err err = {0};
		assert_int_equal(influx_open(&settings, NULL, NULL, &influx, &err), -EINVAL);
		assert_non_null(strstr(err.text, urls[i]));
		assert_null(influx);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(every_row_arrives_once),
		TEST(it_begins_after_its_position),
		TEST(a_server_that_stumbles_is_asked_again_for_the_same),
		TEST(a_server_that_is_away_costs_nothing),
		TEST(a_line_that_is_refused_costs_no_other_line),
		TEST(a_server_that_refuses_everything_is_not_asked_for_ever),
		TEST(the_database_is_made_when_it_is_missing),
		TEST(a_slot_that_moved_is_removed_before_it_is_written_anew),
		TEST(the_second_api_has_its_own_path_and_token),
		cmocka_unit_test(an_address_that_says_too_much_is_refused_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
