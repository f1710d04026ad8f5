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
#include "agent/net/wan.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_way_out_only_this_machine_is_asked),
		cmocka_unit_test(a_link_that_is_not_there_has_no_carrier),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
