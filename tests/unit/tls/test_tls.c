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

#include "collector/signer/signer.h"
#include "tests/unit/tls/pair.h"

#define YEAR_S (INT64_C(365) * 86400)

static struct authority ours, other;

static int64_t clock_of(void *arg)
{
	return *(int64_t *)arg;
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

	pair_init_of(&pair, &ours);
	assert_int_equal(tls_peer_fingerprint(pair.server, print), -ENOENT);
	assert_int_equal(tls_peer_name(pair.server, name, sizeof(name)), -ENOENT);
	pair_shake_well(&pair);
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

	pair_init_of(&pair, &ours);
	pair.step = 1;
	pair_shake_well(&pair);
	pair_done(&pair);
}

static void agent_of_another_ca_is_refused_and_told(void **state)
{
	struct tls_settings client = pair_settings(&other, TLS_CLIENT);
	struct tls_settings server = pair_settings(&ours, TLS_SERVER);
	struct pair pair;
	int c, s;

	client.ca_file = ours.ca; /* it trusts us; we do not know who signed it */
	pair_init(&pair, &client, &server);
	pair_shake(&pair, &c, &s);
	server_hears(
		&pair, s, "the peer's certificate (/CN=agent-7) is signed by another CA (/CN=");
	client_hears(&pair, c, "the peer does not know the CA that signed our certificate");
	assert_int_equal(tls_handshake(pair.server, &pair.server_err), -EPROTO);
	pair_done(&pair);
}

static void collector_of_another_ca_is_refused(void **state)
{
	struct tls_settings client = pair_settings(&ours, TLS_CLIENT);
	struct tls_settings server = pair_settings(&other, TLS_SERVER);
	struct pair pair;
	int c, s;

	pair_init(&pair, &client, &server);
	pair_shake(&pair, &c, &s);
	client_hears(&pair, c, "signed by another CA");
	server_hears(&pair, s, "the peer does not know the CA that signed our certificate");
	pair_done(&pair);
}

static void expired_certificates_are_named_with_their_date(void **state)
{
	struct tls_settings client = pair_settings(&ours, TLS_CLIENT);
	struct tls_settings server = pair_settings(&ours, TLS_SERVER);
	int64_t later = time(NULL) + 11 * YEAR_S;
	struct pair pair;
	int c, s;

	server.now_s = clock_of;
	server.now_arg = &later;
	pair_init(&pair, &client, &server);
	pair_shake(&pair, &c, &s);
	server_hears(&pair, s, "the peer's certificate (/CN=agent-7) expired on 20");
	client_hears(&pair, c, "the peer says that our certificate has expired");
	pair_done(&pair);
}

static void router_whose_clock_says_1970_connects(void **state)
{
	struct tls_settings client = pair_settings(&ours, TLS_CLIENT);
	struct tls_settings server = pair_settings(&ours, TLS_SERVER);
	int64_t now_s = 3600;
	struct pair pair;

	client.now_s = clock_of;
	client.now_arg = &now_s;
	pair_init(&pair, &client, &server);
	pair_shake_well(&pair);
	pair_done(&pair);
}

static void wrong_name_says_both_names(void **state)
{
	struct tls_settings client = pair_settings(&ours, TLS_CLIENT);
	struct tls_settings server = pair_settings(&ours, TLS_SERVER);
	struct pair pair;
	int c, s;

	client.server_name = "kominfo.example";
	pair_init(&pair, &client, &server);
	pair_shake(&pair, &c, &s);
	client_hears(&pair, c, "names DNS:pantau-collector");
	client_hears(&pair, c, "wanted kominfo.example");
	assert_int_equal(s, -EPROTO);
	pair_done(&pair);
}

static void addresses_are_names_too(void **state)
{
	static const char *const names[] = {"127.0.0.1", "::1", "localhost"};
	struct tls_settings client = pair_settings(&ours, TLS_CLIENT);
	struct tls_settings server = pair_settings(&ours, TLS_SERVER);
	struct pair pair;
	int c, s;

	for (size_t i = 0; i < 3; i++) {
		client.server_name = names[i];
		pair_init(&pair, &client, &server);
		pair_shake_well(&pair);
		pair_done(&pair);
	}
	client.server_name = "10.9.9.9";
	pair_init(&pair, &client, &server);
	pair_shake(&pair, &c, &s);
	client_hears(&pair, c, "wanted 10.9.9.9");
	pair_done(&pair);
}

static void certificates_serve_their_own_purpose_only(void **state)
{
	struct tls_settings client = pair_settings(&ours, TLS_CLIENT);
	struct tls_settings server = pair_settings(&ours, TLS_SERVER);
	struct pair pair;
	int c, s;

	client.certificate_file = ours.server_certificate;
	client.key_file = ours.server_key;
	pair_init(&pair, &client, &server);
	pair_shake(&pair, &c, &s);
	server_hears(&pair, s, "is not meant for a client");
	pair_done(&pair);
}

static void peer_without_a_certificate_is_refused(void **state)
{
	struct pair pair;
	int c, s;

	pair_init_of(&pair, &ours);
	SSL_certs_clear(pair.client->ssl);
	pair_shake(&pair, &c, &s);
	server_hears(&pair, s, "the peer sent no certificate");
	client_hears(&pair, c, "the peer wants a certificate from us");
	pair_done(&pair);
}

