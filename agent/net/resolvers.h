/* SPDX-License-Identifier: Apache-2.0 */
/* The resolvers that the machine uses: usually the provider's own, and so a target inside its
 * network. */
#ifndef PANTAU_AGENT_NET_RESOLVERS_H
#define PANTAU_AGENT_NET_RESOLVERS_H

#include <stddef.h>

#include "proto/model.h"

#define RESOLVERS_MAX 2 /* the second is for when the first is not there */

/* From a file in resolv.conf's form. Those on this machine itself are passed over, and link-local
 * ones of other interfaces (fe80::1%wan0). Returns how many. */
size_t resolvers_read(
	const char *path, const char *interface, struct address ret_addresses[RESOLVERS_MAX]);
/* Those of /etc/resolv.conf; where it names this machine itself, those that are asked in turn by
 * what answers here, from the files that OpenWrt and systemd write. */
size_t resolvers_find(const char *interface, struct address ret_addresses[RESOLVERS_MAX]);

#endif
