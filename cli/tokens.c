/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/tokens.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/signer/signer.h"
#include "common/crypto.h"
#include "common/crypto_scrypt.h"
#include "common/endpoint.h"
#include "common/file.h"

#define VALID_MAX_DAYS 366 /* a box of routers is handed out within a year */
#define DAY_S 86400

int tokens_duration(const char *text, int64_t *ret_s, struct err *err)
{
	static const struct {
		char letter;
		int64_t seconds;
	} units[] = {{'m', 60}, {'h', 3600}, {'d', DAY_S}};
	char *end;
	long number = strtol(text, &end, 10);

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (end != text && end[0] == units[i].letter && !end[1] && number > 0 &&
			number <= VALID_MAX_DAYS * DAY_S / units[i].seconds) {
			*ret_s = number * units[i].seconds;
			return 0;
		}
	return err_set(err, -EINVAL,
		"\"%.32s\": must be a time like 90m, 12h or 30d, %d days at most", text,
		VALID_MAX_DAYS);
}

/* What an agent would read as [collector] address. */
static int check_address(const char *list, struct err *err)
{
	char item[ENROL_ADDRESS_MAX + 1], host[ENROL_ADDRESS_MAX + 1];
	char port[ENDPOINT_PORT_BYTES];
	const char *rest = list;
	size_t count = 0;

	if (strlen(list) <= ENROL_ADDRESS_MAX && !strpbrk(list, " \t\r\n#;=/\"'\\"))
		while (list_next(&rest, item, sizeof(item))) {
			*port = '\0';
			if (endpoint_split(item, host, sizeof(host), port) < 0 || !*host || !*port)
				count = SIZE_MAX / 2;
			count++;
		}
	if (count < 1 || count > 4)
		return err_set(err, -EINVAL,
			"\"%.64s\": must be HOST:PORT, or up to four with commas between", list);
	return 0;
}

static int draw(const struct tokens_order *order, struct enrol_token *token,
	struct registry_enrolment *enrolment, struct err *err)
{
	uint8_t digest[SHA256_BYTES];
	int r = crypto_random(token->secret, sizeof(token->secret));

	if (r == 0)
		r = crypto_sha256(token->secret, sizeof(token->secret), digest);
	if (r < 0)
		return err_errno(err, r, "cannot make a token");
	enrolment->expires_s = order->expires_s;
	snprintf(enrolment->wan, sizeof(enrolment->wan), "%s", order->wan);
	hex_format(digest, sizeof(digest), enrolment->hash);
	return 0;
}

static int read_pin(const struct tokens_order *order, struct enrol_token *token, struct err *err)
{
	char folder[PATH_MAX];
	int r = file_join(folder, sizeof(folder), order->state, "ca");

	if (r < 0)
		return err_errno(err, r, "%s", order->state);
	snprintf(token->address, sizeof(token->address), "%s", order->address);
	return signer_pin(folder, token->pin, err);
}

static int fill(struct registry *registry, const struct tokens_order *order, struct tokens *tokens,
	struct err *err)
{
	struct registry_enrolment *enrolments = calloc(order->count, sizeof(*enrolments));
	struct enrol_token token;
	int r = enrolments ? 0 : err_set(err, -ENOMEM, "out of memory");

	if (r == 0)
		r = read_pin(order, &token, err);
	for (size_t i = 0; r == 0 && i < order->count; i++) {
		enrolments[i].link = order->links[i];
		r = draw(order, &token, &enrolments[i], err);
		enrol_token_write(&token, tokens->texts[i]);
	}
	if (r == 0)
		r = registry_enrolments_add(registry, enrolments, order->count, tokens->ids, err);
	crypto_forget(&token, sizeof(token));
	free(enrolments);
	return r;
}

int tokens_make(struct registry *registry, const struct tokens_order *order,
	struct tokens *ret_tokens, struct err *err)
{
	struct tokens tokens = {.count = order->count};
	int r = check_address(order->address, err);

	if (r < 0)
		return r;
	tokens.ids = calloc(order->count, sizeof(*tokens.ids));
	tokens.texts = calloc(order->count, sizeof(*tokens.texts));
	if (!tokens.ids || !tokens.texts)
		r = err_set(err, -ENOMEM, "out of memory");
	if (r == 0)
		r = fill(registry, order, &tokens, err);
	if (r < 0)
		tokens_done(&tokens);
	else
		*ret_tokens = tokens;
	return r;
}

void tokens_revoke(struct registry *registry, const struct tokens *tokens)
{
	struct err unused;

	for (size_t i = 0; i < tokens->count; i++)
		registry_enrolment_revoke(registry, tokens->ids[i], &unused);
}

void tokens_done(struct tokens *tokens)
{
	if (tokens->texts)
		crypto_forget(tokens->texts, tokens->count * sizeof(*tokens->texts));
	free(tokens->texts);
	free(tokens->ids);
}
