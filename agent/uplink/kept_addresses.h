/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The address at which each collector answered last, in a small file of the state folder:
 *
 *   noc.example.id 7443 203.0.113.7
 *
 * Written when one changes, which is seldom: the folder is on flash.
 */
#ifndef PANTAU_AGENT_KEPT_ADDRESSES_H
#define PANTAU_AGENT_KEPT_ADDRESSES_H

#include "agent/net/address.h"
#include "agent/settings/settings.h"

struct kept_addresses;

/* Reads the file; one that cannot be read, or lines of it, count as nothing. `folder` NULL: in
 * memory alone. Copies. */
int kept_addresses_open(const char *folder, struct kept_addresses **ret_kept);
bool kept_addresses_get(const struct kept_addresses *kept,
	const struct settings_collector *collector, union socket_address *ret_address);
void kept_addresses_put(struct kept_addresses *kept, const struct settings_collector *collector,
	const union socket_address *address);
/* Of what is on the disk: where a collector of this name answered last. */
bool kept_addresses_find(const char *folder, const char *host, struct address *ret_address);
void kept_addresses_free(struct kept_addresses *kept);

#endif
