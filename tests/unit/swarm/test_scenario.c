/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "swarm/scenario.h"

static int read_text(const char *text, struct scenario *scenario, struct err *err)
{
	char path[] = "/tmp/scenarioXXXXXX";
	int fd = mkstemp(path), r;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	r = scenario_read(path, scenario, err);
	unlink(path);
	return r;
}

static void every_kind_of_line_is_read(void **state)
{
	struct scenario scenario;
	struct err err;

	assert_int_equal(read_text("# a comment\n"
				   "seed 64\nzone WIT\nbackground 0.5\n"
				   "profile vsat rtt_ms=610 outages_week=3\n"
				   "\n"
				   "10 1-20 outage 30\n"
				   "-2h provider=\"Penyedia Satu\",kabupaten=64.02 access 40m\n"
				   "daily@19:00 kind=4g slow 3h rtt=80 loss=2.5 speed=40 "
				   "jitter=10m chance=50\n"
				   "5m mains=no power 1h\n"
				   "6m 7 clock 2h off=-3d\n"
				   "60 all rebind\n",
				 &scenario, &err),
		0);
	assert_int_equal(scenario.seed, 64);
	assert_int_equal(scenario.zone_s, 9 * 3600);
	assert_int_equal(scenario.background_ppm, 500000);
	assert_true(scenario.profiles[KIND_VSAT].rtt_ms == 610);
	assert_int_equal(scenario.count, 6);
	assert_int_equal(scenario.scenes[0].trouble, TROUBLE_PROVIDER);
	assert_int_equal(scenario.scenes[0].whom.last, 20);
	assert_int_equal(scenario.scenes[1].at_ms, -7200000);
	assert_string_equal(scenario.scenes[1].whom.provider, "Penyedia Satu");
	assert_true(scenario.scenes[2].daily);
	assert_int_equal(scenario.scenes[2].loss_ppm, 25000);
	assert_int_equal(scenario.scenes[2].chance_ppm, 500000);
	assert_int_equal(scenario.scenes[2].jitter_ms, 600000);
	assert_int_equal(scenario.scenes[3].whom.mains, 0);
	assert_int_equal(scenario.scenes[4].off_ms, -3 * 86400000LL);
	assert_int_equal(scenario.scenes[5].trouble, TROUBLE_REBIND);
	scenario_done(&scenario);
}

static void a_wrong_line_is_named(void **state)
{
	static const struct {
		const char *line, *words;
	} cases[] = {
		{"10 all flood 3", ":2: flood: must be outage, cable"},
		{"ten all rebind", ":2: ten: must be seconds after the start"},
		{"daily@7:00 all power 3", ":2: daily@7:00: must be daily@HH:MM"},
		{"10 3-1 rebind", ":2: 3-1: must be all, N or N-M"},
		{"10 0 rebind", ":2: 0: must be all, N or N-M"},
		{"10 kabupaten=64.0x rebind", ":2: kabupaten=64.0x: is no such code"},
		{"10 desa=64.02 rebind", ":2: desa=64.02: is no such code"},
		{"10 kind=5g rebind", ":2: kind=5g: must be kind=fibre"},
		{"10 town=x rebind", ":2: town=x: must be all"},
		{"10 all outage", ":2: nothing: must be for how many seconds"},
		{"10 all outage -5", ":2: -5: must be for how many seconds"},
		{"daily@10:00 all outage 3d", ":2: 3d: must be 36h at most"},
		{"10 all rebind 5", ":2: 5: is too much"},
		{"10 all outage 5 rtt=3", ":2: rtt: is not known here"},
		{"10 all slow 5 loss=101", ":2: loss=101: is out of range"},
		{"10", ":2: nothing: must be all"},
		{"seed x", ":2: x: must be seed NUMBER"},
		{"zone CET", ":2: CET: must be zone WIB"},
		{"background -1", ":2: -1: must be background"},
		{"profile 5g", ":2: 5g: must be profile"},
		{"profile 4g rtt=3", ":2: rtt: is no figure of a profile"},
		{"profile 4g rtt_ms=-3", ":2: rtt_ms=-3: must be 0 to"},
		{"seed 1 2", ":2: 2: is too much"},
	};
	struct scenario scenario;
	struct err err;
	char text[120];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text), "# first\n%s\n", cases[i].line);
		assert_true(read_text(text, &scenario, &err) < 0);
		if (!strstr(err.text, cases[i].words))
			fail_msg("%s\nsaid: %s", cases[i].line, err.text);
		assert_int_equal(scenario.count, 0);
	}
}

static void a_missing_file_is_named(void **state)
{
	struct scenario scenario;
	struct err err;

	assert_true(scenario_read("/nonexistent/scenario", &scenario, &err) < 0);
	assert_non_null(strstr(err.text, "/nonexistent/scenario"));
}

static void groups_take_who_fits_in_all(void **state)
{
	struct subject subject = {.number = 5,
		.link = 17,
		.desa = "64.02.03.2001",
		.provider = "Penyedia Satu",
		.kind = KIND_4G,
		.mains = true};
	static const struct {
		const char *word;
		bool has;
	} cases[] = {{"all", true}, {"5", true}, {"1-4", false}, {"4-6", true},
		{"kabupaten=64.02", true}, {"kabupaten=64.0", false}, {"kabupaten=64.01", false},
		{"kecamatan=64.02.03", true}, {"desa=64.02.03.2001", true},
		{"desa=64.02.03.200", false}, {"provider=penyedia satu", true},
		{"provider=Penyedia", false}, {"kind=4g,mains=yes,link=17", true},
		{"kind=4g,mains=no", false}, {"link=18", false}};
	struct whom whom;
	char word[60];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		strcpy(word, cases[i].word);
		assert_null(whom_parse(word, &whom));
		assert_int_equal(whom_has(&whom, &subject), cases[i].has);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_line_is_read),
		cmocka_unit_test(a_wrong_line_is_named),
		cmocka_unit_test(a_missing_file_is_named),
		cmocka_unit_test(groups_take_who_fits_in_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
