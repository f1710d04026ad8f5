/* SPDX-License-Identifier: Apache-2.0 */
/* What an account is known by, as it is asked for, made up, kept, and told once. */
#ifndef PANTAU_CLI_ACCOUNT_H
#define PANTAU_CLI_ACCOUNT_H

#include "collector/store/registry_user.h"
#include "common/err.h"
#include "common/password.h"

#define ACCOUNT_TOKEN_BYTES 65 /* 256 random bits in hexadecimal and its 0 */

struct account_keys {
	char password[PASSWORD_MADE_BYTES]; /* "": it was not made up here */
	char kept[PASSWORD_KEPT_BYTES]; /* "": no password */
	char token[ACCOUNT_TOKEN_BYTES]; /* "": none */
	char token_hash[REGISTRY_HEX_BYTES];
};

int account_make_password(struct account_keys *ret_keys, struct err *err);
int account_make_token(struct account_keys *ret_keys, struct err *err);
/* Twice from the terminal, without an echo; or a line of standard input when that is none. */
int account_ask_password(const char *name, struct account_keys *ret_keys, struct err *err);

/* "What: " from the terminal without an echo, once or twice; or a line of standard input. Of `size`
 * bytes, the last for its 0. */
int account_ask_secret(const char *what, bool twice, char *ret_line, size_t size, struct err *err);

/* As the registry takes them; borrows. */
struct user_keys account_kept(const struct account_keys *keys);
/* What was made up, alone on a line. */
void account_print(const struct account_keys *keys);
/* Nothing of them stays in memory. */
void account_forget(struct account_keys *keys);

#endif
