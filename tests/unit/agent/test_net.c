/* SPDX-License-Identifier: Apache-2.0 */
/* Messages of the kernel, byte by byte, and what is made of them. */
#include "tests/unit/agent/fixture.h"

#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/net/address.h"
#include "agent/net/link.h"
#include "agent/net/resolvers.h"
#include "agent/net/route.h"

/* ---- routes, as a router with two ways out tells them */

/* default via 192.168.1.1 dev 3 metric 100 */
static const uint8_t route_a[] __attribute__((aligned(4))) = {
	52, 0, 0, 0, 24, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, /* header: RTM_NEWROUTE */
	2, 0, 0, 0, 254, 16, 0, 1, 0, 0, 0, 0, /* rtmsg: AF_INET, /0, main, unicast */
	8, 0, 15, 0, 254, 0, 0, 0, /* RTA_TABLE main */
	8, 0, 5, 0, 192, 168, 1, 1, /* RTA_GATEWAY */
	8, 0, 4, 0, 3, 0, 0, 0, /* RTA_OIF */
};
/* default via 10.64.64.64 dev 7 metric 20 */
static const uint8_t route_b[] __attribute__((aligned(4))) = {
	60,
	0,
	0,
	0,
	24,
	0,
	2,
	0,
	1,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	2,
	0,
	0,
	0,
	254,
	16,
	0,
	1,
	0,
	0,
	0,
	0,
	8,
	0,
	15,
	0,
	254,
	0,
	0,
	0,
	8,
	0,
	6,
	0,
	20,
	0,
	0,
	0, /* RTA_PRIORITY */
	8,
	0,
	5,
	0,
	10,
	64,
	64,
	64,
	8,
	0,
	4,
	0,
	7,
	0,
	0,
	0,
};
/* default via fe80::1 dev 3 */
static const uint8_t route_v6[] __attribute__((aligned(4))) = {
	56,
	0,
	0,
	0,
	24,
	0,
	2,
	0,
	1,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	10,
	0,
	0,
	0,
	254,
	9,
	0,
	1,
	0,
	0,
	0,
	0,
	20,
	0,
	5,
	0,
	0xfe,
	0x80,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	1,
	8,
	0,
	4,
	0,
	3,
	0,
	0,
	0,
};
/* default over two hops at once: via 10.0.0.1 dev 5, via 10.0.1.1 dev 6 */
static const uint8_t route_multipath[] __attribute__((aligned(4))) = {
	64,
	0,
	0,
	0,
	24,
	0,
	2,
	0,
	1,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	2,
	0,
	0,
	0,
	254,
	16,
	0,
	1,
	0,
	0,
	0,
	0,
	36,
	0,
	9,
	0, /* RTA_MULTIPATH */
	16,
	0,
	0,
	0,
	5,
	0,
	0,
	0,
	8,
	0,
	5,
	0,
	10,
	0,
	0,
	1,
	16,
	0,
	0,
	0,
	6,
	0,
	0,
	0,
	8,
	0,
	5,
	0,
	10,
	0,
	1,
	1,
};
/* 192.168.1.0/24 dev 3: not a default route */
static const uint8_t route_subnet[] __attribute__((aligned(4))) = {
	44,
	0,
	0,
	0,
	24,
	0,
	2,
	0,
	1,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	2,
	24,
	0,
	0,
	254,
	2,
	253,
	1,
	0,
	0,
	0,
	0,
	8,
	0,
	1,
	0,
	192,
	168,
	1,
	0,
	8,
	0,
	4,
	0,
	3,
	0,
	0,
	0,
};

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

/* ---- links, addresses, neighbours: built as the kernel builds them */

static void carrier_is_that_of_the_link_unless_it_is_switched_off(void **state)
{
	struct netlink_request built;
	uint8_t carrier = 1;
	struct link link;

	netlink_prepare(&built, RTM_NEWLINK, 0, sizeof(built.link));
	built.link.ifi_index = 4;
	built.link.ifi_flags = IFF_UP | IFF_RUNNING;
	netlink_attribute(&built, IFLA_IFNAME, "wan0", 5);
	netlink_attribute(&built, IFLA_CARRIER, &carrier, 1);
	assert_true(link_take(&built.header, &link));
	assert_int_equal(link.index, 4);
	assert_string_equal(link.name, "wan0");
	assert_int_equal(link.carrier, CARRIER_UP);
	built.link.ifi_flags = 0;
	assert_true(link_take(&built.header, &link));
	assert_int_equal(link.carrier, CARRIER_DOWN);
	built.link.ifi_flags = IFF_UP;
	built.header.nlmsg_type = RTM_DELLINK;
	assert_true(link_take(&built.header, &link));
	assert_int_equal(link.carrier, CARRIER_DOWN);
}

