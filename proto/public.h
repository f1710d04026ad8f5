/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which addresses are the public internet's. What a collector tells a router to ask must lie there:
 * never in the village's own network, in the provider's inside, or where no host can be.
 */
#ifndef PANTAU_PROTO_PUBLIC_H
#define PANTAU_PROTO_PUBLIC_H

#include <stdbool.h>

#include "proto/model.h"

/* Unicast and globally reachable, by IANA's registries of special-purpose addresses. An IPv4
 * address within an IPv6 one counts only as NAT64's well-known prefix has it, and is then judged
 * itself. */
bool public_address(const struct address *address);
/* The same of its text. -EINVAL: it is no address. 1 or 0. */
int public_text(const char *text);

#endif
