/* SPDX-License-Identifier: Apache-2.0 */
/* Links, addresses and neighbours: from messages as the kernel builds them, and of this machine. */
#include "tests/unit/agent/fixture.h"

#include <errno.h>
#include <net/if_arp.h>
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

static void a_session_that_is_gone_says_nothing_of_the_cable(void **state)
{
	struct netlink_request built;
	uint8_t carrier = 1;
	struct link link;

	netlink_prepare(&built, RTM_NEWLINK, 0, sizeof(built.link));
	built.link.ifi_index = 4;
	built.link.ifi_type = ARPHRD_PPP;
	built.link.ifi_flags = IFF_UP | IFF_RUNNING;
	netlink_attribute(&built, IFLA_IFNAME, "pppoe-wan", 10);
	netlink_attribute(&built, IFLA_CARRIER, &carrier, 1);
	assert_true(link_take(&built.header, &link));
	assert_int_equal(link.carrier, CARRIER_UP);
	built.link.ifi_flags = 0;
	assert_true(link_take(&built.header, &link));
	assert_int_equal(link.carrier, CARRIER_UNKNOWN);
	built.header.nlmsg_type = RTM_DELLINK;
	assert_true(link_take(&built.header, &link));
	assert_int_equal(link.carrier, CARRIER_UNKNOWN);
	assert_true(link.is_session);
	assert_true(link_names_session("pppoe-wan") && link_names_session("ppp0"));
	assert_false(link_names_session("eth1") || link_names_session("wwan0"));
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

/* As the kernel says it; heard of `age_s` ago. */
static struct link_neighbour neighbour_in(uint16_t nud, uint32_t age_s)
{
	struct nda_cacheinfo info = {.ndm_confirmed = age_s * (uint32_t)sysconf(_SC_CLK_TCK)};
	const struct address gateway = {.length = 4, .bytes = {10, 0, 0, 1}};
	struct link_neighbour found = {0};
	struct netlink_request built;

	netlink_prepare(&built, RTM_NEWNEIGH, 0, sizeof(built.neighbour));
	built.neighbour.ndm_ifindex = 4;
	built.neighbour.ndm_state = nud;
	netlink_attribute(&built, NDA_DST, gateway.bytes, 4);
	netlink_attribute(&built, NDA_CACHEINFO, &info, sizeof(info));
	link_take_neighbour(&found, 5, &gateway, &built.header);
	assert_int_equal(found.state, 0); /* on another link */
	link_take_neighbour(&found, 4, &gateway, &built.header);
	return found;
}

static enum neighbour judge(uint16_t nud, uint32_t age_s)
{
	struct link_neighbour found = neighbour_in(nud, age_s);

	return link_judge_neighbour(&found, S(20));
}

static void neighbour_is_there_if_it_was_heard_of_lately(void **state)
{
	assert_int_equal(judge(NUD_REACHABLE, 5), NEIGHBOUR_RESOLVED);
	assert_int_equal(judge(NUD_STALE, 20), NEIGHBOUR_RESOLVED);
	assert_int_equal(judge(NUD_DELAY, 1), NEIGHBOUR_RESOLVED);
	assert_int_equal(judge(NUD_FAILED, 1), NEIGHBOUR_FAILED);
	assert_int_equal(judge(NUD_INCOMPLETE, 1), NEIGHBOUR_FAILED);
}

static void neighbour_that_the_kernel_merely_remembers_says_nothing(void **state)
{
	const struct link_neighbour none = {0}, undated = {.state = NUD_STALE};

	assert_int_equal(judge(NUD_STALE, 21), NEIGHBOUR_UNKNOWN);
	assert_int_equal(judge(NUD_REACHABLE, 21), NEIGHBOUR_UNKNOWN);
	assert_int_equal(judge(NUD_PROBE, 60), NEIGHBOUR_UNKNOWN);
	assert_int_equal(judge(NUD_PERMANENT, 1), NEIGHBOUR_UNKNOWN);
	assert_int_equal(judge(NUD_NOARP, 1), NEIGHBOUR_UNKNOWN);
	assert_int_equal(link_judge_neighbour(&none, S(20)), NEIGHBOUR_UNKNOWN);
	assert_int_equal(link_judge_neighbour(&undated, S(20)), NEIGHBOUR_UNKNOWN);
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
	assert_int_equal(resolvers_read(path, "wan1", found), 2);
	assert_int_equal(found[0].bytes[3], 53);
	assert_int_equal(found[1].bytes[0], 0x20);
	assert_int_equal(resolvers_read(path, "wan0", found), 2);
	assert_int_equal(found[1].bytes[0], 0xfe); /* the link's own router */
	unlink(path);
	assert_int_equal(resolvers_read(path, "wan0", found), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(carrier_is_that_of_the_link_unless_it_is_switched_off),
		cmocka_unit_test(a_session_that_is_gone_says_nothing_of_the_cable),
		cmocka_unit_test(address_of_another_interface_or_on_trial_is_not_ours),
		cmocka_unit_test(neighbour_is_there_if_it_was_heard_of_lately),
		cmocka_unit_test(neighbour_that_the_kernel_merely_remembers_says_nothing),
		cmocka_unit_test(loopback_of_this_machine_is_seen),
		cmocka_unit_test(resolvers_of_this_machine_itself_are_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
