/* SPDX-License-Identifier: Apache-2.0 */
/* status.json there and back, what is told of it in both languages, and the exit codes. */
#include "tests/unit/agent/fixture.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/core/view.h"
#include "agent/technician/board.h"
#include "agent/technician/status_fields.h"
#include "agent/technician/status_words.h"
#include "agent/technician/trouble.h"
#include "agent/uplink/renewal.h"
#include "common/file.h"

#define NOW_US 1000000000
#define LOOKERS 2
#define STARTS 10000 /* one that takes a lock to look is in the way of some */
#define LINES_MAX 14 /* what can be read out over the phone */

static char folder[] = "/tmp/pantau-status-XXXXXX";
static char told[4096];
static const char *manual_path; /* docs/TECHNICIAN.md, the first argument */

static struct status well(void)
{
	return (struct status){
		.software = "pantau-agent 1",
		.pid = getpid(),
		.run = 7,
		.started_us = 400000000,
		.written_us = NOW_US - 5000000,
		.written_utc_us = 1767196800000000,
		.clock_known = true,
		.slot_s = 60,
		.report_s = 60,
		.slot = "slot 60 s: all \"well\"",
		.wans[0] = {.name = "wan",
			.interface = "eth0",
			.address = "100.64.7.2",
			.state = VIEW_UP,
			.since_us = 400000000,
			.answered_us = NOW_US - 8000000,
			.rtt_us = 23450,
			.made = 6,
			.answered = 6},
		.clients_plus_one = 15,
		.connected = true,
		.collector = "noc.example:7443",
		.acknowledged = 50,
		.acknowledged_us = NOW_US - 40000000,
		.acknowledged_utc_us = 1767196760000000,
	};
}

static enum status_verdict tell(const struct status *status, enum language language)
{
	const struct status_now now = {.now_us = NOW_US, .process_lives = true};
	FILE *out = fmemopen(told, sizeof(told), "w");
	enum status_verdict verdict = status_tell(status, &now, language, out);

	fclose(out);
	return verdict;
}

static void contains(const char *words)
{
	if (!strstr(told, words))
		fail_msg("\"%s\" does not say \"%s\"", told, words);
}

static unsigned count(const char *words)
{
	unsigned found = 0;

	for (const char *at = told; (at = strstr(at, words)) != NULL; at++)
		found++;
	return found;
}

static void all_that_was_written_is_read_back(void **state)
{
	struct status status = well(), read = {.run = 0};
	struct err err;

	status.wans[1] = status.wans[0];
	strcpy(status.wans[1].name, "wan2");
	status.wans[1].state = VIEW_DOWN;
	status.wans[1].fault = VIEW_FAULT_UPSTREAM;
	status.trouble = TROUBLE_CERTIFICATE;
	strcpy(status.trouble_text, "a \"bad\" one\\");
	status.speed_outcome = SPEED_SKIPPED;
	status.speed_reason = SPEED_REASON_BUSY;
	status.commission = STATUS_COMMISSION_KEPT;
	assert_int_equal(status_write(&status, folder, &err), 0);
	assert_int_equal(status_read(folder, &read, &err), 0);
	for (const struct status_field *field = status_fields; field->key; field++) {
		const char *a = (const char *)&status + field->offset;
		const char *b = (const char *)&read + field->offset;
		size_t size = field->type == STATUS_NUMBER ? sizeof(int64_t) : sizeof(int);

		if (field->type == STATUS_TEXT)
			assert_string_equal(a, b);
		else if (memcmp(a, b, field->type == STATUS_BOOL ? sizeof(bool) : size) != 0)
			fail_msg("%s is not read back", field->key);
	}
	assert_string_equal(read.wans[1].name, "wan2");
	assert_int_equal(read.wans[1].fault, VIEW_FAULT_UPSTREAM);
	assert_int_equal(read.wans[0].rtt_us, 23450);
}

static void link_that_answers_and_a_collector_that_takes_are_well(void **state)
{
	struct status status = well();

	assert_int_equal(tell(&status, LANGUAGE_ENGLISH), 0);
	contains("WELL: ");
	contains("wan (eth0, 100.64.7.2): answers within 23.4 ms.");
	contains("last answer 8 s ago; 6 of 6 rounds answered.");
	contains("collector: connected to noc.example:7443.");
	contains("the last report was taken 40 s ago.");
	contains("devices behind the router: 14.");
	assert_int_equal(count("->"), 0);
	assert_int_equal(tell(&status, LANGUAGE_INDONESIAN), 0);
	contains("BAIK: ");
	contains("jawaban terakhir 8 detik lalu");
}

static void link_that_is_down_says_what_is_seen_and_one_thing_to_do(void **state)
{
	for (int fault = VIEW_FAULT_CARRIER; fault < VIEW_FAULT_COUNT; fault++) {
		struct status status = well();

		status.connected = false;
		status.trouble = TROUBLE_UNREACHABLE;
		status.wans[0].state = VIEW_DOWN;
		status.wans[0].fault = fault;
		status.wans[0].since_us = NOW_US - 720000000;
		status.wans[0].answered = 0;
		status.wans[0].address[0] = '\0';
		status.waiting = 12;
		assert_int_equal(tell(&status, LANGUAGE_ENGLISH), 4);
		contains("LINK DOWN: wan has not answered for 12 min.");
		contains("wan (eth0, no address): down for 12 min.");
		contains("  seen: ");
		contains("waiting to be sent: 12 records.");
		assert_int_equal(count("->"), 1);
		assert_true(count("\n") <= LINES_MAX);
	}
}

