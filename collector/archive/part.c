/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/archive/part.h"

#include <errno.h>
#include <string.h>

#include "common/crc32c.h"
#include "common/pack.h"

static const uint8_t magic[4] = {0xd5, 'P', 'D', 'E'};

#define DIGEST_AT 4
#define FIELDS_AT (DIGEST_AT + SHA256_BYTES)
#define CRC_AT (PART_HEAD_BYTES - 4)

const char *part_kind_name(enum part_kind kind)
{
	switch (kind) {
	case PART_ABOUT: return "about";
	case PART_ROWS: return "rows";
	case PART_FACTS: return "facts";
	case PART_END: return "end";
	}
	return "?";
}

void part_head_encode(const struct part_head *head, uint8_t ret_bytes[PART_HEAD_BYTES])
{
	struct pack pack;

	memset(ret_bytes, 0, PART_HEAD_BYTES);
	memcpy(ret_bytes, magic, sizeof(magic));
	pack_init(&pack, ret_bytes + FIELDS_AT, PART_HEAD_BYTES - FIELDS_AT);
	pack_u8(&pack, (uint8_t)head->kind);
	pack_u8(&pack, (uint8_t)head->coding);
	pack_u16(&pack, 0);
	pack_u32(&pack, head->number);
	pack_u32(&pack, head->stored_bytes);
	pack_u32(&pack, head->plain_bytes);
	pack_u32(&pack, crc32c(0, ret_bytes + FIELDS_AT, CRC_AT - FIELDS_AT));
}

static int digest_of(const uint8_t *part, size_t stored_bytes, uint8_t ret_digest[SHA256_BYTES])
{
	return crypto_sha256(
		part + FIELDS_AT, PART_HEAD_BYTES - FIELDS_AT + stored_bytes, ret_digest);
}

int part_seal(uint8_t *part, size_t stored_bytes, uint8_t ret_digest[SHA256_BYTES])
{
	int r = digest_of(part, stored_bytes, ret_digest);

	if (r == 0)
		memcpy(part + DIGEST_AT, ret_digest, SHA256_BYTES);
	return r;
}

static int check_lengths(const struct part_head *head)
{
	if (head->plain_bytes > PART_PLAIN_MAX || head->stored_bytes > PART_STORED_MAX)
		return -EBADMSG;
	if (head->coding == PART_PLAIN && head->plain_bytes != head->stored_bytes)
		return -EBADMSG;
	return 0;
}

int part_head_decode(const uint8_t bytes[PART_HEAD_BYTES], struct part_head *ret_head)
{
	struct part_head head;
	struct unpack unpack;
	uint8_t kind, coding;

	if (memcmp(bytes, magic, sizeof(magic)))
		return -EBADMSG;
	memcpy(head.digest, bytes + DIGEST_AT, SHA256_BYTES);
	unpack_init(&unpack, bytes + FIELDS_AT, PART_HEAD_BYTES - FIELDS_AT);
	kind = unpack_u8(&unpack);
	coding = unpack_u8(&unpack);
	if (unpack_u16(&unpack) || kind < PART_ABOUT || kind > PART_END || coding > PART_ZSTD)
		return -EBADMSG;
	head.kind = (enum part_kind)kind;
	head.coding = (enum part_coding)coding;
	head.number = unpack_u32(&unpack);
	head.stored_bytes = unpack_u32(&unpack);
	head.plain_bytes = unpack_u32(&unpack);
	if (unpack_u32(&unpack) != crc32c(0, bytes + FIELDS_AT, CRC_AT - FIELDS_AT))
		return -EBADMSG;
	if (check_lengths(&head) < 0)
		return -EBADMSG;
	*ret_head = head;
	return 0;
}

int part_check(const uint8_t *part, const struct part_head *head)
{
	uint8_t digest[SHA256_BYTES];
	int r = digest_of(part, head->stored_bytes, digest);

	if (r < 0)
		return r;
	return memcmp(digest, head->digest, sizeof(digest)) ? -EBADMSG : 0;
}

int part_chain(uint8_t chain[SHA256_BYTES], const uint8_t digest[SHA256_BYTES])
{
	uint8_t both[2 * SHA256_BYTES];

	memcpy(both, chain, SHA256_BYTES);
	memcpy(both + SHA256_BYTES, digest, SHA256_BYTES);
	return crypto_sha256(both, sizeof(both), chain);
}
