/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What browsers let the page do (Content-Security-Policy): its own files and the API, nothing
 * inline, and pictures from the host of the map's tiles when the configuration names one. Pure.
 */
#ifndef PANTAU_WEB_POLICY_H
#define PANTAU_WEB_POLICY_H

#include "common/err.h"
#include "web/limits.h"

/* `tiles`: "" or a URL with {z}, {x}, {y}, whose host may begin with {s}. -EINVAL with words. */
int policy_write(const char *tiles, char ret_policy[HTTP_POLICY_BYTES], struct err *err);

#endif