static void collector_that_is_away_says_why_and_one_thing_to_do(void **state)
{
	for (int trouble = TROUBLE_NONE; trouble < TROUBLE_COUNT; trouble++) {
		struct status status = well();

		status.connected = false;
		status.trouble = trouble;
		assert_int_equal(tell(&status, LANGUAGE_INDONESIAN), 3);
		contains("DATA BELUM SAMPAI");
		contains("tidak tersambung ke noc.example:7443: ");
		assert_int_equal(count("->"), 1);
	}
	contains("sebab lain");
}

static void agent_that_does_not_run_is_told_from_one_that_hangs(void **state)
{
	const struct status_now dead = {.now_us = NOW_US, .process_lives = false};
	struct status status = well();

	assert_int_equal(tell(NULL, LANGUAGE_ENGLISH), 5);
	contains("AGENT NOT RUNNING");
	contains("/etc/init.d/pantau start");
	assert_int_equal(status_judge(&status, &dead), 5);
	status.written_us = NOW_US - 136000000; /* two slots and what a round takes */
	assert_int_equal(tell(&status, LANGUAGE_ENGLISH), 5);
	contains("AGENT HANGS: no word from it for 2 min.");
	status.written_us = NOW_US + 1; /* of the boot before */
	assert_int_equal(tell(&status, LANGUAGE_ENGLISH), 5);
	contains("AGENT NOT RUNNING");
}

static void other_troubles_have_their_line_and_advice(void **state)
{
	struct status status = well();

	status.clock_known = false;
	status.dropped = 3;
	status.rejected = 2;
	strcpy(status.spool_trouble, "No space left on device");
	status.configuration = 7;
	status.configuration_refused = 8;
	status.dns = STATUS_DNS_HIJACKED;
	strcpy(status.dns_resolver, "192.0.2.53");
	assert_int_equal(tell(&status, LANGUAGE_ENGLISH), 0);
	contains("clock: not known yet.");
	contains("lost because the store was full: 3 records.");
	contains("refused by the collector: 2 records.");
	contains("store: cannot be written (No space left on device).");
	contains("version 7 is followed.");
	contains("version 8 was refused or given up.");
	contains("DNS: 192.0.2.53 gives false answers.");
	assert_int_equal(count("->"), 5);
}

static void certificate_tells_its_end_and_who_has_to_act(void **state)
{
	struct status status = well();

	assert_int_equal(tell(&status, LANGUAGE_ENGLISH), 0);
	assert_int_equal(count("Certificate"), 0); /* of an agent that does not know */
	status.certificate_expires_s = 1806537599; /* 2027-03-31T23:59:59 */
	tell(&status, LANGUAGE_ENGLISH);
	contains("Certificate good until 2027-03-31.");
	assert_int_equal(count("->"), 0);
	status.renewal = RENEWAL_DUE;
	tell(&status, LANGUAGE_ENGLISH);
	contains("Certificate ends 2027-03-31: the agent asks for a new one.");
	assert_int_equal(count("->"), 0);
	status.renewal = RENEWAL_PARKED;
	tell(&status, LANGUAGE_ENGLISH);
	contains("Certificate expired 2027-03-31: the centre must say yes.");
	assert_int_equal(count("-> Call the centre: pantau agent readmit."), 1);
	status.renewal = RENEWAL_REFUSED;
	tell(&status, LANGUAGE_INDONESIAN);
	contains("Sertifikat berakhir 2027-03-31: pusat menolak memperbarui.");
	status.trouble = TROUBLE_REVOKED; /* the collector's line says it */
	tell(&status, LANGUAGE_ENGLISH);
	assert_int_equal(count("Certificate"), 0);
}

static struct board *start_board(void)
{
	static char nothing[] = "";
	static struct settings settings = {.runtime_folder = folder, .speed.server = nothing};
	const struct board_settings wanted = {.settings = &settings, .software = "pantau-agent 1"};
	struct board *board;

	for (size_t i = 0; i < SETTINGS_WANS; i++)
		settings.wans[i].name = nothing;
	assert_int_equal(board_new(&wanted, &board), 0);
	return board;
}

/* In a jail every agent is process 1, and outside of it there is always one. */
static void first_process_lives_while_it_holds_the_folder(void **state)
{
	const struct status jailed = {.pid = 1};
	struct board *board;

	assert_false(status_process_lives(&jailed, folder));
	board = start_board();
	assert_true(status_process_lives(&jailed, folder));
	board_free(board);
	assert_false(status_process_lives(&jailed, folder));
	assert_false(status_process_lives(&jailed, "/nonexistent"));
}

