/* SPDX-License-Identifier: Apache-2.0 */
/* A page fetched now and then over each WAN, by the helper: a record of its own. */
#ifndef PANTAU_AGENT_ERRANDS_HTTP_H
#define PANTAU_AGENT_ERRANDS_HTTP_H

#include "agent/errands/errand.h"

extern const struct errand_type errand_http;

#endif