static void another_protocol_is_refused_before_any_work(void **state)
{
	static const unsigned char http[] = "\x08http/1.1";
	struct pair pair;
	int c, s;

	pair_init_of(&pair, &ours);
	SSL_set_alpn_protos(pair.client->ssl, http, sizeof(http) - 1);
	pair_shake(&pair, &c, &s);
	server_hears(&pair, s, "the peer does not speak pantau/1");
	client_hears(&pair, c, "the peer does not speak pantau/1");
	pair_done(&pair);

	pair_init_of(&pair, &ours);
	SSL_set_alpn_protos(pair.client->ssl, NULL, 0); /* says nothing at all */
	pair_shake(&pair, &c, &s);
	server_hears(&pair, s, "the peer does not speak pantau/1");
	pair_done(&pair);
}

static void client_refuses_a_server_that_ignores_the_protocol(void **state)
{
	struct pair pair;
	int c, s;

	pair_init_of(&pair, &ours);
	SSL_CTX_set_alpn_select_cb(pair.server_context->ssl, NULL, NULL);
	pair_shake(&pair, &c, &s);
	client_hears(&pair, c, "the peer does not speak pantau/1");
	pair_done(&pair);
}

static void older_tls_is_refused(void **state)
{
	struct pair pair;
	int c, s;

	pair_init_of(&pair, &ours);
	assert_int_equal(SSL_set_min_proto_version(pair.client->ssl, TLS1_2_VERSION), 1);
	assert_int_equal(SSL_set_max_proto_version(pair.client->ssl, TLS1_2_VERSION), 1);
	pair_shake(&pair, &c, &s);
	server_hears(&pair, s, "the peer does not offer TLS 1.3");
	client_hears(&pair, c, "the peer does not offer TLS 1.3");
	pair_done(&pair);
}

static void garbage_and_http_get_words(void **state)
{
	static const char http[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
	unsigned char noise[512];
	struct pair pair;

	pair_init_of(&pair, &ours);
	assert_int_equal(tls_feed(pair.server, http, sizeof(http) - 1), 0);
	assert_int_equal(tls_handshake(pair.server, &pair.server_err), -EPROTO);
	assert_string_equal(pair.server_err.text, "the peer speaks HTTP, not TLS");
	pair_done(&pair);

	for (unsigned seed = 1; seed <= 200; seed++) {
		pair_init_of(&pair, &ours);
		srand(seed);
		for (size_t i = 0; i < sizeof(noise); i++)
			noise[i] = (unsigned char)(rand() >> 7);
		assert_int_equal(tls_feed(pair.server, noise, sizeof(noise)), 0);
		assert_true(tls_handshake(pair.server, &pair.server_err) <= 0);
		pair_done(&pair);
	}
}

static void bad_files_are_named(void **state)
{
	struct tls_settings settings = pair_settings(&ours, TLS_SERVER);
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

/* A client that enrols, with the pin of this authority's CA. */
static void shake_to_enrol(struct pair *pair, const struct authority *authority,
	struct tls_settings *server, int ret_results[2])
{
	uint8_t pin[TLS_FINGERPRINT_BYTES];
	struct tls_settings client = {.role = TLS_CLIENT, .pin = pin};

	assert_int_equal(signer_pin(authority->folder, pin, NULL), 0);
	pair_init(pair, &client, server);
	pair_shake(pair, &ret_results[0], &ret_results[1]);
}

static void who_enrols_knows_the_collector_by_its_pin_alone(void **state)
{
	struct tls_settings server = pair_settings(&ours, TLS_SERVER);
	struct pair pair;
	char name[64];
	int results[2];

	server.enrols = true;
	shake_to_enrol(&pair, &ours, &server, results);
	assert_int_equal(results[0], 1);
	assert_int_equal(results[1], 1);
	assert_true(tls_enrols(pair.server));
	assert_int_equal(tls_peer_name(pair.server, name, sizeof(name)), -ENOENT);
	pair_done(&pair);
	shake_to_enrol(&pair, &other, &server, results);
	assert_int_equal(results[0], -EPROTO);
	assert_non_null(strstr(pair.client_err.text, "not the collector that the token is from"));
	pair_done(&pair);
}

static void an_agents_certificate_is_no_collectors_for_who_enrols(void **state)
{
	struct tls_settings server = pair_settings(&ours, TLS_SERVER);
	struct pair pair;
	int results[2];

	server.enrols = true;
	server.certificate_file = ours.agent_certificate;
	server.key_file = ours.agent_key;
	shake_to_enrol(&pair, &ours, &server, results);
	assert_int_equal(results[0], -EPROTO);
	pair_done(&pair);
}

static void nobody_enrols_where_it_was_not_asked_for(void **state)
{
	struct tls_settings server = pair_settings(&ours, TLS_SERVER);
	struct pair pair;
	int results[2];

	shake_to_enrol(&pair, &ours, &server, results);
	assert_int_equal(results[1], -EPROTO);
	pair_done(&pair);
	server.enrols = true;
	pair_init_of(&pair, &ours); /* an agent with its certificate is still asked for it */
	pair_shake_well(&pair);
	assert_false(tls_enrols(pair.server));
	pair_done(&pair);
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
		cmocka_unit_test(bad_files_are_named),
		cmocka_unit_test(who_enrols_knows_the_collector_by_its_pin_alone),
		cmocka_unit_test(an_agents_certificate_is_no_collectors_for_who_enrols),
		cmocka_unit_test(nobody_enrols_where_it_was_not_asked_for),
	};

	return cmocka_run_group_tests(tests, make_authorities, remove_authorities);
}
