/* SPDX-License-Identifier: Apache-2.0 */
/* A small closed month, June 2026 in WITA: two links in one desa, one with two contracts. */
#ifndef PANTAU_TESTS_UNIT_CLOSING_SAMPLE_H
#define PANTAU_TESTS_UNIT_CLOSING_SAMPLE_H

#include "collector/closing/document.h"
#include "collector/store/registry.h"
#include "collector/store/sla.h"

#define SAMPLE_JUNE 1780243200
#define SAMPLE_JULY 1782835200
#define SAMPLE_ROWS 3

struct sample {
	int64_t revision; /* 1: with a list of changes */
	const char *number, *previous, *month_before, *revises;
	struct sla_row rows[SAMPLE_ROWS]; /* may be changed before sample_write() */
	struct registry_contract contracts[SAMPLE_ROWS];
};

/* Sound, and the first document of all. */
void sample_sound(struct sample *sample);
/* Writes and seals it with the key; the caller ends the buffer. */
void sample_write(const struct sample *sample, const struct crypto_key *key, struct buf *out);
/* Replaces a text by another of any length and seals it anew: a forger with a key. */
void sample_forge(
	struct buf *document, const struct crypto_key *key, const char *text, const char *by);
struct crypto_key *sample_key(void);

#endif
