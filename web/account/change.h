/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a change was meant by who is logged in, or sent by another page through their browser:
 * the origin must be ours, the body JSON (which no form can send), and a session's change carries
 * the token that only our page can read.
 */
#ifndef PANTAU_WEB_ACCOUNT_CHANGE_H
#define PANTAU_WEB_ACCOUNT_CHANGE_H

#include <stdbool.h>

#include "web/account/principal.h"
#include "web/http.h"

/* True for requests that change nothing. False: 403 or 415 was said. */
bool change_is_meant(
	const struct request *request, const struct principal *who, struct response *ret);

#endif
