/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The collector's own key, by which closed months are signed: STATE/keys/closing.key (mode 0600)
 * and, for everybody, STATE/keys/closing.pub. Made once; a document names the key that signed it.
 */
#ifndef PANTAU_CLOSING_KEYS_H
#define PANTAU_CLOSING_KEYS_H

#include "common/crypto_sign.h"
#include "common/err.h"

#define CLOSING_KEY_MAX 16384 /* a key in PEM takes 120 bytes */
#define CLOSING_PUBLIC_FILE "keys/closing.pub" /* within the state folder */

/* Reads the key, or makes it where there is none; writes the public one where it is missing. */
int closing_key_open(const char *state, struct crypto_key **ret_key, struct err *err);

/* A public key out of a file: PEM, or 64 hexadecimal digits. */
int closing_public_read(const char *path, uint8_t ret_public[CRYPTO_PUBLIC_BYTES], struct err *err);

#endif
