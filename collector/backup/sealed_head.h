/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the sealed file: its head, and the nonce of a chunk. */
#ifndef PANTAU_BACKUP_SEALED_HEAD_H
#define PANTAU_BACKUP_SEALED_HEAD_H

#include "collector/backup/sealed.h"

#define SEALED_HEAD_BYTES 148
#define SEALED_BOX_BYTES (SEALED_CHUNK_BYTES + CRYPTO_TAG_BYTES)

/* A new key for the file, and the head that bears it locked. */
int sealed_head_make(const struct sealed_lock *lock, int64_t made_s,
	uint8_t ret_head[SEALED_HEAD_BYTES], uint8_t ret_key[CRYPTO_KEY_BYTES], struct err *err);
/* -EBADMSG with words. */
int sealed_head_read(
	const uint8_t head[SEALED_HEAD_BYTES], struct sealed_about *ret_about, struct err *err);
/* The file's key. -EACCES: the lock does not fit. */
int sealed_head_open(const uint8_t head[SEALED_HEAD_BYTES], const struct sealed_lock *lock,
	uint8_t ret_key[CRYPTO_KEY_BYTES], struct err *err);

void sealed_nonce(uint64_t number, bool last, uint8_t ret_nonce[CRYPTO_NONCE_BYTES]);

#endif