/* Whoever looks at that very moment must not be in the way. */
static void agent_starts_while_others_look(void **state)
{
	const struct status jailed = {.pid = 1};
	pid_t looks[LOOKERS], parent = getpid();

	for (int i = 0; i < LOOKERS; i++) {
		looks[i] = fork();
		while (looks[i] == 0 && getppid() == parent)
			status_process_lives(&jailed, folder);
		if (looks[i] == 0)
			_exit(0);
		assert_true(looks[i] > 0);
	}
	for (int i = 0; i < STARTS; i++) {
		struct board *board = start_board();

		assert_true(status_process_lives(&jailed, folder));
		board_free(board);
		assert_false(status_process_lives(&jailed, folder));
	}
	for (int i = 0; i < LOOKERS; i++) {
		kill(looks[i], SIGKILL);
		waitpid(looks[i], NULL, 0);
	}
}

static void metered_agent_holds_records_without_any_trouble(void **state)
{
	struct status status = well();

	status.report_s = 600;
	status.waiting = 5;
	assert_int_equal(tell(&status, LANGUAGE_ENGLISH), 0);
	contains("waiting for the next report: 5 records (every 10 min).");
	assert_int_equal(count("->"), 0);
}

static void speed_test_tells_its_figure_or_why_there_is_none(void **state)
{
	struct status status = well();

	tell(&status, LANGUAGE_ENGLISH);
	assert_int_equal(count("speed test"), 0);
	status.speed_every_s = 21600;
	tell(&status, LANGUAGE_ENGLISH);
	contains("speed test: none yet.");
	status.speed_us = NOW_US - 600000000;
	status.speed_outcome = SPEED_DONE;
	status.speed_down_kbps = 20140;
	status.speed_up_kbps = 4999;
	tell(&status, LANGUAGE_ENGLISH);
	contains("speed test: down 20.1, up 4.9 Mbit/s, 10 min ago; the next in 5 h.");
	status.speed_outcome = SPEED_SKIPPED;
	status.speed_reason = SPEED_REASON_BUSY;
	tell(&status, LANGUAGE_INDONESIAN);
	contains("uji kecepatan: dilewati 10 menit lalu: link sedang dipakai warga; berikutnya "
		 "dalam 5 jam.");
}

static void agent_that_has_just_started_asks_for_patience(void **state)
{
	struct status status = well();

	status.wans[0] = (struct status_wan){.name = "wan", .interface = "eth0"};
	assert_int_equal(tell(&status, LANGUAGE_ENGLISH), 0);
	contains("JUST STARTED");
}

static void file_that_is_not_there_means_no_agent(void **state)
{
	FILE *out = fmemopen(told, sizeof(told), "w");
	struct err err;

	assert_int_equal(status_print("/nonexistent", LANGUAGE_ENGLISH, out, &err), 5);
	fclose(out);
	contains("AGENT NOT RUNNING");
}

static void each_key_stands_in_the_manual(void **state)
{
	uint8_t *manual;
	size_t length;
	struct err err;

	assert_int_equal(file_read(manual_path, 1 << 20, &manual, &length, &err), 0);
	for (const struct status_field *field = status_fields; field->key; field++) {
		char quoted[STATUS_KEY_BYTES + 4];

		snprintf(quoted, sizeof(quoted), "`%s`", field->key);
		if (!strstr((const char *)manual, quoted))
			fail_msg("docs/TECHNICIAN.md does not tell of %s", quoted);
	}
	for (const struct status_field *field = status_wan_fields; field->key; field++) {
		char quoted[STATUS_KEY_BYTES + 8];

		snprintf(quoted, sizeof(quoted), "`wan1_%s`", field->key);
		if (!strstr((const char *)manual, quoted))
			fail_msg("docs/TECHNICIAN.md does not tell of %s", quoted);
	}
	free(manual);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_was_written_is_read_back),
		cmocka_unit_test(link_that_answers_and_a_collector_that_takes_are_well),
		cmocka_unit_test(link_that_is_down_says_what_is_seen_and_one_thing_to_do),
		cmocka_unit_test(collector_that_is_away_says_why_and_one_thing_to_do),
		cmocka_unit_test(agent_that_does_not_run_is_told_from_one_that_hangs),
		cmocka_unit_test(other_troubles_have_their_line_and_advice),
		cmocka_unit_test(certificate_tells_its_end_and_who_has_to_act),
		cmocka_unit_test(first_process_lives_while_it_holds_the_folder),
		cmocka_unit_test(agent_starts_while_others_look),
		cmocka_unit_test(metered_agent_holds_records_without_any_trouble),
		cmocka_unit_test(speed_test_tells_its_figure_or_why_there_is_none),
		cmocka_unit_test(agent_that_has_just_started_asks_for_patience),
		cmocka_unit_test(file_that_is_not_there_means_no_agent),
		cmocka_unit_test(each_key_stands_in_the_manual),
	};
	char path[64];
	int failed;

	if (argc != 2 || !mkdtemp(folder))
		return 1;
	manual_path = argv[1];
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(path, sizeof(path), "%s/status.json", folder);
	unlink(path);
	rmdir(folder);
	return failed;
}
