/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts: who may do what. What an account is stands in the audit log; what it is known by (the
 * kept password, the hash of a token) lies in a table of its own that no list and no log shows.
 * Removed accounts stay, because the log names them; their name may be given anew.
 */
#ifndef PANTAU_STORE_REGISTRY_USER_H
#define PANTAU_STORE_REGISTRY_USER_H

#include "collector/store/registry.h"

#define USER_NAME_BYTES 33 /* 2 to 32 of a-z, 0-9, ".", "_", "-", and its 0 */
#define USER_PASSWORD_BYTES 128 /* of a kept password: common/password.h */

enum user_role {
	USER_PUBLIC, /* nobody: no account has it */
	USER_PROVIDER, /* sees its own links, and objects */
	USER_OFFICER, /* decides in one kabupaten */
	USER_NOC, /* sees all; tickets, proposals */
	USER_ADMIN,
	USER_ROLE_COUNT
};
const char *user_role_name(enum user_role role); /* "public", "provider", ... */
int user_role_parse(const char *name); /* -1 for a word that is none */

struct registry_user {
	int64_t id;
	char name[USER_NAME_BYTES];
	enum user_role role;
	char kabupaten[REGION_CODE_BYTES]; /* of an officer; otherwise "" */
	char provider[REGISTRY_NAME_BYTES]; /* of a provider; otherwise "" */
	int64_t created_s; /* this and all below: not read by add */
	int64_t password_s; /* since when it has its password; 0: it has none */
	int64_t token_s; /* the same of its token */
	int64_t removed_s; /* 0: it may log in */
};

struct user_keys { /* borrowed; NULL: none */
	const char *password; /* as password_keep() made it */
	const char *token; /* SHA-256 of the token, 64 digits */
};

/* -EEXIST, -EINVAL; -ENOENT: there is no such kabupaten, no link has that provider. */
int registry_user_add(struct registry *registry, const struct registry_user *user,
	const struct user_keys *keys, int64_t *ret_id, struct err *err);
/* Ends all its sessions but one (its hash; NULL: but none). -ENOENT. */
int registry_user_set_password(struct registry *registry, const char *name, const char *kept,
	const char *session, struct err *err);
/* Instead of the one that it had; NULL: it has none any more. -ENOENT. */
int registry_user_set_token(
	struct registry *registry, const char *name, const char *token, struct err *err);
/* Its sessions and its token end with it. -ENOENT; -EUSERS: it is the last administrator. */
int registry_user_remove(struct registry *registry, const char *name, struct err *err);

/* One that was not removed, and its kept password ("" none). -ENOENT. */
int registry_user_find(struct registry *registry, const char *name, struct registry_user *ret_user,
	char ret_password[USER_PASSWORD_BYTES], struct err *err);
/* By name, removed ones too (the older first). */
int registry_users(struct registry *registry,
	int (*each)(void *arg, const struct registry_user *user), void *arg, struct err *err);

#endif
