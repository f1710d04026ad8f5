/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "agent/core/ceilings.h"

static struct ceilings_load usual(void)
{
	return (struct ceilings_load){
		.slot_s = 60,
		.round_s = 10,
		.wans = {{.addresses = 7, .tcp = 1}},
		.dns_s = 1800,
		.resolvers = 4,
		.stamp_s = 600,
		.http_s = 3600,
		.speed_s = 21600,
		.speed_bytes = 24 << 20,
		.month_bytes = 1 << 30,
	};
}

/* By hand: 8,640 rounds of 7 addresses and 3 packets of TCP, twice 84 bytes each; 1,440 slots of
 * 2,048; 48 times 4 resolvers of 1,200, 144 STAMP of 300, 24 pages of 327,680; 4 tests of 24 MiB, a
 * twentieth of it, and 1 MiB. */
static void the_worst_day_is_reckoned(void **state)
{
	struct ceilings_load load = usual();
	struct ceilings_day day = ceilings_reckon(&load);

	assert_int_equal(day.rounds, 8640 * 10 * 168);
	assert_int_equal(day.reports, 1440 * 2048);
	assert_int_equal(day.asked, 48 * 4 * 1200 + 144 * 300 + 24 * 327680);
	assert_int_equal(day.speed, 4 * (24 * 1048576 + 1258291 + 1048576));
	assert_int_equal(day.packets_s, 1);
	load.month_bytes = 50000000;
	assert_int_equal(ceilings_reckon(&load).speed, 50000000);
}

static void each_wan_costs_as_much(void **state)
{
	struct ceilings_load load = usual();
	struct ceilings_day one, two;

	load.month_bytes = 1ULL << 40;
	one = ceilings_reckon(&load);
	load.wans[1] = load.wans[0];
	two = ceilings_reckon(&load);
	assert_int_equal(two.asked, 2 * one.asked);
	assert_int_equal(two.speed, 2 * one.speed);
	assert_int_equal(two.reports, 2 * one.reports);
	load.month_bytes = 50000000; /* of all WANs together */
	assert_int_equal(ceilings_reckon(&load).speed, 50000000);
}

/* Every five minutes a page that never ends: one WAN bears it beside the speed tests, two do
 * not. */
static void pages_that_never_end_are_reckoned(void **state)
{
	struct ceilings_load load = usual(), own = usual();
	struct err err;

	load.http_s = 300;
	assert_int_equal(ceilings_check(&load, &own, &err), 0);
	load.wans[1] = load.wans[0];
	assert_int_equal(ceilings_check(&load, &own, &err), -EDQUOT);
}

static void refused(const struct ceilings_load *load, const char *words)
{
	struct ceilings_load own = usual();
	struct err err = {0};

	assert_int_equal(ceilings_check(load, &own, &err), -EDQUOT);
	if (!strstr(err.text, words))
		fail_msg("\"%s\" does not say \"%s\"", err.text, words);
}

static void what_a_village_can_bear_is_allowed(void **state)
{
	struct ceilings_load load = usual(), own = usual();
	struct err err;

	assert_int_equal(ceilings_check(&load, &own, &err), 0);
	load.speed_s = 10800;
	assert_int_equal(ceilings_check(&load, &own, &err), 0);
	load.round_s = 5;
	assert_int_equal(ceilings_check(&load, &own, &err), 0);
}

static void what_is_more_is_refused_from_afar(void **state)
{
	struct ceilings_load load = usual();

	load.speed_s = 3600; /* 660 MB a day */
	refused(&load, "MB a day (speed tests 660");
	load = usual();
	load.round_s = 3;
	load.wans[0].addresses = 12;
	refused(&load, "5 packets a second: at most 4");
	load = usual();
	load.http_s = 20;
	refused(&load, "at most 300");
	load = usual();
	load.wans[1] = load.wans[0];
	load.wans[0].addresses = load.wans[1].addresses = 12;
	load.round_s = 5;
	refused(&load, "6 packets a second");
}

/* Its owner's business; what it does already may be asked for too. */
static void the_own_file_may_do_more(void **state)
{
	struct ceilings_load load = usual(), own;
	struct err err;

	load.speed_s = 3600;
	own = load;
	assert_int_equal(ceilings_check(&load, NULL, &err), 0);
	assert_int_equal(ceilings_check(&load, &own, &err), 0);
	load.month_bytes = UINT64_MAX;
	load.speed_bytes = 512 << 20;
	load.speed_s = 600;
	assert_int_equal(ceilings_check(&load, NULL, &err), -EDQUOT);
	load = usual();
	load.round_s = 1;
	load.wans[0].addresses = 12;
	assert_int_equal(ceilings_check(&load, NULL, &err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worst_day_is_reckoned),
		cmocka_unit_test(each_wan_costs_as_much),
		cmocka_unit_test(pages_that_never_end_are_reckoned),
		cmocka_unit_test(what_a_village_can_bear_is_allowed),
		cmocka_unit_test(what_is_more_is_refused_from_afar),
		cmocka_unit_test(the_own_file_may_do_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
