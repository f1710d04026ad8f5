/* SPDX-License-Identifier: Apache-2.0 */
/* How the resolvers do. */
#ifndef PANTAU_AGENT_ERRANDS_DNS_H
#define PANTAU_AGENT_ERRANDS_DNS_H

#include "agent/core/dns_packet.h"
#include "agent/errands/errand.h"

#define DNS_ABSENT_BYTES (DNS_NAME_TEXT_MAX + 20)

extern const struct errand_type errand_dns;

/* A name below `name` that nobody has: its first label is drawn. */
int dns_draw_absent(const char *name, char ret_name[DNS_ABSENT_BYTES]);

#endif
