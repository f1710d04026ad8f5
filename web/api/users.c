/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts, for administrators: GET and POST /api/v1/users, DELETE /api/v1/users/NAME, POST to
 * /api/v1/users/NAME/password. And POST /api/v1/password: everybody's own.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/explain/json_put.h"
#include "common/crypto_scrypt.h"
#include "common/password.h"
#include "web/entry.h"

/* ---- list */

static void put_since(struct json *json, const char *key, int64_t utc_s)
{
	if (utc_s)
		json_put_time(json, key, utc_s);
	else
		json_null(json, key);
}

static int write_user(void *arg, const struct registry_user *user)
{
	struct json *json = arg;

	json_object(json, NULL);
	json_text(json, "name", user->name);
	json_text(json, "role", user_role_name(user->role));
	json_put_words(json, "kabupaten", user->kabupaten);
	json_put_words(json, "provider", user->provider);
	put_since(json, "created", user->created_s);
	put_since(json, "password", user->password_s);
	put_since(json, "token", user->token_s);
	put_since(json, "removed", user->removed_s);
	json_object_end(json);
	return 0;
}

void api_users(struct site *site, const struct request *request, struct response *ret)
{
	struct err err = {0};
	struct books books;
	struct json json;

	if (!params_known(request, params_none, ret) || !books_open(site->state, &books, ret))
		return;
	response_json(ret, &json);
	json_array(&json, "rows");
	if (registry_users(books.registry, write_user, &json, &err) < 0) {
		books_failed("users", &err, ret);
	} else {
		json_array_end(&json);
		response_json_end(ret, &json);
	}
	books_close(&books);
}

/* ---- passwords */

struct made { /* a password on its way from a person to the registry */
	char password[PASSWORD_MADE_BYTES]; /* made up here, to be told once; otherwise "" */
	char kept[PASSWORD_KEPT_BYTES];
};

/* The body's, or one made up when it has none. */
static bool make_password(
	const struct body *body, const char *account, struct made *made, struct response *ret)
{
	const char *password;
	struct err err = {0};
	int r = 0;

	if (!body_text(body, "password", &password, ret))
		return false;
	if (password && password_check(account, password, &err) < 0) {
		response_bad_as(ret, "password", &(struct http_param){"password", ""}, err.text);
		return false;
	}
	if (!password) {
		r = password_make(made->password);
		password = made->password;
	}
	if (r == 0)
		r = password_keep(password, made->kept);
	if (r == 0)
		return true;
	response_error(ret, 503, "no memory for the password");
	return false;
}

static void write_made(
	const char *name, const struct made *made, unsigned status, struct response *ret)
{
	struct json json;

	response_json(ret, &json);
	json_text(&json, "name", name);
	json_put_words(&json, "password", made->password);
	response_json_end(ret, &json);
	ret->status = status;
}

/* ---- add */

static bool read_user(const struct body *body, struct registry_user *user, struct response *ret)
{
	static const char *const roles[] = {"admin", "noc", "officer", "provider", NULL};
	int role = -1;

	if (!entry_text(body, "name", user->name, sizeof(user->name), ret) ||
		!body_choice(body, "role", roles, &role, ret) ||
		(body_has(body, "kabupaten") &&
			!entry_text(body, "kabupaten", user->kabupaten, sizeof(user->kabupaten),
				ret)) ||
		(body_has(body, "provider") &&
			!entry_text(body, "provider", user->provider, sizeof(user->provider), ret)))
		return false;
	if (role < 0) {
		response_missing(ret, "role");
		return false;
	}
	user->role = (enum user_role)user_role_parse(roles[role]);
	return true;
}

static void add(const struct books *books, const struct request *request, const struct body *body,
	struct response *ret)
{
	struct registry_user user = {0};
	struct made made = {0};
	struct err err = {0};
	int64_t id;

	if (!read_user(body, &user, ret) || !make_password(body, user.name, &made, ret))
		return;
	if (registry_user_add(books->registry, &user, &(struct user_keys){.password = made.kept},
		    &id, &err) < 0)
		entry_failed("user", &err, ret);
	else
		write_made(user.name, &made, 201, ret);
	crypto_forget(&made, sizeof(made));
}

void api_user_add(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {
		"name", "role", "kabupaten", "provider", "password", NULL};

	entry_change(site, request, known, add, ret);
}

/* ---- another password, and the end */

static void set_password(const struct books *books, const struct request *request,
	const struct body *body, struct response *ret)
{
	const char *name = request->segments[0];
	struct made made = {0};
	struct err err = {0};

	if (!make_password(body, name, &made, ret))
		return;
	if (registry_user_set_password(books->registry, name, made.kept, NULL, &err) < 0)
		entry_failed("user", &err, ret);
	else
		write_made(name, &made, 200, ret);
	crypto_forget(&made, sizeof(made));
}

void api_user_password(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"password", NULL};

	entry_change(site, request, known, set_password, ret);
}

static void remove_user(const struct books *books, const struct request *request,
	const struct body *body, struct response *ret)
{
	struct err err = {0};
	int r = registry_user_remove(books->registry, request->segments[0], &err);

	if (r == -EUSERS)
		response_refuse(ret, 409, "last-admin", err.text);
	else
		entry_ended("user", r, &err, ret);
}

void api_user_remove(struct site *site, const struct request *request, struct response *ret)
{
	entry_change(site, request, params_none, remove_user, ret);
}

/* ---- one's own */

static void set_own(const struct books *books, const struct request *request,
	const struct body *body, struct response *ret)
{
	const struct principal *who = request->who;
	char kept[PASSWORD_KEPT_BYTES];
	const char *password;
	struct err err = {0};

	if (!body_need_text(body, "new", &password, ret))
		return;
	if (password_check(who->name, password, &err) < 0) {
		response_bad_as(ret, "password", &(struct http_param){"new", ""}, err.text);
		return;
	}
	if (password_keep(password, kept) < 0)
		response_error(ret, 503, "no memory for the password");
	else
		entry_ended("user",
			registry_user_set_password(
				books->registry, who->name, kept, who->session, &err),
			&err, ret);
	crypto_forget(kept, sizeof(kept));
}

/* The old one is asked for, so that a browser left open gives nobody the account. */
void api_password(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"old", "new", NULL};
	const char *old;
	struct body *body;
	bool right;

	if (!request->who->session[0]) {
		response_error(ret, 403, "a token sets no password");
		return;
	}
	if (!params_known(request, params_none, ret) || !body_read(request, known, &body, ret))
		return;
	right = body_need_text(body, "old", &old, ret) &&
		accounts_check_password(site->accounts, request, old, ret);
	body_free(body);
	if (right)
		entry_change(site, request, known, set_own, ret);
}
