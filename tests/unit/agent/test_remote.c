/* SPDX-License-Identifier: Apache-2.0 */
/* A collector that asks for whatever it likes: what the agent takes, what it refuses, and what it
 * remembers over restarts. */
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "agent/settings/remote.h"
#include "agent/settings/remote_files.h"
#include "common/clock.h"
#include "common/file.h"
#include "common/log.h"

#define TRIAL_S 1
#define TRIAL_MS (TRIAL_S * 1000)

struct bench {
	char folder[64], path[96];
	uv_loop_t loop;
	struct remote *remote;
	unsigned applied, changed, asked;
	long long round_s; /* as applied last */
	int apply_fails;
};

static int on_apply(void *arg, const struct settings *settings, struct err *err)
{
	struct bench *bench = arg;

	if (bench->apply_fails)
		return err_set(err, -EIO, "the probes cannot be opened");
	bench->applied++;
	bench->round_s = settings->round_s;
	return 0;
}

static void on_changed(void *arg)
{
	((struct bench *)arg)->changed++;
}

static void on_ask(void *arg)
{
	((struct bench *)arg)->asked++;
}

static void start(struct bench *bench)
{
	const struct remote_events events = {bench, on_apply, on_changed, on_ask};
	struct err err;

	bench->applied = bench->changed = bench->asked = 0;
	assert_int_equal(uv_loop_init(&bench->loop), 0);
	if (remote_open(&bench->loop, bench->path, &events, &bench->remote, &err) < 0)
		fail_msg("%s", err.text);
}

static void stop(struct bench *bench)
{
	remote_close(bench->remote);
	uv_run(&bench->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&bench->loop), 0);
}

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	char conf[256];

	log_set_level(LOG_LEVEL_ERROR);
	strcpy(bench->folder, "/tmp/pantau-remote-XXXXXX");
	assert_non_null(mkdtemp(bench->folder));
	snprintf(bench->path, sizeof(bench->path), "%s/agent.conf", bench->folder);
	snprintf(conf, sizeof(conf),
		"[agent]\nstate_folder = %s\ntrial_s = %d\n[http]\nurl = http://192.168.1.1/own\n",
		bench->folder, TRIAL_S);
	assert_int_equal(file_replace(bench->path, conf, strlen(conf), 0600, NULL), 0);
	start(bench);
	*state = bench;
	return 0;
}

static int teardown(void **state)
{
	static const char *const names[] = {
		"agent.conf", "remote.conf", "remote.trial", "remote.refused"};
	struct bench *bench = *state;
	char path[PATH_MAX];

	stop(bench);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", bench->folder, names[i]);
		unlink(path);
	}
	rmdir(bench->folder);
	free(bench);
	return 0;
}

static bool has_file(const struct bench *bench, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", bench->folder, name);
	return access(path, F_OK) == 0;
}

static void run_for(struct bench *bench, unsigned ms)
{
	uint64_t end_us = clock_boot_us() + ms * 1000ULL;

	while (clock_boot_us() < end_us) {
		uv_run(&bench->loop, UV_RUN_NOWAIT);
		usleep(2000);
	}
}

static void offer(struct bench *bench, uint32_t version, const char *text)
{
	const struct configuration asked = {version, text, text ? strlen(text) : 0};

	remote_take(bench->remote, &asked);
	run_for(bench, 20);
}

static void heard_in_time(struct bench *bench)
{
	run_for(bench, TRIAL_MS / 20 + 50);
	remote_heard(bench->remote);
}

static void what_is_asked_is_done_and_kept(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(remote_settings(bench->remote)->round_s, 10);
	offer(bench, 4, "[agent]\nround_s = 20\n");
	assert_int_equal(bench->applied, 1);
	assert_int_equal(bench->round_s, 20);
	assert_int_equal(remote_said(bench->remote).followed, 4);
	assert_true(has_file(bench, "remote.trial"));
	heard_in_time(bench);
	assert_true(bench->asked > 0);
	assert_false(has_file(bench, "remote.trial"));
	assert_true(has_file(bench, "remote.conf"));
	stop(bench);
	start(bench);
	assert_int_equal(remote_said(bench->remote).followed, 4);
	assert_int_equal(remote_settings(bench->remote)->round_s, 20);
	offer(bench, 5, "");
	assert_int_equal(bench->round_s, 10); /* its own file alone again */
	assert_int_equal(remote_said(bench->remote).followed, 5);
}

