/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who asks, and logging in and out. Accounts and sessions lie in the registry; here are the rules
 * for both, and the memory of failures, which a restart forgets.
 *
 * Another way to log in (OpenID Connect) would end where a password does: in session_begin() with
 * the account that it found.
 */
#ifndef PANTAU_WEB_ACCOUNT_ACCOUNTS_H
#define PANTAU_WEB_ACCOUNT_ACCOUNTS_H

#include <stdbool.h>

#include "web/account/principal.h"
#include "web/http.h"

struct accounts;

struct accounts_options { /* borrowed during the call */
	const char *trusted_proxy; /* addresses, separated by spaces */
	struct session_limits limits;
	bool metrics_public;
};

/* Borrows `state`. */
int accounts_new(const char *state, const struct accounts_options *options,
	struct accounts **ret_accounts, struct err *err);
void accounts_free(struct accounts *accounts);

/* Looks behind the proxy: request->address and request->secure are the browser's afterwards. */
void accounts_look(const struct accounts *accounts, struct request *request);
/* Who it is; nobody when it brings neither session nor token, or an ended session. False: a token
 * that is none, or a registry that cannot be read; the response says so. */
bool accounts_identify(struct accounts *accounts, const struct request *request,
	struct principal *ret_who, struct response *ret);
/* Whether the session or token that it was is good still: for streams. */
bool accounts_still(struct accounts *accounts, const struct principal *who);
/* /metrics: to this machine, to those at the desk, or to everybody if the configuration says so. */
bool accounts_shows_metrics(const struct accounts *accounts, const struct request *request);

struct credentials { /* borrowed */
	const char *name, *password;
};
/* Takes a tenth of a second and PASSWORD_MEMORY_MIB: in a lane. Sets the cookie; an earlier session
 * of this browser ends. False: 401, 429 or 503 was said. */
bool accounts_log_in(struct accounts *accounts, const struct request *request,
	const struct credentials *credentials, struct principal *ret_who, struct response *ret);
/* Whether this is the password of who asks; throttled in the same way. False: it was said. */
bool accounts_check_password(struct accounts *accounts, const struct request *request,
	const char *password, struct response *ret);
void accounts_log_out(
	struct accounts *accounts, const struct request *request, struct response *ret);

#endif
