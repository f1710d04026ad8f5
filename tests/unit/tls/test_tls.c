/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "common/tls_internal.h"
#include "tests/unit/tls/authority.h"

#define YEAR_S (INT64_C(365) * 86400)

static struct authority ours, other;

/* Two engines and the wire between them. */
struct pair {
	struct tls_context *client_context, *server_context;
	struct tls *client, *server;
	struct err client_err, server_err;
	size_t step; /* bytes carried at once; 0: all */
};

static int64_t clock_of(void *arg)
{
	return *(int64_t *)arg;
}

static struct tls_settings settings_of(const struct authority *authority, enum tls_role role)
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

static void pair_init(
	struct pair *pair, const struct tls_settings *client, const struct tls_settings *server)
{
	struct err err;

	memset(pair, 0, sizeof(*pair));
	assert_int_equal(tls_context_new(client, &pair->client_context, &err), 0);
	assert_int_equal(tls_context_new(server, &pair->server_context, &err), 0);
	assert_int_equal(tls_new(pair->client_context, &pair->client), 0);
	assert_int_equal(tls_new(pair->server_context, &pair->server), 0);
}

static void pair_init_ours(struct pair *pair)
{
	struct tls_settings client = settings_of(&ours, TLS_CLIENT);
	struct tls_settings server = settings_of(&ours, TLS_SERVER);

	pair_init(pair, &client, &server);
}

static void pair_done(struct pair *pair)
{
	tls_free(pair->client);
	tls_free(pair->server);
	tls_context_free(pair->client_context);
	tls_context_free(pair->server_context);
}

/* Moves what waits; returns how much that was. */
static size_t carry(struct tls *from, struct tls *to, size_t step)
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

/* Until both are done, one failed, or nothing moves. *ret_client, *ret_server: the last results. */
static void shake(struct pair *pair, int *ret_client, int *ret_server)
{
	size_t moved;

	*ret_client = *ret_server = 0;
	do {
		if (*ret_client == 0)
			*ret_client = tls_handshake(pair->client, &pair->client_err);
		moved = carry(pair->client, pair->server, pair->step);
		if (*ret_server == 0)
			*ret_server = tls_handshake(pair->server, &pair->server_err);
		moved += carry(pair->server, pair->client, pair->step);
	} while (moved > 0);
}

static void shake_well(struct pair *pair)
{
	int client, server;

	shake(pair, &client, &server);
	assert_int_equal(client, 1);
	assert_int_equal(server, 1);
}

/* The words that the client hears, which may come after its own handshake is done. */
static void client_hears(struct pair *pair, int client, const char *words)
{
	char byte;

	if (client == 1)
		assert_int_equal(tls_read(pair->client, &byte, 1, &pair->client_err), -EPROTO);
	else
		assert_int_equal(client, -EPROTO);
	assert_non_null(strstr(pair->client_err.text, words));
}

static void server_hears(struct pair *pair, int server, const char *words)
{
	assert_int_equal(server, -EPROTO);
	assert_non_null(strstr(pair->server_err.text, words));
}

static void both_sides_shake_hands_and_know_each_other(void **state)
{
	uint8_t print[TLS_FINGERPRINT_BYTES];
	char name[64], small[4];
	struct pair pair;

	pair_init_ours(&pair);
	assert_int_equal(tls_peer_fingerprint(pair.server, print), -ENOENT);
	assert_int_equal(tls_peer_name(pair.server, name, sizeof(name)), -ENOENT);
	shake_well(&pair);
	assert_int_equal(tls_peer_name(pair.server, name, sizeof(name)), 0);
	assert_string_equal(name, "agent-7");
	assert_int_equal(tls_peer_name(pair.server, small, sizeof(small)), -ENAMETOOLONG);
	assert_int_equal(tls_peer_fingerprint(pair.server, print), 0);
	assert_memory_equal(print, ours.agent_print, sizeof(print));
	assert_int_equal(tls_peer_name(pair.client, name, sizeof(name)), 0);
	assert_string_equal(name, "pantau-collector");
	assert_string_equal(SSL_get_version(pair.server->ssl), "TLSv1.3");
	/* No ticket follows, and nothing is kept for an idle connection. */
	assert_int_equal(buf_length(tls_output(pair.server)), 0);
	assert_int_equal(tls_read(pair.server, name, sizeof(name), &pair.server_err), 0);
	assert_null(pair.server->in.bytes);
	pair_done(&pair);
}

