/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/backup/sealed_head.h"

#include <errno.h>
#include <string.h>

#include "common/crc32c.h"
#include "common/pack.h"

static const char magic[8] = {'P', 'A', 'N', 'T', 'A', 'U', 'B', 'K'};

#define FORMAT 1
#define KIND_AT 9
#define COST_AT 10
#define MADE_AT 16
#define VERSION_AT 24
#define SALT_AT 56
#define KEY_AT 88
#define CRC_AT 136

/* A second and 128 MiB a guess: a backup is what a thief may guess at for years. */
static const struct crypto_cost dear = {.log_n = 17, .r = 8, .p = 1};

static void put_number(uint8_t *at, uint64_t value)
{
	struct pack pack;

	pack_init(&pack, at, sizeof(value));
	pack_u64(&pack, value);
}

static uint64_t get_number(const uint8_t *at)
{
	struct unpack unpack;

	unpack_init(&unpack, at, sizeof(uint64_t));
	return unpack_u64(&unpack);
}

static uint32_t crc_of(const uint8_t head[SEALED_HEAD_BYTES])
{
	return crc32c(0, head, CRC_AT);
}

void sealed_nonce(uint64_t number, bool last, uint8_t ret_nonce[CRYPTO_NONCE_BYTES])
{
	memset(ret_nonce, 0, CRYPTO_NONCE_BYTES);
	put_number(ret_nonce, number);
	ret_nonce[8] = last;
}

/* The key that locks the file's key, which is used for nothing else: its nonce may be 0. */
static int lock_key(
	const struct sealed_lock *lock, uint8_t *head, struct crypto_sealing *how, struct err *err)
{
	int r;

	if (lock->kind == SEALED_TO_KEY)
		return crypto_agree(&lock->key, head + SALT_AT, how->key, err);
	head[COST_AT] = (uint8_t)dear.log_n;
	head[COST_AT + 1] = (uint8_t)dear.r;
	head[COST_AT + 2] = (uint8_t)dear.p;
	r = crypto_random(head + SALT_AT, CRYPTO_SALT_BYTES);
	if (r == 0)
		r = crypto_scrypt(&lock->passphrase, &dear, head + SALT_AT, how->key);
	return r < 0 ? err_errno(err, r, "a key from the passphrase") : 0;
}

static int unlock_key(const struct sealed_lock *lock, const uint8_t *head,
	struct crypto_sealing *how, struct err *err)
{
	struct crypto_cost cost = {head[COST_AT], head[COST_AT + 1], head[COST_AT + 2]};
	const struct crypto_secret *secret = lock->passphrase.bytes ? &lock->passphrase : NULL;
	int r;

	if (lock->kind == SEALED_TO_KEY)
		return crypto_agree_again(&lock->key, secret, head + SALT_AT, how->key, err);
	r = crypto_scrypt(&lock->passphrase, &cost, head + SALT_AT, how->key);
	return r < 0 ? err_errno(err, r, "a key from the passphrase") : 0;
}

int sealed_head_make(const struct sealed_lock *lock, int64_t made_s,
	uint8_t ret_head[SEALED_HEAD_BYTES], uint8_t ret_key[CRYPTO_KEY_BYTES], struct err *err)
{
	struct crypto_sealing how = {.beside = ret_head, .beside_length = KEY_AT};
	struct pack pack;
	int r;

	memset(ret_head, 0, SEALED_HEAD_BYTES);
	memcpy(ret_head, magic, sizeof(magic));
	ret_head[sizeof(magic)] = FORMAT;
	ret_head[KIND_AT] = (uint8_t)lock->kind;
	put_number(ret_head + MADE_AT, (uint64_t)made_s);
	strncpy((char *)ret_head + VERSION_AT, PANTAU_VERSION, SEALED_VERSION_BYTES);
	r = lock_key(lock, ret_head, &how, err);
	if (r == 0 && crypto_random(ret_key, CRYPTO_KEY_BYTES) < 0)
		r = err_set(err, -EIO, "no random bytes");
	if (r == 0 && crypto_seal(&how, ret_key, CRYPTO_KEY_BYTES, ret_head + KEY_AT) < 0)
		r = err_set(err, -EIO, "OpenSSL could not seal a key");
	crypto_forget(how.key, sizeof(how.key));
	pack_init(&pack, ret_head + CRC_AT, sizeof(uint32_t));
	pack_u32(&pack, crc_of(ret_head));
	return r;
}

int sealed_head_read(
	const uint8_t head[SEALED_HEAD_BYTES], struct sealed_about *ret_about, struct err *err)
{
	struct unpack unpack;
	static const uint8_t nothing[SEALED_HEAD_BYTES - CRC_AT - 4];

	if (memcmp(head, magic, sizeof(magic)))
		return err_set(err, -EBADMSG, "no backup of Pantau Desa");
	unpack_init(&unpack, head + CRC_AT, sizeof(uint32_t));
	if (unpack_u32(&unpack) != crc_of(head) ||
		memcmp(head + CRC_AT + 4, nothing, sizeof(nothing)))
		return err_set(err, -EBADMSG, "damaged in its head (bytes 0 to %d)",
			SEALED_HEAD_BYTES - 1);
	memset(ret_about, 0, sizeof(*ret_about));
	memcpy(ret_about->version, head + VERSION_AT, SEALED_VERSION_BYTES);
	ret_about->kind = (enum sealed_kind)head[KIND_AT];
	ret_about->made_s = (int64_t)get_number(head + MADE_AT);
	if (head[sizeof(magic)] != FORMAT ||
		(head[KIND_AT] != SEALED_BY_PASSPHRASE && head[KIND_AT] != SEALED_TO_KEY))
		return err_set(err, -EBADMSG,
			"a backup in format %u, written by %.32s: this program reads format %d",
			head[sizeof(magic)], ret_about->version, FORMAT);
	return 0;
}

static int fits(const struct sealed_about *about, const struct sealed_lock *lock, struct err *err)
{
	if (about->kind == lock->kind)
		return 0;
	return err_set(err, -EACCES,
		about->kind == SEALED_TO_KEY ? "sealed to a key: give --key FILE"
					     : "sealed with a passphrase, and not to a key");
}

int sealed_head_open(const uint8_t head[SEALED_HEAD_BYTES], const struct sealed_lock *lock,
	uint8_t ret_key[CRYPTO_KEY_BYTES], struct err *err)
{
	struct crypto_sealing how = {.beside = head, .beside_length = KEY_AT};
	struct sealed_about about;
	int r = sealed_head_read(head, &about, err);

	if (r == 0)
		r = fits(&about, lock, err);
	if (r == 0)
		r = unlock_key(lock, head, &how, err);
	if (r == 0 &&
		crypto_unseal(&how, head + KEY_AT, CRYPTO_KEY_BYTES + CRYPTO_TAG_BYTES, ret_key) <
			0)
		r = err_set(err, -EACCES, "this %s does not open it",
			lock->kind == SEALED_TO_KEY ? "key" : "passphrase");
	crypto_forget(how.key, sizeof(how.key));
	return r;
}
