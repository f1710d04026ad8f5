/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Devices behind the router, counted: by the DHCP server's leases and the kernel's neighbours. A
 * device is a hardware address, held in memory while it is counted, and never told to anybody.
 */
#ifndef PANTAU_AGENT_CORE_DEVICES_H
#define PANTAU_AGENT_CORE_DEVICES_H

#include <stddef.h>
#include <stdint.h>

#define MAC_BYTES 6
#define DEVICES_MAX 1024 /* more than a village's hall has; beyond it they are not told apart */

struct devices {
	size_t count;
	uint8_t macs[DEVICES_MAX][MAC_BYTES];
};

/* Adds a device unless it is there already. Addresses of groups and of nobody are none. */
void devices_add(struct devices *devices, const uint8_t mac[MAC_BYTES]);
/* Adds who holds a lease, from a file as dnsmasq writes it: "EXPIRY MAC ADDRESS NAME CLIENT", with
 * expiry 0 for ever. `now_s` 0: the time is not known, every lease counts. Lines of another shape
 * are skipped. */
void devices_add_leases(struct devices *devices, const char *text, int64_t now_s);

#endif
