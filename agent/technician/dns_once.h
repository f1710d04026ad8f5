/* SPDX-License-Identifier: Apache-2.0 */
/* `pantau-agent probe dns RESOLVER[/NAME]`: both questions to one resolver, in words. */
#ifndef PANTAU_AGENT_DNS_ONCE_H
#define PANTAU_AGENT_DNS_ONCE_H

#include <stdio.h>

#include "common/err.h"

/* 0: it answers, and truly. -ETIMEDOUT: said on `out` why not. Other negative errno: with words. */
int dns_once(const char *target, FILE *out, struct err *err);

#endif
