/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "collector/backup/sealed.h"
#include "common/crypto_hash.h"

#define HEAD 148
#define BOX (SEALED_CHUNK_BYTES + CRYPTO_TAG_BYTES)

/* RFC 7748, section 6.1: Bob's pair, as PEM. */
static const char private[] = "-----BEGIN PRIVATE KEY-----\n"
			      "MC4CAQAwBQYDK2VuBCIEIF2rCH5iSopLeeF/i4OADuZvO7EpJhi2/Rwviyf/iODr\n"
			      "-----END PRIVATE KEY-----\n";
static const char public[] = "-----BEGIN PUBLIC KEY-----\n"
			     "MCowBQYDK2VuAyEA3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08=\n"
			     "-----END PUBLIC KEY-----\n";

static const struct sealed_lock to_write = {
	.kind = SEALED_TO_KEY, .key = {public, sizeof(public) - 1}};
static const struct sealed_lock to_read = {
	.kind = SEALED_TO_KEY, .key = {private, sizeof(private) - 1}};

static uint8_t *some(size_t length)
{
	uint8_t *bytes = malloc(length + 1);

	for (size_t i = 0; i < length; i++)
		bytes[i] = (uint8_t)(i * 31 + i / 251);
	return bytes;
}

static int seal(const uint8_t *bytes, size_t length, size_t step)
{
	struct sealed_writer *writer;
	int fd = memfd_create("sealed", MFD_CLOEXEC);
	struct sealed_target target = {fd, "x", 1767300000};

	assert_int_equal(sealed_writer_new(&target, &to_write, &writer, NULL), 0);
	for (size_t at = 0; at < length; at += step)
		assert_int_equal(sealed_write(writer, bytes + at,
					 length - at < step ? length - at : step, NULL),
			0);
	assert_int_equal(sealed_finish(writer, NULL), 0);
	assert_int_equal(sealed_written(writer), lseek(fd, 0, SEEK_END));
	sealed_writer_free(writer);
	return fd;
}

/* How many bytes came out before the end or the error, which is returned. */
static int open_all(int fd, const uint8_t *wanted, size_t *ret_length)
{
	struct sealed_reader *reader;
	const uint8_t *bytes;
	size_t length, all = 0;
	int r = sealed_reader_new(fd, "x", &to_read, &reader, NULL);

	*ret_length = 0;
	if (r < 0)
		return r;
	while ((r = sealed_read(reader, &bytes, &length, NULL)) > 0) {
		assert_memory_equal(bytes, wanted + all, length);
		all += length;
	}
	sealed_reader_free(reader);
	*ret_length = all;
	return r;
}

static void every_length_comes_back(void **state)
{
	static const size_t lengths[] = {0, 1, SEALED_CHUNK_BYTES - 1, SEALED_CHUNK_BYTES,
		SEALED_CHUNK_BYTES + 1, 2 * SEALED_CHUNK_BYTES, 200000};

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		uint8_t *bytes = some(lengths[i]);
		int fd = seal(bytes, lengths[i], 40000);
		size_t length;

		assert_int_equal(open_all(fd, bytes, &length), 0);
		assert_int_equal(length, lengths[i]);
		close(fd);
		free(bytes);
	}
}

static void a_cut_shows_at_every_boundary(void **state)
{
	static const off_t cuts[] = {0, 1, HEAD - 1, HEAD, HEAD + 1, HEAD + 16, HEAD + BOX - 1,
		HEAD + BOX, HEAD + BOX + 1, HEAD + 2 * BOX};
	uint8_t *bytes = some(3 * SEALED_CHUNK_BYTES);

	for (size_t i = 0; i < sizeof(cuts) / sizeof(*cuts); i++) {
		int fd = seal(bytes, 3 * SEALED_CHUNK_BYTES, SEALED_CHUNK_BYTES);
		size_t length;

		assert_int_equal(ftruncate(fd, cuts[i]), 0);
		assert_int_equal(open_all(fd, bytes, &length), -EBADMSG);
		close(fd);
	}
	free(bytes);
}

static void a_flipped_bit_shows_wherever_it_is(void **state)
{
	uint8_t *bytes = some(1000), byte;
	size_t length;

	for (off_t place = 0; place < HEAD + 1016; place++) {
		int fd = seal(bytes, 1000, 1000), r;

		assert_int_equal(pread(fd, &byte, 1, place), 1);
		byte ^= 1;
		assert_int_equal(pwrite(fd, &byte, 1, place), 1);
		r = open_all(fd, bytes, &length);
		assert_int_equal(r, -EBADMSG);
		assert_int_equal(length, 0);
		close(fd);
	}
	free(bytes);
}

static void no_two_files_share_a_key(void **state)
{
	uint8_t one[HEAD + 1016], other[HEAD + 1016];
	uint8_t *bytes = some(1000);
	int first = seal(bytes, 1000, 1000), second = seal(bytes, 1000, 1000);

	assert_int_equal(pread(first, one, sizeof(one), 0), sizeof(one));
	assert_int_equal(pread(second, other, sizeof(other), 0), sizeof(other));
	assert_memory_not_equal(one + 56, other + 56, 32);
	assert_memory_not_equal(one + HEAD, other + HEAD, 1016);
	close(first);
	close(second);
	free(bytes);
}

/* NIST's test vector of GCM with a key of 256 bits: case 14. */
static void seals_as_others_do(void **state)
{
	static const uint8_t wanted[] = {0xce, 0xa7, 0x40, 0x3d, 0x4d, 0x60, 0x6b, 0x6e, 0x07, 0x4e,
		0xc5, 0xd3, 0xba, 0xf3, 0x9d, 0x18, 0xd0, 0xd1, 0xc8, 0xa7, 0x99, 0x99, 0x6b, 0xf0,
		0x26, 0x5b, 0x98, 0xb5, 0xd4, 0x8a, 0xb9, 0x19};
	struct crypto_sealing how = {.beside_length = 0};
	uint8_t plain[16] = {0}, sealed[32];

	assert_int_equal(crypto_seal(&how, plain, sizeof(plain), sealed), 0);
	assert_memory_equal(sealed, wanted, sizeof(wanted));
	plain[0] = 1;
	assert_int_equal(crypto_unseal(&how, sealed, sizeof(sealed), plain), 0);
	assert_int_equal(plain[0], 0);
	how.beside = "x";
	how.beside_length = 1;
	assert_int_equal(crypto_unseal(&how, sealed, sizeof(sealed), plain), -EBADMSG);
}

static void hashes_in_pieces_as_in_one(void **state)
{
	struct crypto_hash *hash = crypto_hash_new();
	uint8_t *bytes = some(5000), one[SHA256_BYTES], pieces[SHA256_BYTES];

	for (int turn = 0; turn < 2; turn++) {
		assert_int_equal(crypto_hash_begin(hash), 0);
		for (size_t at = 0; at < 5000; at += 1250)
			assert_int_equal(crypto_hash_add(hash, bytes + at, 1250), 0);
		assert_int_equal(crypto_hash_end(hash, pieces), 0);
		assert_int_equal(crypto_sha256(bytes, 5000, one), 0);
		assert_memory_equal(pieces, one, sizeof(one));
	}
	crypto_hash_free(hash);
	free(bytes);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_length_comes_back),
		cmocka_unit_test(a_cut_shows_at_every_boundary),
		cmocka_unit_test(a_flipped_bit_shows_wherever_it_is),
		cmocka_unit_test(no_two_files_share_a_key),
		cmocka_unit_test(seals_as_others_do),
		cmocka_unit_test(hashes_in_pieces_as_in_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
