/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who asks, when a proxy stands between: what X-Forwarded-For and X-Forwarded-Proto say is believed
 * only when the peer is a proxy of the configuration, and only the proxy's own word (the last one).
 */
#ifndef PANTAU_WEB_ACCOUNT_PROXY_H
#define PANTAU_WEB_ACCOUNT_PROXY_H

#include <stdbool.h>

#include "common/err.h"
#include "web/http.h"

struct proxies {
	size_t count;
	char addresses[PROXIES_MAX][HTTP_ADDRESS_BYTES]; /* in one form each */
};

/* "127.0.0.1 ::1"; "": none. -EINVAL with words. */
int proxies_read(const char *list, struct proxies *ret_proxies, struct err *err);
/* Puts the one who asks into request->address, and sets request->secure. */
void proxies_look_behind(const struct proxies *proxies, struct request *request);

/* What failures are counted by: an IPv4 address, or the network of an IPv6 address (/64), which one
 * customer has all to itself. */
void address_group(const char *address, char ret_group[HTTP_ADDRESS_BYTES]);
/* Whether it is this machine's own. */
bool address_is_loopback(const char *address);

#endif
