/* SPDX-License-Identifier: Apache-2.0 */
/* By which way a WAN asks, before any default route was seen. */
#include <net/if.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
#include <cmocka.h>

#include "agent/net/netlink.h"
#include "agent/net/wan_private.h"
#include "common/clock.h"
#include "tests/unit/agent/fixture.h"

static const struct settings_target no_targets;

/* Never refreshed: it has not seen a default route, whatever this machine has. */
static struct wan *wan_of(int netlink, const char *interface)
{
	struct wan *wan = NULL;

	assert_int_equal(wan_new(netlink, interface, &no_targets, &wan), 0);
	return wan;
}

static void without_a_way_out_only_this_machine_is_asked(void **state)
{
	const struct address far = {.length = 4, .bytes = {192, 0, 2, 1}};
	const struct address own = {.length = 4, .bytes = {127, 0, 0, 1}};
	int netlink = netlink_open(0);
	struct wan *wan = wan_of(netlink, "auto");
	struct wan_way way = {.interface = 7};

	assert_int_equal(wan_way(wan, &far, &way), REFUSAL_ROUTE);
	assert_int_equal(way.interface, 0);
	assert_int_equal(wan_way(wan, &own, &way), REFUSAL_NONE);
	assert_int_equal(way.interface, 0);
	wan_free(wan);
	close(netlink);
}

static void a_session_that_is_not_there_has_no_address(void **state)
{
	const struct address far = {.length = 4, .bytes = {192, 0, 2, 1}};
	int netlink = netlink_open(0);
	struct wan *wan = wan_of(netlink, "pppoe-none");
	struct wan_reading reading;
	struct wan_way way;

	assert_int_equal(wan_way(wan, &far, &way), REFUSAL_ADDRESS);
	wan_refresh(wan);
	assert_int_equal(wan_way(wan, &far, &way), REFUSAL_ADDRESS);
	wan_read(wan, &reading);
	assert_int_equal(reading.carrier, CARRIER_UNKNOWN);
	wan_free(wan);
	close(netlink);
}

static void a_link_that_is_not_there_has_no_carrier(void **state)
{
	const struct address far = {.length = 4, .bytes = {192, 0, 2, 1}};
	int netlink = netlink_open(0);
	struct wan *wan = wan_of(netlink, "no-such-link");
	struct wan_way way;

	assert_int_equal(wan_way(wan, &far, &way), REFUSAL_CARRIER);
	wan_free(wan);
	close(netlink);
}

/* ---- whom to ask, by what the WAN has */

static const struct settings_target both = {.count = 4,
	.targets = {
		{.class = CLASS_INTERNET, .address = {4, {1, 1, 1, 1}}},
		{.class = CLASS_INTERNET, .address = {4, {192, 0, 2, 9}}},
		{.class = CLASS_INTERNET, .address = {16, {0x20, 0x01, 0x0d, 0xb8, [15] = 9}}},
		{.class = CLASS_INTERNET, .address = {4, {1, 1, 1, 1}}, .port = 443},
	}};

/* A WAN that the kernel was not asked about. */
static struct wan made_wan(bool v4, bool v6)
{
	struct wan wan = {.netlink = -1, .settings = both};

	if (v4) {
		wan.addresses.v4 = (struct address){4, {100, 64, 7, 2}};
		wan.route_v4.found = true;
	}
	if (v6) {
		wan.addresses.v6 = (struct address){16, {0x20, 0x01, 0x0d, 0xb8, [15] = 2}};
		wan.route_v6.found = true;
	}
	return wan;
}

