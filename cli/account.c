/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/account.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "common/crypto.h"
#include "common/crypto_scrypt.h"

#define LINE_BYTES (PASSWORD_MAX + 2) /* one more than may be, and its 0 */

int account_make_password(struct account_keys *ret_keys, struct err *err)
{
	struct account_keys keys = {0};
	int r = password_make(keys.password);

	if (r == 0)
		r = password_keep(keys.password, keys.kept);
	if (r < 0)
		return err_errno(err, r, "cannot make a password");
	*ret_keys = keys;
	return 0;
}

int account_make_token(struct account_keys *ret_keys, struct err *err)
{
	struct account_keys keys = {0};
	uint8_t bytes[(ACCOUNT_TOKEN_BYTES - 1) / 2], digest[SHA256_BYTES];
	int r = crypto_random(bytes, sizeof(bytes));

	if (r == 0) {
		hex_format(bytes, sizeof(bytes), keys.token);
		r = crypto_sha256(keys.token, strlen(keys.token), digest);
	}
	if (r < 0)
		return err_errno(err, r, "cannot make a token");
	hex_format(digest, sizeof(digest), keys.token_hash);
	*ret_keys = keys;
	return 0;
}

/* ---- asking */

static int read_line(char *line, size_t size, struct err *err)
{
	size_t length;

	if (!fgets(line, (int)size, stdin))
		return err_set(err, -EINVAL, "no password: nothing on standard input");
	length = strcspn(line, "\r\n");
	if (!line[length] && length == size - 1)
		return err_set(err, -EINVAL, "that is too long: %zu bytes at most", size - 2);
	line[length] = '\0';
	return 0;
}

static int ask_once(const char *prompt, char *line, size_t size, struct err *err)
{
	struct termios loud, silent;
	int r;

	if (tcgetattr(STDIN_FILENO, &loud) < 0)
		return err_errno(err, -errno, "the terminal");
	silent = loud;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	fprintf(stderr, "%s: ", prompt);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
	r = read_line(line, size, err);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &loud);
	fputc('\n', stderr);
	return r;
}

static int ask_again(const char *line, size_t size, struct err *err)
{
	char *again = calloc(1, size);
	int r;

	if (!again)
		return err_set(err, -ENOMEM, "out of memory");
	r = ask_once("Again", again, size, err);
	if (r == 0 && strcmp(line, again) != 0)
		r = err_set(err, -EINVAL, "the two are not the same");
	crypto_forget(again, size);
	free(again);
	return r;
}

int account_ask_secret(const char *what, bool twice, char *ret_line, size_t size, struct err *err)
{
	int r;

	if (!isatty(STDIN_FILENO))
		return read_line(ret_line, size, err);
	r = ask_once(what, ret_line, size, err);
	return r == 0 && twice ? ask_again(ret_line, size, err) : r;
}

int account_ask_password(const char *name, struct account_keys *ret_keys, struct err *err)
{
	struct account_keys keys = {0};
	char line[LINE_BYTES] = "";
	int r = account_ask_secret("Password", true, line, sizeof(line), err);

	if (r == 0)
		r = password_check(name, line, err);
	if (r == 0) {
		r = password_keep(line, keys.kept);
		if (r < 0)
			err_errno(err, r, "cannot keep the password");
	}
	crypto_forget(line, sizeof(line));
	if (r == 0)
		*ret_keys = keys;
	return r;
}

/* ---- telling */

struct user_keys account_kept(const struct account_keys *keys)
{
	return (struct user_keys){
		.password = keys->kept[0] ? keys->kept : NULL,
		.token = keys->token_hash[0] ? keys->token_hash : NULL,
	};
}

void account_print(const struct account_keys *keys)
{
	if (keys->password[0])
		puts(keys->password);
	if (keys->token[0])
		puts(keys->token);
}

void account_forget(struct account_keys *keys)
{
	crypto_forget(keys, sizeof(*keys));
}