static void the_same_again_changes_nothing(void **state)
{
	struct bench *bench = *state;

	offer(bench, 4, "[agent]\nround_s = 20\n");
	heard_in_time(bench);
	offer(bench, 4, "[agent]\nround_s = 20\n");
	assert_int_equal(bench->applied, 1);
	offer(bench, 0, NULL);
	assert_int_equal(bench->applied, 1);
	stop(bench);
	start(bench);
	offer(bench, 6, "[agent]\nround_s = 20\n"); /* a new number for the same words */
	assert_int_equal(bench->applied, 0);
	assert_int_equal(remote_said(bench->remote).followed, 6);
}

static void what_costs_the_collector_is_given_up(void **state)
{
	struct bench *bench = *state;

	offer(bench, 4, "[agent]\nround_s = 20\n");
	heard_in_time(bench);
	stop(bench);
	start(bench);
	offer(bench, 7, "[agent]\nround_s = 30\n");
	assert_int_equal(bench->round_s, 30);
	remote_heard(bench->remote); /* too soon: it may have left before */
	run_for(bench, TRIAL_MS + 100);
	assert_int_equal(bench->round_s, 20);
	assert_int_equal(remote_said(bench->remote).followed, 4);
	assert_int_equal(remote_said(bench->remote).refused, 7);
	assert_non_null(strstr(remote_said(bench->remote).trouble, "not heard in time"));
	remote_heard(bench->remote); /* without it */
	stop(bench);
	start(bench); /* and not tried again after a restart */
	assert_int_equal(remote_said(bench->remote).refused, 7);
	assert_int_equal(remote_settings(bench->remote)->round_s, 20);
	offer(bench, 7, "[agent]\nround_s = 30\n");
	assert_int_equal(bench->applied, 0);
	offer(bench, 8, "[agent]\nround_s = 30\n");
	assert_int_equal(bench->round_s, 30);
}

static void an_outage_is_not_the_configurations_doing(void **state)
{
	struct bench *bench = *state;

	offer(bench, 7, "[agent]\nround_s = 30\n");
	run_for(bench, TRIAL_MS + 100);
	assert_int_equal(bench->round_s, 10);
	assert_true(has_file(bench, "remote.refused"));
	run_for(bench, TRIAL_MS + 100);
	assert_false(has_file(bench, "remote.refused"));
	assert_int_equal(remote_said(bench->remote).refused, 0);
	offer(bench, 7, "[agent]\nround_s = 30\n");
	assert_int_equal(bench->round_s, 30);
	heard_in_time(bench);
	assert_true(has_file(bench, "remote.conf"));
}

static void a_trial_goes_on_after_a_restart_but_not_for_ever(void **state)
{
	struct bench *bench = *state;

	offer(bench, 4, "[agent]\nround_s = 20\n");
	for (int i = 0; i < 4; i++) {
		stop(bench);
		start(bench);
		assert_int_equal(remote_settings(bench->remote)->round_s, 20);
		assert_int_equal(remote_said(bench->remote).followed, 4);
	}
	stop(bench);
	start(bench);
	assert_int_equal(remote_settings(bench->remote)->round_s, 10);
	assert_int_equal(remote_said(bench->remote).refused, 4);
	assert_false(has_file(bench, "remote.trial"));
}

static void refused(struct bench *bench, const char *text, const char *words)
{
	stop(bench);
	start(bench); /* so that it is looked at at once */
	offer(bench, 9, text);
	if (remote_said(bench->remote).refused != 9 ||
		!strstr(remote_said(bench->remote).trouble, words))
		fail_msg("%s: \"%s\" does not say \"%s\"", text, remote_said(bench->remote).trouble,
			words);
	assert_int_equal(bench->applied, 0);
	assert_int_equal(remote_said(bench->remote).followed, 0);
	assert_int_equal(remote_settings(bench->remote)->round_s, 10);
	assert_false(has_file(bench, "remote.trial"));
	assert_false(has_file(bench, "remote.conf"));
}