/* The first byte of each target's address. */
static void assert_asked(const struct wan *wan, size_t count, const uint8_t *first)
{
	struct target targets[SLOT_TARGETS_MAX];

	assert_int_equal(wan_targets(wan, targets), count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(targets[i].address.bytes[0], first[i]);
}

static void each_family_is_asked_where_it_is(void **state)
{
	struct wan v4 = made_wan(true, false), dual = made_wan(true, true);

	assert_asked(&v4, 3, (const uint8_t[]){1, 192, 1});
	assert_asked(&dual, 4, (const uint8_t[]){1, 192, 0x20, 1});
	assert_false(wan_is_v6_only(&dual));
}

static void without_ipv4_the_well_known_are_asked_by_their_other_address(void **state)
{
	struct wan wan = made_wan(false, true);

	assert_true(wan_is_v6_only(&wan));
	assert_asked(&wan, 3, (const uint8_t[]){0x26, 0x20, 0x26});
}

static void without_ipv4_but_with_nat64_all_are_asked(void **state)
{
	const struct nat64 prefix = {.bits = 96, .bytes = {0, 0x64, 0xff, 0x9b}};
	struct wan wan = made_wan(false, true);

	wan_set_nat64(&wan, &prefix);
	assert_asked(&wan, 4, (const uint8_t[]){0, 0, 0x20, 0});
}

static void who_has_just_lost_ipv4_has_an_outage(void **state)
{
	struct wan wan = made_wan(false, true);

	wan.v4_seen_us = clock_boot_us();
	assert_false(wan_is_v6_only(&wan));
	assert_asked(
		&wan, 4, (const uint8_t[]){1, 192, 0x20, 1}); /* and those of IPv4 are refused */
}

static void who_has_nothing_is_asked_for_everybody(void **state)
{
	struct wan wan = made_wan(false, false);

	wan.settings.targets[0] = wan.settings.targets[1] = wan.settings.targets[2];
	assert_asked(&wan, 4, (const uint8_t[]){0x20, 0x20, 0x20, 1});
}

static void on_changed(void *arg)
{
	++*(unsigned *)arg;
}

static void what_is_found_out_is_told_once(void **state)
{
	const struct address edge = {4, {10, 0, 0, 7}}, none = {0};
	const struct nat64 prefix = {.bits = 96};
	struct wan wan = made_wan(true, false);
	unsigned told = 0;

	wan.settings.edge_auto = true;
	wan_watch(&wan, on_changed, &told);
	wan_set_edge(&wan, &edge);
	wan_set_edge(&wan, &edge);
	assert_int_equal(told, 1);
	assert_asked(&wan, 4, (const uint8_t[]){1, 192, 1, 10});
	wan_set_edge(&wan, &none);
	wan_set_nat64(&wan, &prefix);
	wan_set_nat64(&wan, &prefix);
	assert_int_equal(told, 3);
	assert_asked(&wan, 3, (const uint8_t[]){1, 192, 1});
}

static void gateway_asked_in_vain_must_be_heard_of_since(void **state)
{
	struct wan wan = made_wan(true, false);

	wan_gateway_heard(&wan, S(100), false);
	wan_gateway_heard(&wan, S(110), false);
	assert_int_equal(wan.silent_us, S(100));
	wan_gateway_heard(&wan, S(300), false); /* another outage */
	assert_int_equal(wan.silent_us, S(300));
	wan_gateway_heard(&wan, S(310), true);
	assert_int_equal(wan.silent_us, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_way_out_only_this_machine_is_asked),
		cmocka_unit_test(each_family_is_asked_where_it_is),
		cmocka_unit_test(without_ipv4_the_well_known_are_asked_by_their_other_address),
		cmocka_unit_test(without_ipv4_but_with_nat64_all_are_asked),
		cmocka_unit_test(who_has_just_lost_ipv4_has_an_outage),
		cmocka_unit_test(who_has_nothing_is_asked_for_everybody),
		cmocka_unit_test(what_is_found_out_is_told_once),
		cmocka_unit_test(gateway_asked_in_vain_must_be_heard_of_since),
		cmocka_unit_test(a_session_that_is_not_there_has_no_address),
		cmocka_unit_test(a_link_that_is_not_there_has_no_carrier),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
