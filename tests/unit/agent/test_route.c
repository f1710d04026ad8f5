/* SPDX-License-Identifier: Apache-2.0 */
/* Routes, from the kernel's messages byte by byte: a router with two ways out. */
#include "tests/unit/agent/fixture.h"

#include <stdlib.h>
#include <string.h>

#include "agent/net/address.h"
#include "agent/net/route.h"

/* clang-format off */

/* Numbers of two and four bytes as this machine writes them: so does its kernel. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define TWO(n) 0, n
#define FOUR(n) 0, 0, 0, n
#else
#define TWO(n) n, 0
#define FOUR(n) n, 0, 0, 0
#endif
#define HEADER(length) FOUR(length), TWO(24), TWO(2), FOUR(1), FOUR(0) /* RTM_NEWROUTE */

/* default via 192.168.1.1 dev 3 metric 0 */
static const uint8_t route_a[] __attribute__((aligned(4))) = {
	HEADER(52),
	2, 0, 0, 0, 254, 16, 0, 1, 0, 0, 0, 0,	/* rtmsg: AF_INET, /0, main, unicast */
	TWO(8), TWO(15), FOUR(254),		/* RTA_TABLE main */
	TWO(8), TWO(5), 192, 168, 1, 1,		/* RTA_GATEWAY */
	TWO(8), TWO(4), FOUR(3),		/* RTA_OIF */
};
/* default via 10.64.64.64 dev 7 metric 20 */
static const uint8_t route_b[] __attribute__((aligned(4))) = {
	HEADER(60), 2, 0, 0, 0, 254, 16, 0, 1, 0, 0, 0, 0,
	TWO(8), TWO(15), FOUR(254), TWO(8), TWO(6), FOUR(20), /* RTA_PRIORITY */
	TWO(8), TWO(5), 10, 64, 64, 64, TWO(8), TWO(4), FOUR(7),
};
/* default via 10.9.9.9 dev 7 metric 0, in table 100 */
static const uint8_t route_by_rule[] __attribute__((aligned(4))) = {
	HEADER(52), 2, 0, 0, 0, 100, 16, 0, 1, 0, 0, 0, 0,
	TWO(8), TWO(15), FOUR(100), TWO(8), TWO(5), 10, 9, 9, 9, TWO(8), TWO(4), FOUR(7),
};
/* default via fe80::1 dev 3 */
static const uint8_t route_v6[] __attribute__((aligned(4))) = {
	HEADER(56), 10, 0, 0, 0, 254, 9, 0, 1, 0, 0, 0, 0,
	TWO(20), TWO(5), 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
	TWO(8), TWO(4), FOUR(3),
};
/* default over two hops at once: via 10.0.0.1 dev 5, via 10.0.1.1 dev 6 */
static const uint8_t route_multipath[] __attribute__((aligned(4))) = {
	HEADER(64), 2, 0, 0, 0, 254, 16, 0, 1, 0, 0, 0, 0,
	TWO(36), TWO(9), /* RTA_MULTIPATH */
	TWO(16), 0, 0, FOUR(5), TWO(8), TWO(5), 10, 0, 0, 1,
	TWO(16), 0, 0, FOUR(6), TWO(8), TWO(5), 10, 0, 1, 1,
};
/* 192.168.1.0/24 dev 3: not a default route */
static const uint8_t route_subnet[] __attribute__((aligned(4))) = {
	HEADER(44), 2, 24, 0, 0, 254, 2, 253, 1, 0, 0, 0, 0,
	TWO(8), TWO(1), 192, 168, 1, 0, TWO(8), TWO(4), FOUR(3),
};

/* clang-format on */

static const struct nlmsghdr *message(const uint8_t *bytes)
{
	return (const struct nlmsghdr *)bytes;
}

static void default_route_is_found_among_others(void **state)
{
	const uint8_t gateway[] = {192, 168, 1, 1};
	struct route route = {0};

	route_take(&route, 0, message(route_subnet));
	assert_false(route.found);
	route_take(&route, 0, message(route_a));
	assert_true(route.found);
	assert_int_equal(route.interface, 3);
	assert_int_equal(route.gateway.length, 4);
	assert_memory_equal(route.gateway.bytes, gateway, 4);
}

static void lowest_metric_wins_in_any_order(void **state)
{
	struct route first = {0}, second = {0};

	route_take(&first, 0, message(route_a)); /* metric 0 */
	route_take(&first, 0, message(route_b)); /* metric 20 */
	route_take(&second, 0, message(route_b));
	route_take(&second, 0, message(route_a));
	assert_int_equal(first.interface, 3);
	assert_int_equal(second.interface, 3);
}

static void only_routes_of_the_wans_interface_count(void **state)
{
	struct route route = {0};

	route_take(&route, 7, message(route_a));
	assert_false(route.found);
	route_take(&route, 7, message(route_b));
	assert_int_equal(route.interface, 7);
	assert_int_equal(route.metric, 20);
}

static void table_of_its_own_counts_for_its_interface_alone(void **state)
{
	struct route anybody = {0}, own = {0}, first = {0};

	route_take(&anybody, 0, message(route_by_rule));
	assert_false(anybody.found);
	route_take(&own, 7, message(route_by_rule));
	assert_true(own.found);
	assert_int_equal(own.gateway.bytes[3], 9);
	route_take(&own, 7, message(route_b)); /* the main table goes before, whatever its metric */
	assert_int_equal(own.gateway.bytes[3], 64);
	route_take(&first, 7, message(route_b));
	route_take(&first, 7, message(route_by_rule));
	assert_int_equal(first.gateway.bytes[3], 64);
}

static void link_local_gateway_of_ipv6_is_taken(void **state)
{
	struct route route = {0};

	route_take(&route, 0, message(route_v6));
	assert_true(route.found);
	assert_int_equal(route.gateway.length, 16);
	assert_true(address_is_link_local(&route.gateway));
}

static void first_hop_of_several_stands_for_all(void **state)
{
	const uint8_t gateway[] = {10, 0, 0, 1};
	struct route route = {0};

	route_take(&route, 0, message(route_multipath));
	assert_true(route.found);
	assert_int_equal(route.interface, 5);
	assert_memory_equal(route.gateway.bytes, gateway, 4);
}

static void message_cut_anywhere_is_survived(void **state)
{
	for (uint32_t length = NLMSG_HDRLEN; length < sizeof(route_multipath); length++) {
		uint8_t *copy = malloc(sizeof(route_multipath));
		struct route route = {0};

		memcpy(copy, route_multipath, sizeof(route_multipath));
		memcpy(copy, &length, sizeof(length)); /* the header claims less */
		copy = realloc(copy, length); /* and there is no more */
		route_take(&route, 0, message(copy));
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(default_route_is_found_among_others),
		cmocka_unit_test(lowest_metric_wins_in_any_order),
		cmocka_unit_test(only_routes_of_the_wans_interface_count),
		cmocka_unit_test(table_of_its_own_counts_for_its_interface_alone),
		cmocka_unit_test(link_local_gateway_of_ipv6_is_taken),
		cmocka_unit_test(first_hop_of_several_stands_for_all),
		cmocka_unit_test(message_cut_anywhere_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