static void whoever_owns_the_collector_owns_no_router(void **state)
{
	static const char *const cases[][2] = {
		{"[wan]\ninternet_targets = 8.8.8.8, 192.168.1.1\n", "192.168.1.1 is not a public"},
		{"[wan]\ninternet_targets = 64:ff9b::10.0.0.1\n", "not a public"},
		{"[wan]\ntcp_target = 10.0.0.1:443\n", "not a public"},
		{"[dns]\nresolvers = 127.0.0.1\n", "not a public"},
		{"[http]\nurl = http://192.168.1.1/own\n", "not a public"}, /* its own may say so */
		{"[speed]\nserver = http://[fd00::1]/\n", "not a public"},
		{"[stamp]\ntarget = 224.0.0.1:862\n", "not a public"},
		{"[agent]\nround_s = 1\n", "5 to 60"},
		{"[agent]\nround_s = 20\nuser = root\n", "[agent] user = root: may not come"},
		{"[agent]\nhelper = /bin/sh\n", "may not come from afar"},
		{"[collector]\naddress = evil.example:7443\n", "may not come from afar"},
		{"[collector]\nserver_name = evil.example\n", "may not come from afar"},
		{"[evidence]\nfolder = /tmp\n", "may not come from afar"},
		{"[agent]\nround_s = 20\nround_s = 30\n", "given twice"},
		{"[agent]\nnothing = 1\n", "unknown key"},
		{"round_s = 20\n", "before the first"},
		{"[speed]\nserver = http://example.com/\ninterval_s = 3600\n", "MB a day"},
		{"[speed]\nserver = http://example.com/\ndown_bytes = 268435456\n", "67108864"},
		{"[wan]\ninternet_targets = 1.0.0.1, 1.0.0.2, 1.0.0.3, 1.0.0.4, 1.0.0.5, 1.0.0.6, "
		 "1.0.0.7, 1.0.0.8, 1.0.0.9, 1.0.0.10, 1.0.0.11, 1.0.0.12, 9.9.0.13\n",
			"more than 12 targets"},
		{"[agent]\nslot_s = 60\nround_s = 5\n[wan]\ninternet_targets = 1.0.0.1, 1.0.0.2, "
		 "1.0.0.3, 1.0.0.4, 1.0.0.5, 1.0.0.6, 1.0.0.7, 9.9.0.8\n[agent]\nslot_s = 5\n",
			"given twice"},
	};
	char large[CONFIGURATION_MAX + 2];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		refused(*state, cases[i][0], cases[i][1]);
	refused(*state, NULL, "cannot be read");
	memset(large, '\n', sizeof(large));
	large[sizeof(large) - 1] = '\0';
	refused(*state, large, "longer than it may be");
}

/* Another one three times a second: it is looked at now and then, and hardly ever written. */
static void a_flood_of_configurations_is_not_followed(void **state)
{
	struct bench *bench = *state;
	char text[64];

	for (uint32_t version = 1; version <= 1000; version++) {
		const struct configuration asked = {version, text,
			(size_t)snprintf(
				text, sizeof(text), "[agent]\nround_s = %u\n", 10 + version % 50)};

		remote_take(bench->remote, &asked);
		run_for(bench, 1);
		remote_heard(bench->remote);
	}
	assert_in_range(bench->applied, 1, 6); /* as many as a person may try */
}

static void settings_that_cannot_be_used_are_refused(void **state)
{
	struct bench *bench = *state;

	bench->apply_fails = 1;
	offer(bench, 3, "[agent]\nround_s = 20\n");
	assert_int_equal(remote_said(bench->remote).refused, 3);
	assert_string_equal(remote_said(bench->remote).trouble, "the probes cannot be opened");
	assert_int_equal(remote_settings(bench->remote)->round_s, 10);
	assert_false(has_file(bench, "remote.trial"));
}

static void a_damaged_memory_is_none(void **state)
{
	static const char *const texts[] = {"", "# version", "# version 0 start 1\n",
		"version 3\nx", "# version 3 start 1\n[agent]\nuser = root\n"};
	struct bench *bench = *state;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/remote.conf", bench->folder);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		stop(bench);
		assert_int_equal(file_replace(path, texts[i], strlen(texts[i]), 0600, NULL), 0);
		start(bench);
		assert_int_equal(remote_said(bench->remote).followed, 0);
		assert_int_equal(remote_settings(bench->remote)->round_s, 10);
	}
}

static void what_is_the_own_files_may_be_private(void **state)
{
	struct bench *bench = *state;

	assert_false(remote_settings(bench->remote)->http.public_only);
	offer(bench, 3, "[http]\nurl = http://example.com/204\n");
	assert_true(remote_settings(bench->remote)->http.public_only);
	assert_false(remote_settings(bench->remote)->speed.public_only);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_is_asked_is_done_and_kept),
		CASE(the_same_again_changes_nothing),
		CASE(what_costs_the_collector_is_given_up),
		CASE(an_outage_is_not_the_configurations_doing),
		CASE(a_trial_goes_on_after_a_restart_but_not_for_ever),
		CASE(whoever_owns_the_collector_owns_no_router),
		CASE(a_flood_of_configurations_is_not_followed),
		CASE(settings_that_cannot_be_used_are_refused),
		CASE(a_damaged_memory_is_none),
		CASE(what_is_the_own_files_may_be_private),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
