/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/password.h"
#include "web/account/accounts_private.h"
#include "web/account/secret.h"

#define US_PER_S 1000000
#define NEVER_US (1ULL << 62) /* an entry that stays until its place is needed */

static const struct throttle_rule name_rule = {
	THROTTLE_NAME_BURST, THROTTLE_NAME_S *(uint64_t)US_PER_S};
static const struct throttle_rule address_rule = {
	THROTTLE_ADDRESS_BURST, THROTTLE_ADDRESS_S *(uint64_t)US_PER_S};
static const struct throttle_rule known_rule = {1, NEVER_US};

struct tries { /* by what a failure is counted */
	char name[THROTTLE_KEY_BYTES], address[THROTTLE_KEY_BYTES];
	char both[THROTTLE_KEY_BYTES];
};

/* ---- throttling */

/* Who came in well from this address before is counted apart: strangers who guess at a name do not
 * keep its owner out. */
static void name_tries(struct accounts *accounts, const struct request *request, const char *name,
	struct tries *ret_tries)
{
	char group[HTTP_ADDRESS_BYTES];

	address_group(request->address, group);
	snprintf(ret_tries->address, sizeof(ret_tries->address), "a:%s", group);
	snprintf(ret_tries->both, sizeof(ret_tries->both), "%.*s@%s", USER_NAME_BYTES, name, group);
	if (throttle_wait_us(accounts->known, &known_rule, ret_tries->both, 0))
		strcpy(ret_tries->name, ret_tries->both);
	else
		snprintf(ret_tries->name, sizeof(ret_tries->name), "n:%.*s", USER_NAME_BYTES, name);
}

/* Counts the try before it is made, so that many at once are no way around. Seconds to wait. */
static int64_t begin_try(struct accounts *accounts, const struct request *request, const char *name,
	struct tries *ret_tries)
{
	uint64_t now_us = clock_boot_us(), name_us, address_us, wait_us;

	pthread_mutex_lock(&accounts->lock);
	name_tries(accounts, request, name, ret_tries);
	name_us = throttle_wait_us(accounts->failures, &name_rule, ret_tries->name, now_us);
	address_us = throttle_wait_us(
		accounts->failures, &address_rule, ret_tries->address, now_us);
	wait_us = name_us > address_us ? name_us : address_us;
	if (wait_us == 0) {
		throttle_charge(accounts->failures, &name_rule, ret_tries->name, now_us);
		throttle_charge(accounts->failures, &address_rule, ret_tries->address, now_us);
	}
	pthread_mutex_unlock(&accounts->lock);
	return (int64_t)((wait_us + US_PER_S - 1) / US_PER_S);
}

static void forgive_try(struct accounts *accounts, const struct tries *tries)
{
	pthread_mutex_lock(&accounts->lock);
	throttle_clear(accounts->failures, tries->name);
	throttle_forgive(accounts->failures, &address_rule, tries->address);
	throttle_clear(accounts->known, tries->both);
	throttle_charge(accounts->known, &known_rule, tries->both, clock_boot_us());
	pthread_mutex_unlock(&accounts->lock);
}

/* ---- the password */

struct attempt { /* one try to be somebody; all borrowed */
	struct accounts *accounts;
	struct registry *registry;
	const struct request *request;
	const struct credentials *credentials;
};

/* A name that is unknown takes as long as one that is known. False: 401 or 500 was said. */
static bool find_user(
	const struct attempt *attempt, struct registry_user *ret_user, struct response *ret)
{
	const struct credentials *credentials = attempt->credentials;
	char kept[USER_PASSWORD_BYTES] = "";
	struct err err = {0};
	int r = registry_user_find(attempt->registry, credentials->name, ret_user, kept, &err);

	if (r < 0 && r != -ENOENT) {
		log_error("accounts: %s", err.text);
		response_error(
			ret, 500, "the server could not read its own books; its log says why");
		return false;
	}
	if (password_matches(credentials->password, r == 0 && kept[0] ? kept : NULL))
		return true;
	response_refuse(ret, 401, "credentials", "the name or the password is wrong");
	return false;
}

