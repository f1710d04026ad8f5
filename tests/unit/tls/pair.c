/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/tls/pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct tls_settings pair_settings(const struct authority *authority, enum tls_role role)
{
	struct tls_settings settings = {.role = role, .ca_file = authority->ca};

	if (role == TLS_CLIENT) {
		settings.certificate_file = authority->agent_certificate;
		settings.key_file = authority->agent_key;
		settings.server_name = "pantau-collector";
	} else {
		settings.certificate_file = authority->server_certificate;
		settings.key_file = authority->server_key;
	}
	return settings;
}

void pair_init(
	struct pair *pair, const struct tls_settings *client, const struct tls_settings *server)
{
	struct err err;

	memset(pair, 0, sizeof(*pair));
	assert_int_equal(tls_context_new(client, &pair->client_context, &err), 0);
	assert_int_equal(tls_context_new(server, &pair->server_context, &err), 0);
	assert_int_equal(tls_new(pair->client_context, &pair->client), 0);
	assert_int_equal(tls_new(pair->server_context, &pair->server), 0);
}

void pair_init_of(struct pair *pair, const struct authority *authority)
{
	struct tls_settings client = pair_settings(authority, TLS_CLIENT);
	struct tls_settings server = pair_settings(authority, TLS_SERVER);

	pair_init(pair, &client, &server);
}

void pair_done(struct pair *pair)
{
	tls_free(pair->client);
	tls_free(pair->server);
	tls_context_free(pair->client_context);
	tls_context_free(pair->server_context);
}

size_t pair_carry(struct tls *from, struct tls *to, size_t step)
{
	struct buf *out = tls_output(from);
	size_t length = buf_length(out);

	if (step && length > step)
		length = step;
	if (length == 0)
		return 0;
	assert_int_equal(tls_feed(to, buf_peek(out), length), 0);
	buf_consume(out, length);
	return length;
}

void pair_shake(struct pair *pair, int *ret_client, int *ret_server)
{
	size_t moved;

	*ret_client = *ret_server = 0;
	do {
		if (*ret_client == 0)
			*ret_client = tls_handshake(pair->client, &pair->client_err);
		moved = pair_carry(pair->client, pair->server, pair->step);
		if (*ret_server == 0)
			*ret_server = tls_handshake(pair->server, &pair->server_err);
		moved += pair_carry(pair->server, pair->client, pair->step);
	} while (moved > 0);
}

void pair_shake_well(struct pair *pair)
{
	int client, server;

	pair_shake(pair, &client, &server);
	assert_int_equal(client, 1);
	assert_int_equal(server, 1);
}
