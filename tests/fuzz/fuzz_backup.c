/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what of a backup is read before, or beside, its seal: the head, and the list of what
 * it holds. Refused with words; the list that was written is the one that fits. */
#include <string.h>

#include "collector/backup/manifest.h"
#include "collector/backup/sealed_head.h"
#include "tests/fuzz/fuzz.h"

static void read_head(const uint8_t *bytes, size_t size)
{
	uint8_t head[SEALED_HEAD_BYTES] = {0};
	struct sealed_about about = {.made_s = 0};
	struct err err = {.text = ""};

	memcpy(head, bytes, size < sizeof(head) ? size : sizeof(head));
	if (sealed_head_read(head, &about, &err) < 0) {
		FUZZ_CHECK(err.text[0]);
		return;
	}
	FUZZ_CHECK(about.kind == SEALED_BY_PASSPHRASE || about.kind == SEALED_TO_KEY);
	FUZZ_CHECK(strlen(about.version) <= SEALED_VERSION_BYTES);
}

static void read_list(const char *text, size_t size)
{
	static const uint8_t digest[SHA256_BYTES] = {0xab, 0xcd};
	struct manifest *manifest = manifest_new();
	struct err err = {.text = ""};
	struct buf own;

	buf_init(&own, MANIFEST_MAX);
	FUZZ_CHECK(manifest && manifest_add(manifest, "state/registry.db", 167936, digest) == 0);
	FUZZ_CHECK(manifest_write(manifest, 1767300000, &own) == 0);
	FUZZ_CHECK(manifest_compare(
			   manifest, (const char *)buf_peek(&own), buf_length(&own), &err) == 0);
	if (manifest_compare(manifest, text, size, &err) < 0)
		FUZZ_CHECK(err.text[0]);
	else
		FUZZ_CHECK(memmem(text, size, "167936", 6) && memmem(text, size, "abcd0000", 8));
	manifest_free(manifest);
	buf_done(&own);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	read_head(bytes, size);
	read_list((const char *)bytes, size);
	return 0;
}