/* The same, throttled. False: 401, 429 or 500 was said. */
static bool check(
	const struct attempt *attempt, struct registry_user *ret_user, struct response *ret)
{
	const char *address = attempt->request->address;
	struct tries tries;
	int64_t wait_s = begin_try(
		attempt->accounts, attempt->request, attempt->credentials->name, &tries);

	if (wait_s > 0) {
		log_warn("logins from %s are throttled", address);
		response_later(ret, 429, wait_s, "too many failures: wait a while");
		return false;
	}
	if (!find_user(attempt, ret_user, ret)) {
		log_info("a login from %s failed", address);
		return false;
	}
	forgive_try(attempt->accounts, &tries);
	return true;
}

/* ---- the session */

static void set_cookie(const struct request *request, const char *secret, struct response *ret)
{
	response_header(ret, "Set-Cookie", "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s",
		cookie_name(request), secret, request->secure ? "; Secure" : "",
		secret[0] ? "" : "; Max-Age=0");
}

/* The browser's earlier session, whoever's it was. */
static int end_earlier(struct registry *registry, const struct request *request, struct err *err)
{
	char secret[SECRET_BYTES], hash[REGISTRY_HEX_BYTES];

	if (!secret_in_cookie(request->cookie, cookie_name(request), secret))
		return 0;
	if (secret_hash(secret, hash) < 0)
		return -EIO;
	return registry_session_end(registry, hash, err);
}

static bool session_begin(const struct attempt *attempt, const struct registry_user *user,
	struct principal *ret_who, struct response *ret)
{
	const struct session_limits *limits = &attempt->accounts->limits;
	char secret[SECRET_BYTES];
	struct principal who;
	struct err err = {0};
	int r = secret_make(secret);

	principal_of_user(user, &who);
	if (r == 0)
		r = secret_hash(secret, who.session);
	if (r == 0)
		r = secret_csrf(secret, who.csrf);
	if (r == 0)
		r = end_earlier(attempt->registry, attempt->request, &err);
	if (r == 0)
		r = registry_session_begin(attempt->registry, user, who.session, limits, &err);
	if (r == -ENOENT) {
		response_error(ret, 401, "the account was changed meanwhile: log in again");
		return false;
	}
	if (r < 0) {
		log_error("accounts: no session for %s: %s", user->name, err.text);
		response_error(ret, 503, "no session could be kept; the server's log says why");
		return false;
	}
	set_cookie(attempt->request, secret, ret);
	*ret_who = who;
	return true;
}

bool accounts_log_in(struct accounts *accounts, const struct request *request,
	const struct credentials *credentials, struct principal *ret_who, struct response *ret)
{
	struct attempt attempt = {accounts, NULL, request, credentials};
	struct registry_user user;
	bool done;

	if (!accounts_open(accounts, REGISTRY_WRITE, NULL, &attempt.registry, ret))
		return false;
	done = check(&attempt, &user, ret) && session_begin(&attempt, &user, ret_who, ret);
	registry_close(attempt.registry);
	if (done)
		log_info("%s logged in from %s", user.name, request->address);
	return done;
}

bool accounts_check_password(struct accounts *accounts, const struct request *request,
	const char *password, struct response *ret)
{
	const struct credentials credentials = {request->who->name, password};
	struct attempt attempt = {accounts, NULL, request, &credentials};
	struct registry_user user;
	bool right;

	if (!accounts_open(accounts, REGISTRY_READ, NULL, &attempt.registry, ret))
		return false;
	right = check(&attempt, &user, ret);
	registry_close(attempt.registry);
	return right;
}

void accounts_log_out(
	struct accounts *accounts, const struct request *request, struct response *ret)
{
	struct registry *registry;
	struct err err = {0};

	if (!accounts_open(accounts, REGISTRY_WRITE, NULL, &registry, ret))
		return;
	if (end_earlier(registry, request, &err) < 0) {
		log_error("accounts: %s", err.text);
		response_error(
			ret, 503, "the session could not be ended; the server's log says why");
	} else {
		set_cookie(request, "", ret);
		response_done_well(ret);
	}
	registry_close(registry);
}
