/* SPDX-License-Identifier: Apache-2.0 */
/* The resolvers that the machine uses: usually the provider's own, and so a target inside its
 * network. */
#ifndef PANTAU_AGENT_NET_RESOLVERS_H
#define PANTAU_AGENT_NET_RESOLVERS_H

#include <stddef.h>

#include "proto/model.h"

#define RESOLVERS_MAX 2 /* the second is for when the first is not there */

/* From a file in resolv.conf's form. Those on this machine itself and link-local ones are
 * passed over: they say nothing of the provider. Returns how many. */
size_t resolvers_read(const char *path, struct address ret_addresses[RESOLVERS_MAX]);
/* Those of /etc/resolv.conf; where it names this machine itself, those that are asked in turn by
 * what answers here, from the files that OpenWrt and systemd write. */
size_t resolvers_find(struct address ret_addresses[RESOLVERS_MAX]);

#endif