static void handshake_survives_byte_by_byte(void **state)
{
	struct pair pair;

	pair_init_ours(&pair);
	pair.step = 1;
	shake_well(&pair);
	pair_done(&pair);
}

static void nothing_is_read_or_written_before_the_handshake(void **state)
{
	struct pair pair;
	char byte = 'x';

	pair_init_ours(&pair);
	assert_int_equal(tls_write(pair.client, &byte, 1), -ENOTCONN);
	assert_int_equal(tls_read(pair.client, &byte, 1, &pair.client_err), -EPROTO);
	tls_shutdown(pair.client);
	assert_int_equal(buf_length(tls_output(pair.client)), 0);
	pair_done(&pair);
}

static void agent_of_another_ca_is_refused_and_told(void **state)
{
	struct tls_settings client = settings_of(&other, TLS_CLIENT);
	struct tls_settings server = settings_of(&ours, TLS_SERVER);
	struct pair pair;
	int c, s;

	client.ca_file = ours.ca; /* it trusts us; we do not know who signed it */
	pair_init(&pair, &client, &server);
	shake(&pair, &c, &s);
	server_hears(
		&pair, s, "the peer's certificate (/CN=agent-7) is signed by another CA (/CN=");
	client_hears(&pair, c, "the peer does not know the CA that signed our certificate");
	assert_int_equal(tls_handshake(pair.server, &pair.server_err), -EPROTO);
	pair_done(&pair);
}

static void collector_of_another_ca_is_refused(void **state)
{
	struct tls_settings client = settings_of(&ours, TLS_CLIENT);
	struct tls_settings server = settings_of(&other, TLS_SERVER);
	struct pair pair;
	int c, s;

	pair_init(&pair, &client, &server);
	shake(&pair, &c, &s);
	client_hears(&pair, c, "signed by another CA");
	server_hears(&pair, s, "the peer does not know the CA that signed our certificate");
	pair_done(&pair);
}

static void expired_certificates_are_named_with_their_date(void **state)
{
	struct tls_settings client = settings_of(&ours, TLS_CLIENT);
	struct tls_settings server = settings_of(&ours, TLS_SERVER);
	int64_t later = time(NULL) + 11 * YEAR_S;
	struct pair pair;
	int c, s;

	server.now_s = clock_of;
	server.now_arg = &later;
	pair_init(&pair, &client, &server);
	shake(&pair, &c, &s);
	server_hears(&pair, s, "the peer's certificate (/CN=agent-7) expired on 20");
	client_hears(&pair, c, "the peer says that our certificate has expired");
	pair_done(&pair);
}

static void router_whose_clock_says_1970_connects(void **state)
{
	struct tls_settings client = settings_of(&ours, TLS_CLIENT);
	struct tls_settings server = settings_of(&ours, TLS_SERVER);
	int64_t now_s = 3600;
	struct pair pair;

	client.now_s = clock_of;
	client.now_arg = &now_s;
	pair_init(&pair, &client, &server);
	shake_well(&pair);
	pair_done(&pair);
}

static void wrong_name_says_both_names(void **state)
{
	struct tls_settings client = settings_of(&ours, TLS_CLIENT);
	struct tls_settings server = settings_of(&ours, TLS_SERVER);
	struct pair pair;
	int c, s;

	client.server_name = "kominfo.example";
	pair_init(&pair, &client, &server);
	shake(&pair, &c, &s);
	client_hears(&pair, c, "names DNS:pantau-collector");
	client_hears(&pair, c, "wanted kominfo.example");
	assert_int_equal(s, -EPROTO);
	pair_done(&pair);
}

