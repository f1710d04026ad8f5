/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sealed file: a head that says for whom, then chunks, each encrypted and authenticated by itself
 * with its number and whether it is the last one. So it is written and read as a stream, and what
 * was changed, moved, left out or cut off is found before it is believed.
 *
 *	head, 148 bytes
 *	   0  8  "PANTAUBK"
 *	   8  1  format 1           9  1  to whom: 1 a passphrase, 2 an X25519 key
 *	  10  3  scrypt: log2 N, r, p (0 for a key)
 *	  16  8  made, UTC seconds
 *	  24 32  version of the program, filled with 0
 *	  56 32  salt of scrypt (16 bytes, then 0), or the point of the sender
 *	  88 48  the file's key under the receiver's, AES-256-GCM, bytes 0 to 87 beside it
 *	 136  4  CRC-32C of bytes 0 to 135, to tell damage from a wrong passphrase
 *	 140  8  0
 *	chunks: 64 KiB (the last one 0 to 64 KiB) and a tag of 16 bytes; nonce: number u64, last u32
 */
#ifndef PANTAU_BACKUP_SEALED_H
#define PANTAU_BACKUP_SEALED_H

#include <stdbool.h>
#include <stdint.h>

#include "common/crypto_seal.h"
#include "common/err.h"

#define SEALED_CHUNK_BYTES 65536
#define SEALED_VERSION_BYTES 32

enum sealed_kind { SEALED_BY_PASSPHRASE = 1, SEALED_TO_KEY = 2 };

/* What opens or closes it; all borrowed. A passphrase may also open an encrypted private key. */
struct sealed_lock {
	enum sealed_kind kind;
	struct crypto_secret passphrase; /* bytes NULL: none */
	struct crypto_pem key; /* public to write, private to read */
};

struct sealed_about {
	enum sealed_kind kind;
	int64_t made_s;
	char version[SEALED_VERSION_BYTES + 1];
};

/* ---- written */

struct sealed_writer;

struct sealed_target {
	int fd; /* borrowed */
	const char *name; /* for words; copied */
	int64_t made_s; /* for the head */
};

int sealed_writer_new(const struct sealed_target *target, const struct sealed_lock *lock,
	struct sealed_writer **ret_writer, struct err *err);
int sealed_write(struct sealed_writer *writer, const void *bytes, size_t length, struct err *err);
/* The last chunk. The caller syncs. */
int sealed_finish(struct sealed_writer *writer, struct err *err);
uint64_t sealed_written(const struct sealed_writer *writer); /* bytes of the file */
/* Of the file that is written, to read it back with. Borrowed. */
const uint8_t *sealed_key(const struct sealed_writer *writer);
void sealed_writer_free(struct sealed_writer *writer);

/* ---- read */

struct sealed_reader;

/* Only the head, without a secret. -EBADMSG: it is none of ours, or its head is damaged. */
int sealed_look(int fd, const char *name, struct sealed_about *ret_about, struct err *err);
/* From the beginning of the file; the fd is borrowed. -EACCES: it is sealed to somebody else. */
int sealed_reader_new(int fd, const char *name, const struct sealed_lock *lock,
	struct sealed_reader **ret_reader, struct err *err);
int sealed_reader_with(int fd, const char *name, const uint8_t key[CRYPTO_KEY_BYTES],
	struct sealed_reader **ret_reader, struct err *err);
/* 1: bytes of the next chunk, borrowed; 0: the end, and it is the true one. -EBADMSG with the
 * place in the file. */
int sealed_read(struct sealed_reader *reader, const uint8_t **ret_bytes, size_t *ret_length,
	struct err *err);
uint64_t sealed_place(const struct sealed_reader *reader); /* of the chunk read last */
void sealed_reader_free(struct sealed_reader *reader);

#endif
