/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/errands/usage.h"

#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "agent/net/neighbours.h"
#include "common/clock.h"
#include "common/file.h"

#define LEASES_BYTES_MAX (256 * 1024) /* some 2,500 leases */

struct usage {
	struct errand_context context;
};

static void add_leases(const struct usage *usage, struct devices *devices)
{
	const char *path = usage->context.settings->usage.leases;
	int64_t now_s = clock_utc_us() / 1000000;
	uint8_t *text;
	size_t length;

	if (!*path || file_read(path, LEASES_BYTES_MAX, &text, &length, NULL) < 0)
		return; /* no DHCP server of ours: neighbours alone */
	/* dnsmasq stamps its leases with the same clock, right or wrong. */
	devices_add_leases(devices, (const char *)text, now_s);
	free(text);
}

static int add_neighbours(const struct usage *usage, struct devices *devices)
{
	struct neighbours neighbours = {.devices = devices};

	for (size_t i = 0; i < usage->context.wan_count; i++) {
		const char *name = wan_interface_name(usage->context.wans[i].wan);
		uint32_t interface = if_nametoindex(name);

		if (interface && neighbours.wan_count < NEIGHBOURS_WANS_MAX)
			neighbours.wans[neighbours.wan_count++] = interface;
	}
	return neighbours_count(usage->context.netlink, &neighbours);
}

/* The first WAN's slots tell it for the router: two that tell the same would be added up. */
static void annotate(void *errand, const char *wan, struct slot *slot)
{
	const struct usage *usage = errand;
	struct devices *devices;

	if (strcmp(wan, usage->context.wans[0].name) != 0)
		return;
	devices = calloc(1, sizeof(*devices));
	if (!devices)
		return;
	add_leases(usage, devices);
	if (add_neighbours(usage, devices) == 0)
		slot->facts.clients_plus_one = (uint32_t)devices->count + 1;
	free(devices);
}

static int open_usage(const struct errand_context *context, void **ret_errand, struct err *err)
{
	struct usage *usage;

	if (!context->settings->usage.clients || !context->wan_count)
		return 0;
	usage = calloc(1, sizeof(*usage));
	if (!usage)
		return err_errno(err, -ENOMEM, "usage");
	usage->context = *context;
	*ret_errand = usage;
	return 0;
}

static void close_usage(void *errand)
{
	free(errand);
}

const struct errand_type errand_usage = {
	.name = "usage",
	.open = open_usage,
	.annotate = annotate,
	.close = close_usage,
};
