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

#include "tests/unit/tls/pair.h"

static struct authority ours;

static void nothing_is_read_or_written_before_the_handshake(void **state)
{
	struct pair pair;
	char byte = 'x';

	pair_init_of(&pair, &ours);
	assert_int_equal(tls_write(pair.client, &byte, 1), -ENOTCONN);
	assert_int_equal(tls_read(pair.client, &byte, 1, &pair.client_err), -EPROTO);
	tls_shutdown(pair.client);
	assert_int_equal(buf_length(tls_output(pair.client)), 0);
	pair_done(&pair);
}

static void damaged_records_end_the_connection(void **state)
{
	struct pair pair;
	struct buf *wire;
	char byte = 'x';

	pair_init_of(&pair, &ours);
	pair_shake_well(&pair);
	assert_int_equal(tls_write(pair.client, &byte, 1), 0);
	wire = tls_output(pair.client);
	wire->bytes[wire->end - 1] ^= 1;
	pair_carry(pair.client, pair.server, 0);
	assert_int_equal(tls_read(pair.server, &byte, 1, &pair.server_err), -EPROTO);
	assert_int_equal(tls_read(pair.server, &byte, 1, &pair.server_err), -EPROTO);
	assert_int_equal(tls_write(pair.server, &byte, 1), -ENOTCONN);
	/* The alert that tells the peer. */
	pair_carry(pair.server, pair.client, 0);
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
		pair_carry(from, to, 10000);
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

	pair_init_of(&pair, &ours);
	pair_shake_well(&pair);
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

	pair_init_of(&pair, &ours);
	pair_shake_well(&pair);
	do {
		before = buf_length(tls_output(pair.client));
		r = tls_write(pair.client, bytes, sizeof(bytes));
		writes += r == 0;
	} while (r == 0);
	assert_int_equal(r, -ENOBUFS);
	assert_int_equal(buf_length(tls_output(pair.client)), before);
	assert_in_range(before, 128 * 1024, 160 * 1024);
	/* What was taken arrives, and then there is room again. */
	while (pair_carry(pair.client, pair.server, 30000))
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

	pair_init_of(&pair, &ours);
	pair_shake_well(&pair);
	assert_int_equal(tls_feed(pair.server, bytes, sizeof(bytes)), 0);
	assert_in_range(tls_held(pair.server), sizeof(bytes), 2 * sizeof(bytes));
	assert_int_equal(tls_feed(pair.server, bytes, sizeof(bytes)), -ENOBUFS);
	pair_done(&pair);
}

/* A message of a handshake may say that it is of 128 KiB, and OpenSSL would wait for all of it. */
static void stranger_is_heard_for_so_long(void **state)
{
	static unsigned char record[5 + 16384] = {22, 3, 1, 64, 0, 1, 1, 240, 0};
	struct pair pair;
	size_t heard = 0;
	int r;

	pair_init_of(&pair, &ours);
	while ((r = tls_feed(pair.server, record, sizeof(record))) == 0) {
		heard += sizeof(record);
		assert_int_equal(tls_handshake(pair.server, &pair.server_err), 0);
		memset(record + 5, 0, 16);
	}
	assert_int_equal(r, -EMSGSIZE);
	assert_in_range(heard, 3 * sizeof(record), 65536);
	assert_in_range(tls_held(pair.server), heard, 2 * 65536);
	pair_done(&pair);
}

static void close_notify_is_an_orderly_end(void **state)
{
	struct pair pair;
	char byte = 'x';

	pair_init_of(&pair, &ours);
	pair_shake_well(&pair);
	assert_int_equal(tls_write(pair.client, &byte, 1), 0);
	tls_shutdown(pair.client);
	pair_carry(pair.client, pair.server, 0);
	assert_int_equal(tls_read(pair.server, &byte, 1, &pair.server_err), 1);
	assert_int_equal(tls_read(pair.server, &byte, 1, &pair.server_err), -ENOTCONN);
	tls_shutdown(pair.server);
	pair_carry(pair.server, pair.client, 0);
	assert_int_equal(tls_read(pair.client, &byte, 1, &pair.client_err), -ENOTCONN);
	pair_done(&pair);
}

static void key_updates_of_the_peer_are_followed(void **state)
{
	struct pair pair;

	pair_init_of(&pair, &ours);
	pair_shake_well(&pair);
	assert_int_equal(SSL_key_update(pair.client->ssl, SSL_KEY_UPDATE_REQUESTED), 1);
	transfer(pair.client, pair.server, 1000, 100);
	transfer(pair.server, pair.client, 1000, 100);
	pair_done(&pair);
}

static int make_authorities(void **state)
{
	authority_init(&ours);
	return 0;
}

static int remove_authorities(void **state)
{
	authority_done(&ours);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_read_or_written_before_the_handshake),
		cmocka_unit_test(damaged_records_end_the_connection),
		cmocka_unit_test(big_transfers_arrive_whole_both_ways),
		cmocka_unit_test(output_is_bounded_and_a_write_is_all_or_nothing),
		cmocka_unit_test(input_is_bounded),
		cmocka_unit_test(stranger_is_heard_for_so_long),
		cmocka_unit_test(close_notify_is_an_orderly_end),
		cmocka_unit_test(key_updates_of_the_peer_are_followed),
	};

	return cmocka_run_group_tests(tests, make_authorities, remove_authorities);
}