static void addresses_are_names_too(void **state)
{
	static const char *const names[] = {"127.0.0.1", "::1", "localhost"};
	struct tls_settings client = settings_of(&ours, TLS_CLIENT);
	struct tls_settings server = settings_of(&ours, TLS_SERVER);
	struct pair pair;
	int c, s;

	for (size_t i = 0; i < 3; i++) {
		client.server_name = names[i];
		pair_init(&pair, &client, &server);
		shake_well(&pair);
		pair_done(&pair);
	}
	client.server_name = "10.9.9.9";
	pair_init(&pair, &client, &server);
	shake(&pair, &c, &s);
	client_hears(&pair, c, "wanted 10.9.9.9");
	pair_done(&pair);
}

static void certificates_serve_their_own_purpose_only(void **state)
{
	struct tls_settings client = settings_of(&ours, TLS_CLIENT);
	struct tls_settings server = settings_of(&ours, TLS_SERVER);
	struct pair pair;
	int c, s;

	client.certificate_file = ours.server_certificate;
	client.key_file = ours.server_key;
	pair_init(&pair, &client, &server);
	shake(&pair, &c, &s);
	server_hears(&pair, s, "is not meant for a client");
	pair_done(&pair);
}

static void peer_without_a_certificate_is_refused(void **state)
{
	struct pair pair;
	int c, s;

	pair_init_ours(&pair);
	SSL_certs_clear(pair.client->ssl);
	shake(&pair, &c, &s);
	server_hears(&pair, s, "the peer sent no certificate");
	client_hears(&pair, c, "the peer wants a certificate from us");
	pair_done(&pair);
}

static void another_protocol_is_refused_before_any_work(void **state)
{
	static const unsigned char http[] = "\x08http/1.1";
	struct pair pair;
	int c, s;

	pair_init_ours(&pair);
	SSL_set_alpn_protos(pair.client->ssl, http, sizeof(http) - 1);
	shake(&pair, &c, &s);
	server_hears(&pair, s, "the peer does not speak pantau/1");
	client_hears(&pair, c, "the peer does not speak pantau/1");
	pair_done(&pair);

	pair_init_ours(&pair);
	SSL_set_alpn_protos(pair.client->ssl, NULL, 0); /* says nothing at all */
	shake(&pair, &c, &s);
	server_hears(&pair, s, "the peer does not speak pantau/1");
	pair_done(&pair);
}

static void client_refuses_a_server_that_ignores_the_protocol(void **state)
{
	struct pair pair;
	int c, s;

	pair_init_ours(&pair);
	SSL_CTX_set_alpn_select_cb(pair.server_context->ssl, NULL, NULL);
	shake(&pair, &c, &s);
	client_hears(&pair, c, "the peer does not speak pantau/1");
	pair_done(&pair);
}

static void older_tls_is_refused(void **state)
{
	struct pair pair;
	int c, s;

	pair_init_ours(&pair);
	assert_int_equal(SSL_set_min_proto_version(pair.client->ssl, TLS1_2_VERSION), 1);
	assert_int_equal(SSL_set_max_proto_version(pair.client->ssl, TLS1_2_VERSION), 1);
	shake(&pair, &c, &s);
	server_hears(&pair, s, "the peer does not offer TLS 1.3");
	client_hears(&pair, c, "the peer does not offer TLS 1.3");
	pair_done(&pair);
}

