/* SPDX-License-Identifier: Apache-2.0 */
/* Devices counted from a file of leases and from neighbours as the kernel would tell them. */
#include "tests/unit/agent/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/errands/usage.h"
#include "agent/net/neighbours.h"

#define LAN 7
#define WAN 3

static struct devices *devices; /* large: kept off the stack */

static void tell(uint32_t interface, uint16_t state_of, uint8_t last, uint32_t confirmed_s)
{
	const struct neighbours neighbours = {.devices = devices, .wan_count = 1, .wans = {WAN}};
	const uint8_t mac[MAC_BYTES] = {2, 0, 0, 0, 0, last};
	const struct nda_cacheinfo info = {
		.ndm_confirmed = confirmed_s * (uint32_t)sysconf(_SC_CLK_TCK)};
	struct netlink_request request;

	netlink_prepare(&request, RTM_NEWNEIGH, 0, sizeof(request.neighbour));
	request.neighbour.ndm_ifindex = (int)interface;
	request.neighbour.ndm_state = state_of;
	netlink_attribute(&request, NDA_LLADDR, mac, sizeof(mac));
	netlink_attribute(&request, NDA_CACHEINFO, &info, sizeof(info));
	neighbours_take(&neighbours, &request.header);
}

static void neighbour_that_was_heard_is_a_device(void **state)
{
	devices->count = 0;
	tell(LAN, NUD_REACHABLE, 1, 5);
	tell(LAN, NUD_STALE, 2, 120);
	tell(LAN, NUD_REACHABLE, 1, 5); /* by IPv6 too */
	assert_int_equal(devices->count, 2);
}

static void others_are_not(void **state)
{
	devices->count = 0;
	tell(WAN, NUD_REACHABLE, 1, 5); /* the provider's */
	tell(LAN, NUD_FAILED, 2, 5);
	tell(LAN, NUD_INCOMPLETE, 3, 5);
	tell(LAN, NUD_NOARP, 4, 5);
	tell(LAN, NUD_STALE, 5, 3600); /* left an hour ago */
	assert_int_equal(devices->count, 0);
}

static void short_messages_are_skipped(void **state)
{
	const struct neighbours neighbours = {.devices = devices};
	struct netlink_request request;

	devices->count = 0;
	netlink_prepare(&request, RTM_NEWNEIGH, 0, sizeof(request.neighbour));
	request.neighbour.ndm_state = NUD_REACHABLE;
	neighbours_take(&neighbours, &request.header); /* without a hardware address */
	request.header.nlmsg_len = NLMSG_LENGTH(2);
	neighbours_take(&neighbours, &request.header);
	assert_int_equal(devices->count, 0);
}

/* On this machine itself: its neighbours are not known here, the leases are ours. */
static void leases_reach_the_first_wans_slot(void **state)
{
	char path[] = "/tmp/pantau-leases-XXXXXX";
	const struct settings_target none = {0};
	struct settings settings = {.usage = {.clients = true, .leases = path}};
	struct errand_context context = {.settings = &settings, .wan_count = 2};
	struct slot *slot = calloc(1, sizeof(*slot));
	uint32_t before;
	struct wan *wan;
	void *errand = NULL;
	struct err err;
	FILE *file;

	file = fdopen(mkstemp(path), "w");
	context.netlink = netlink_open(0);
	assert_int_equal(wan_new(context.netlink, "lo", &none, &wan), 0);
	context.wans[0] = (struct errand_wan){.name = "wan", .wan = wan};
	context.wans[1] = (struct errand_wan){.name = "wan2", .wan = wan};
	assert_int_equal(errand_usage.open(&context, &errand, &err), 0);
	errand_usage.annotate(errand, "wan", slot);
	before = slot->facts.clients_plus_one;
	assert_true(before >= 1); /* nobody is counted as one more than not counted */
	fputs("0 06:ab:cd:ef:00:01 192.168.1.5 * *\n0 06:ab:cd:ef:00:02 192.168.1.6 * *\n", file);
	fclose(file);
	errand_usage.annotate(errand, "wan", slot);
	assert_int_equal(slot->facts.clients_plus_one, before + 2);
	slot->facts.clients_plus_one = 0;
	errand_usage.annotate(errand, "wan2", slot);
	assert_int_equal(slot->facts.clients_plus_one, 0);
	errand_usage.close(errand);
	settings.usage.clients = false;
	errand = NULL;
	assert_int_equal(errand_usage.open(&context, &errand, &err), 0);
	assert_null(errand);
	wan_free(wan);
	close(context.netlink);
	unlink(path);
	free(slot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(neighbour_that_was_heard_is_a_device),
		cmocka_unit_test(others_are_not),
		cmocka_unit_test(short_messages_are_skipped),
		cmocka_unit_test(leases_reach_the_first_wans_slot),
	};
	int failed;

	devices = calloc(1, sizeof(*devices));
	if (!devices)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	free(devices);
	return failed;
}
