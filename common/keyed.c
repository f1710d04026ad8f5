/* SPDX-License-Identifier: Apache-2.0 */
#include "common/keyed.h"

#include <errno.h>
#include <string.h>

#define WORD 8
#define PIECE 256 /* bytes compared at a time */

static uint64_t word_at(uint64_t nonce, uint64_t index)
{
	uint64_t z = nonce + (index + 1) * 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

void keyed_fill(uint64_t nonce, uint64_t offset, void *ret_bytes, size_t length)
{
	uint8_t *to = ret_bytes, word[WORD];

	while (length) {
		size_t skip = offset % WORD, take = WORD - skip < length ? WORD - skip : length;
		uint64_t value = word_at(nonce, offset / WORD);

		for (size_t i = 0; i < WORD; i++)
			word[i] = (uint8_t)(value >> 8 * i);
		memcpy(to, word + skip, take);
		to += take;
		offset += take;
		length -= take;
	}
}

bool keyed_check(uint64_t nonce, uint64_t offset, const void *bytes, size_t length)
{
	const uint8_t *at = bytes;
	uint8_t wanted[PIECE];

	while (length) {
		size_t take = length < PIECE ? length : PIECE;

		keyed_fill(nonce, offset, wanted, take);
		if (memcmp(at, wanted, take) != 0)
			return false;
		at += take;
		offset += take;
		length -= take;
	}
	return true;
}

int keyed_nonce_parse(const char *text, uint64_t *ret_nonce)
{
	uint64_t nonce = 0;

	if (strlen(text) != KEYED_NONCE_DIGITS)
		return -EINVAL;
	for (; *text; text++) {
		if (*text >= '0' && *text <= '9')
			nonce = nonce << 4 | (uint64_t)(*text - '0');
		else if (*text >= 'a' && *text <= 'f')
			nonce = nonce << 4 | (uint64_t)(*text - 'a' + 10);
		else
			return -EINVAL;
	}
	*ret_nonce = nonce;
	return 0;
}