static void garbage_and_http_get_words(void **state)
{
	static const char http[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
	unsigned char noise[512];
	struct pair pair;

	pair_init_ours(&pair);
	assert_int_equal(tls_feed(pair.server, http, sizeof(http) - 1), 0);
	assert_int_equal(tls_handshake(pair.server, &pair.server_err), -EPROTO);
	assert_string_equal(pair.server_err.text, "the peer speaks HTTP, not TLS");
	pair_done(&pair);

	for (unsigned seed = 1; seed <= 200; seed++) {
		pair_init_ours(&pair);
		srand(seed);
		for (size_t i = 0; i < sizeof(noise); i++)
			noise[i] = (unsigned char)(rand() >> 7);
		assert_int_equal(tls_feed(pair.server, noise, sizeof(noise)), 0);
		assert_true(tls_handshake(pair.server, &pair.server_err) <= 0);
		pair_done(&pair);
	}
}

static void damaged_records_end_the_connection(void **state)
{
	struct pair pair;
	struct buf *wire;
	char byte = 'x';

	pair_init_ours(&pair);
	shake_well(&pair);
	assert_int_equal(tls_write(pair.client, &byte, 1), 0);
	wire = tls_output(pair.client);
	wire->bytes[wire->end - 1] ^= 1;
	carry(pair.client, pair.server, 0);
	assert_int_equal(tls_read(pair.server, &byte, 1, &pair.server_err), -EPROTO);
	assert_int_equal(tls_read(pair.server, &byte, 1, &pair.server_err), -EPROTO);
	assert_int_equal(tls_write(pair.server, &byte, 1), -ENOTCONN);
	/* The alert that tells the peer. */
	carry(pair.server, pair.client, 0);
	assert_int_equal(tls_read(pair.client, &byte, 1, &pair.client_err), -EPROTO);
	pair_done(&pair);
}

/* Sends `total` patterned bytes from one engine to the other in writes of `chunk`. */
static void transfer(struct tls *from, struct tls *to, size_t total, size_t chunk)
{
	unsigned char *bytes = malloc(chunk), got[4096];
	size_t sent = 0, received = 0;
	struct err err;
	int n;

	assert_non_null(bytes);
	while (received < total) {
		size_t length = total - sent < chunk ? total - sent : chunk;

		for (size_t i = 0; i < length; i++)
			bytes[i] = (unsigned char)((sent + i) * 31 >> 3);
		if (length > 0 && tls_write(from, bytes, length) == 0)
			sent += length;
		carry(from, to, 10000);
		while ((n = tls_read(to, got, sizeof(got), &err)) > 0)
			for (int i = 0; i < n; i++, received++)
				if (got[i] != (unsigned char)(received * 31 >> 3))
					fail_msg("byte %zu differs", received);
		assert_int_equal(n, 0);
	}
	assert_int_equal(received, total);
	free(bytes);
}

static void big_transfers_arrive_whole_both_ways(void **state)
{
	struct pair pair;

	pair_init_ours(&pair);
	shake_well(&pair);
	transfer(pair.client, pair.server, 3000000, 65540);
	transfer(pair.server, pair.client, 3000000, 16384);
	transfer(pair.client, pair.server, 5000, 1);
	assert_null(pair.server->in.bytes); /* given back when idle */
	pair_done(&pair);
}

static void output_is_bounded_and_a_write_is_all_or_nothing(void **state)
{
	static unsigned char bytes[20000], got[20000];
	struct pair pair;
	size_t writes = 0, before, received = 0;
	int r, n;

	pair_init_ours(&pair);
	shake_well(&pair);
	do {
		before = buf_length(tls_output(pair.client));
		r = tls_write(pair.client, bytes, sizeof(bytes));
		writes += r == 0;
	} while (r == 0);
	assert_int_equal(r, -ENOBUFS);
	assert_int_equal(buf_length(tls_output(pair.client)), before);
	assert_in_range(before, 128 * 1024, 160 * 1024);
	/* What was taken arrives, and then there is room again. */
	while (carry(pair.client, pair.server, 30000))
		while ((n = tls_read(pair.server, got, sizeof(got), &pair.server_err)) > 0)
			received += (size_t)n;
	assert_int_equal(received, writes * sizeof(bytes));
	assert_int_equal(tls_write(pair.client, bytes, sizeof(bytes)), 0);
	pair_done(&pair);
}

static void input_is_bounded(void **state)
{
	static unsigned char bytes[60000];
	struct pair pair;

	pair_init_ours(&pair);
	assert_int_equal(tls_feed(pair.server, bytes, sizeof(bytes)), 0);
	assert_int_equal(tls_feed(pair.server, bytes, sizeof(bytes)), -ENOBUFS);
	pair_done(&pair);
}

static void close_notify_is_an_orderly_end(void **state)
{
	struct pair pair;
	char byte = 'x';

	pair_init_ours(&pair);
	shake_well(&pair);
	assert_int_equal(tls_write(pair.client, &byte, 1), 0);
	tls_shutdown(pair.client);
	carry(pair.client, pair.server, 0);
	assert_int_equal(tls_read(pair.server, &byte, 1, &pair.server_err), 1);
	assert_int_equal(tls_read(pair.server, &byte, 1, &pair.server_err), -ENOTCONN);
	tls_shutdown(pair.server);
	carry(pair.server, pair.client, 0);
	assert_int_equal(tls_read(pair.client, &byte, 1, &pair.client_err), -ENOTCONN);
	pair_done(&pair);
}

static void key_updates_of_the_peer_are_followed(void **state)
{
	struct pair pair;

	pair_init_ours(&pair);
	shake_well(&pair);
	assert_int_equal(SSL_key_update(pair.client->ssl, SSL_KEY_UPDATE_REQUESTED), 1);
	transfer(pair.client, pair.server, 1000, 100);
	transfer(pair.server, pair.client, 1000, 100);
	pair_done(&pair);
}

static void bad_files_are_named(void **state)
{
	struct tls_settings settings = settings_of(&ours, TLS_SERVER);
	struct tls_context *context = NULL;
	struct err err;

	settings.certificate_file = "/nonexistent/server.crt";
	assert_int_equal(tls_context_new(&settings, &context, &err), -ENOENT);
	assert_non_null(strstr(err.text, "/nonexistent/server.crt: No such file"));
	settings.certificate_file = ours.server_key;
	assert_int_equal(tls_context_new(&settings, &context, &err), -EINVAL);
	assert_non_null(strstr(err.text, ours.server_key));
	settings.certificate_file = ours.server_certificate;
	settings.key_file = ours.agent_key;
	assert_int_equal(tls_context_new(&settings, &context, &err), -EINVAL);
	assert_non_null(strstr(err.text, ours.agent_key));
	assert_null(context);
}

static int make_authorities(void **state)
{
	authority_init(&ours);
	authority_init(&other);
	return 0;
}

static int remove_authorities(void **state)
{
	authority_done(&ours);
	authority_done(&other);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_sides_shake_hands_and_know_each_other),
		cmocka_unit_test(handshake_survives_byte_by_byte),
		cmocka_unit_test(nothing_is_read_or_written_before_the_handshake),
		cmocka_unit_test(agent_of_another_ca_is_refused_and_told),
		cmocka_unit_test(collector_of_another_ca_is_refused),
		cmocka_unit_test(expired_certificates_are_named_with_their_date),
		cmocka_unit_test(router_whose_clock_says_1970_connects),
		cmocka_unit_test(wrong_name_says_both_names),
		cmocka_unit_test(addresses_are_names_too),
		cmocka_unit_test(certificates_serve_their_own_purpose_only),
		cmocka_unit_test(peer_without_a_certificate_is_refused),
		cmocka_unit_test(another_protocol_is_refused_before_any_work),
		cmocka_unit_test(client_refuses_a_server_that_ignores_the_protocol),
		cmocka_unit_test(older_tls_is_refused),
		cmocka_unit_test(garbage_and_http_get_words),
		cmocka_unit_test(damaged_records_end_the_connection),
		cmocka_unit_test(big_transfers_arrive_whole_both_ways),
		cmocka_unit_test(output_is_bounded_and_a_write_is_all_or_nothing),
		cmocka_unit_test(input_is_bounded),
		cmocka_unit_test(close_notify_is_an_orderly_end),
		cmocka_unit_test(key_updates_of_the_peer_are_followed),
		cmocka_unit_test(bad_files_are_named),
	};

	return cmocka_run_group_tests(tests, make_authorities, remove_authorities);
}
