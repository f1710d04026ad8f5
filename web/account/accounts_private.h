/* SPDX-License-Identifier: Apache-2.0 */
/* What accounts.c (who asks) and login.c (logging in and out) share. */
#ifndef PANTAU_WEB_ACCOUNT_ACCOUNTS_PRIVATE_H
#define PANTAU_WEB_ACCOUNT_ACCOUNTS_PRIVATE_H

#include <pthread.h>

#include "web/account/accounts.h"
#include "web/account/proxy.h"
#include "web/account/throttle.h"

struct accounts {
	const char *state;
	struct proxies proxies;
	struct session_limits limits;
	bool metrics_public;
	pthread_mutex_t lock; /* of both tables */
	struct throttle *failures; /* of names and of addresses */
	pthread_mutex_t guards_lock; /* of the list below */
	struct guard *guards; /* streams that are open */
	struct throttle *known; /* names with the addresses from which they came in well */
};

/* The cookie's name on this connection. */
const char *cookie_name(const struct request *request);
/* False: 503 or 500 was said. */
bool accounts_open(struct accounts *accounts, enum registry_mode mode, const char *who,
	struct registry **ret_registry, struct response *ret);
void principal_of_user(const struct registry_user *user, struct principal *ret_who);

#endif
