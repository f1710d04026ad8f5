/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a closed month is what it says, without any database: its hash, signature and chain, that
 * the sums add up, and that every verdict and every rupiah follows from the row's own seconds and
 * the contract's terms. Pure: bytes in, faults out.
 */
#ifndef PANTAU_CLOSING_VERIFY_H
#define PANTAU_CLOSING_VERIFY_H

#include "collector/closing/document.h"

struct verify_wish { /* borrowed */
	const void *bytes;
	size_t length;
	const uint8_t *public; /* CRYPTO_PUBLIC_BYTES: who must have signed; NULL: anybody */
	const void *previous; /* a document that it must follow; NULL: none */
	size_t previous_length;
};

struct verify_faults { /* line 0: of the whole */
	void (*each)(void *arg, unsigned line, const char *words);
	void *arg;
};

struct verify_found { /* "" and 0 where it could not be read */
	char month[8], name[32], closed[32], by[128];
	char hash[2 * SHA256_BYTES + 1], public[2 * CRYPTO_PUBLIC_BYTES + 1];
	size_t rows, changes;
	/* what the previous one is: "the month before", ...; borrowed for ever; NULL: not asked */
	const char *follows;
};

/* How many faults, or -ENOMEM. */
int closing_verify(const struct verify_wish *wish, const struct verify_faults *faults,
	struct verify_found *ret_found);

#endif
