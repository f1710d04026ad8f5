/* SPDX-License-Identifier: Apache-2.0 */
#include "web/account/accounts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "web/account/accounts_private.h"
#include "web/account/secret.h"

int accounts_new(const char *state, const struct accounts_options *options,
	struct accounts **ret_accounts, struct err *err)
{
	struct accounts *accounts = calloc(1, sizeof(*accounts));
	int r = 0;

	if (!accounts)
		return err_errno(err, -ENOMEM, "accounts");
	pthread_mutex_init(&accounts->lock, NULL);
	pthread_mutex_init(&accounts->guards_lock, NULL);
	accounts->state = state;
	accounts->limits = options->limits;
	accounts->metrics_public = options->metrics_public;
	accounts->failures = throttle_new(THROTTLE_ENTRIES);
	accounts->known = throttle_new(THROTTLE_KNOWN);
	if (!accounts->failures || !accounts->known)
		r = err_errno(err, -ENOMEM, "accounts");
	if (r == 0)
		r = proxies_read(options->trusted_proxy, &accounts->proxies, err);
	if (r < 0) {
		accounts_free(accounts);
		return r;
	}
	*ret_accounts = accounts;
	return 0;
}

void accounts_free(struct accounts *accounts)
{
	if (!accounts)
		return;
	throttle_free(accounts->known);
	throttle_free(accounts->failures);
	pthread_mutex_destroy(&accounts->guards_lock);
	pthread_mutex_destroy(&accounts->lock);
	free(accounts);
}

void accounts_look(const struct accounts *accounts, struct request *request)
{
	proxies_look_behind(&accounts->proxies, request);
}

const char *cookie_name(const struct request *request)
{
	return request->secure ? COOKIE_SECURE : COOKIE_PLAIN;
}

bool accounts_open(struct accounts *accounts, enum registry_mode mode, const char *who,
	struct registry **ret_registry, struct response *ret)
{
	struct err err = {0};
	int r = registry_open(accounts->state, mode, who, ret_registry, &err);

	if (r == 0)
		return true;
	if (r == -ENOENT) {
		response_error(ret, 503, "there is no registry yet: run pantau init");
		return false;
	}
	log_error("accounts: %s", err.text);
	response_error(ret, 500, "the server could not read its own books; its log says why");
	return false;
}

void principal_of_user(const struct registry_user *user, struct principal *ret_who)
{
	*ret_who = (struct principal){.role = user->role};
	strcpy(ret_who->name, user->name);
	strcpy(ret_who->kabupaten, user->kabupaten);
	strcpy(ret_who->provider, user->provider);
}

/* ---- by token */

static bool identify_script(struct accounts *accounts, const struct request *request,
	struct principal *ret_who, struct response *ret)
{
	char token[SECRET_BYTES], hash[REGISTRY_HEX_BYTES];
	struct registry *registry;
	struct registry_user user;
	struct err err = {0};
	int r = -ENOENT;

	if (secret_in_bearer(request->authorization, token) && secret_hash(token, hash) == 0) {
		if (!accounts_open(accounts, REGISTRY_READ, NULL, &registry, ret))
			return false;
		r = registry_token_find(registry, hash, &user, &err);
		registry_close(registry);
	}
	if (r == 0) {
		principal_of_user(&user, ret_who);
		strcpy(ret_who->token, hash);
		return true;
	}
	if (r != -ENOENT)
		log_error("accounts: %s", err.text);
	response_error(ret, r == -ENOENT ? 401 : 500,
		r == -ENOENT ? "the token of the header Authorization is none of an account"
			     : "the server could not read its own books; its log says why");
	return false;
}

/* ---- by session */

/* That somebody is there is written down now and then. If it cannot be, the session ends early. */
static void note_seen(struct accounts *accounts, const char *hash)
{
	struct registry *registry;
	struct err err = {0};
	int r = registry_open(accounts->state, REGISTRY_WRITE, NULL, &registry, &err);

	if (r == 0) {
		r = registry_session_seen(registry, hash, &err);
		registry_close(registry);
	}
	if (r < 0)
		log_warn("accounts: %s", err.text);
}

static int find_session(struct accounts *accounts, struct registry *registry, const char *hash,
	struct registry_user *ret_user, struct err *err)
{
	int64_t often_s = accounts->limits.idle_s / 4;
	struct registry_session session;
	int r = registry_session_find(registry, hash, &accounts->limits, &session, err);

	if (r < 0)
		return r;
	if (session.unseen_s >= (often_s < SESSION_SEEN_S ? often_s : SESSION_SEEN_S))
		note_seen(accounts, hash);
	*ret_user = session.user;
	return 0;
}

static bool identify_browser(struct accounts *accounts, const char *secret,
	struct principal *ret_who, struct response *ret)
{
	struct principal who = {.role = USER_PUBLIC};
	char hash[REGISTRY_HEX_BYTES];
	struct registry *registry;
	struct registry_user user;
	struct err err = {0};
	int r;

	if (!accounts_open(accounts, REGISTRY_READ, NULL, &registry, ret))
		return false;
	r = secret_hash(secret, hash);
	if (r == 0)
		r = find_session(accounts, registry, hash, &user, &err);
	registry_close(registry);
	if (r == 0) {
		principal_of_user(&user, &who);
		strcpy(who.session, hash);
		r = secret_csrf(secret, who.csrf);
	}
	if (r < 0 && r != -ENOENT) {
		log_error("accounts: %s", err.text);
		response_error(
			ret, 500, "the server could not read its own books; its log says why");
		return false;
	}
	*ret_who = who;
	return true;
}

bool accounts_identify(struct accounts *accounts, const struct request *request,
	struct principal *ret_who, struct response *ret)
{
	char secret[SECRET_BYTES];

	if (request->authorization)
		return identify_script(accounts, request, ret_who, ret);
	if (secret_in_cookie(request->cookie, cookie_name(request), secret))
		return identify_browser(accounts, secret, ret_who, ret);
	*ret_who = (struct principal){.role = USER_PUBLIC};
	return true;
}

/* A registry that cannot be read at the moment ends nobody's stream. */
bool accounts_still(struct accounts *accounts, const struct principal *who)
{
	struct registry *registry;
	struct registry_user user;
	int r = registry_open(accounts->state, REGISTRY_READ, NULL, &registry, NULL);

	if (r < 0)
		return true;
	if (who->session[0])
		r = find_session(accounts, registry, who->session, &user, NULL);
	else
		r = registry_token_find(registry, who->token, &user, NULL);
	registry_close(registry);
	return r != -ENOENT;
}

bool accounts_shows_metrics(const struct accounts *accounts, const struct request *request)
{
	return accounts->metrics_public || address_is_loopback(request->address) ||
		(ROLE_BIT(request->who->role) & ROLES_DESK);
}