static void address_of_another_interface_or_on_trial_is_not_ours(void **state)
{
	const uint8_t bytes[] = {100, 64, 3, 9};
	struct netlink_request built;
	struct link_addresses addresses = {0};

	netlink_prepare(&built, RTM_NEWADDR, 0, sizeof(built.address));
	built.address.ifa_family = AF_INET;
	built.address.ifa_index = 4;
	netlink_attribute(&built, IFA_LOCAL, bytes, 4);
	link_take_address(&addresses, 5, &built.header);
	assert_int_equal(addresses.v4.length, 0);
	built.address.ifa_flags = IFA_F_TENTATIVE;
	link_take_address(&addresses, 4, &built.header);
	assert_int_equal(addresses.v4.length, 0);
	built.address.ifa_flags = IFA_F_PERMANENT;
	link_take_address(&addresses, 4, &built.header);
	assert_memory_equal(addresses.v4.bytes, bytes, 4);
}

static enum neighbour neighbour_in(uint16_t nud)
{
	const struct address gateway = {.length = 4, .bytes = {10, 0, 0, 1}};
	enum neighbour found = NEIGHBOUR_UNKNOWN;
	struct netlink_request built;

	netlink_prepare(&built, RTM_NEWNEIGH, 0, sizeof(built.neighbour));
	built.neighbour.ndm_ifindex = 4;
	built.neighbour.ndm_state = nud;
	netlink_attribute(&built, NDA_DST, gateway.bytes, 4);
	link_take_neighbour(&found, 4, &gateway, &built.header);
	return found;
}

static void neighbour_is_resolved_failed_or_unknown(void **state)
{
	assert_int_equal(neighbour_in(NUD_REACHABLE), NEIGHBOUR_RESOLVED);
	assert_int_equal(neighbour_in(NUD_STALE), NEIGHBOUR_RESOLVED);
	assert_int_equal(neighbour_in(NUD_FAILED), NEIGHBOUR_FAILED);
	assert_int_equal(neighbour_in(NUD_INCOMPLETE), NEIGHBOUR_FAILED);
	assert_int_equal(neighbour_in(NUD_PROBE), NEIGHBOUR_UNKNOWN);
}

/* ---- this machine */

static void loopback_of_this_machine_is_seen(void **state)
{
	const struct address self = {.length = 4, .bytes = {127, 0, 0, 1}};
	struct link_addresses addresses;
	int netlink = netlink_open(0);
	struct link link, again;

	assert_true(netlink >= 0);
	assert_int_equal(link_by_name(netlink, "lo", &link), 0);
	assert_int_equal(link.carrier, CARRIER_UP);
	assert_int_equal(link_by_index(netlink, link.index, &again), 0);
	assert_string_equal(again.name, "lo");
	assert_true(again.rx_packets >= link.rx_packets);
	assert_int_equal(link_addresses(netlink, link.index, &addresses), 0);
	assert_true(address_same(&addresses.v4, &self));
	assert_true(route_is_local(netlink, &self));
	assert_int_equal(link_by_name(netlink, "no-such-link", &link), -ENODEV);
	close(netlink);
}

static void resolvers_of_this_machine_itself_are_passed_over(void **state)
{
	char path[] = "/tmp/test-resolv-XXXXXX";
	const char text[] = "# nameserver 192.0.2.99\nsearch desa.example\nnameserver 127.0.0.53\n"
			    "nameserver\t192.0.2.53  \nnameserver fe80::1%wan0\nnameserver bad\n"
			    "nameserver 2001:db8::53\nnameserver 192.0.2.54\n";
	struct address found[RESOLVERS_MAX];
	int fd = mkstemp(path);

	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	assert_int_equal(resolvers_read(path, found), 2);
	assert_int_equal(found[0].bytes[3], 53);
	assert_int_equal(found[1].length, 16);
	unlink(path);
	assert_int_equal(resolvers_read(path, found), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(default_route_is_found_among_others),
		cmocka_unit_test(lowest_metric_wins_in_any_order),
		cmocka_unit_test(only_routes_of_the_wans_interface_count),
		cmocka_unit_test(link_local_gateway_of_ipv6_is_taken),
		cmocka_unit_test(first_hop_of_several_stands_for_all),
		cmocka_unit_test(message_cut_anywhere_is_survived),
		cmocka_unit_test(carrier_is_that_of_the_link_unless_it_is_switched_off),
		cmocka_unit_test(address_of_another_interface_or_on_trial_is_not_ours),
		cmocka_unit_test(neighbour_is_resolved_failed_or_unknown),
		cmocka_unit_test(loopback_of_this_machine_is_seen),
		cmocka_unit_test(resolvers_of_this_machine_itself_are_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
