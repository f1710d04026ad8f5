/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a packed page: the check at its end is put right, so that what is behind it is
 * reached. What can be read can be written and read again, to the same.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/page.h"
#include "common/crc32c.h"
#include "tests/fuzz/fuzz.h"

#define CRC_BYTES 4
#define BYTES_MAX (1024 * 1024)

static void write_again(struct page *page, struct page *back, struct columns *columns)
{
	struct buf first, second;

	buf_init(&first, BYTES_MAX);
	buf_init(&second, BYTES_MAX);
	if (page_pack(page, columns, &first) == 0) {
		FUZZ_CHECK(page_unpack(back, columns, buf_peek(&first), buf_length(&first)) == 0);
		FUZZ_CHECK(page_count(back) == page_count(page));
		FUZZ_CHECK(page_pack(back, columns, &second) == 0);
		FUZZ_CHECK(buf_length(&first) == buf_length(&second));
		FUZZ_CHECK(!memcmp(buf_peek(&first), buf_peek(&second), buf_length(&first)));
	}
	buf_done(&second);
	buf_done(&first);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct zstd *zstd = zstd_new();
	struct columns *columns = page_columns_new(zstd);
	struct page *page = page_new(), *back = page_new();
	uint8_t *own = malloc(size + CRC_BYTES);
	uint32_t crc = crc32c(0, bytes, size);
	int r;

	if (size)
		memcpy(own, bytes, size);
	for (int i = 0; i < CRC_BYTES; i++)
		own[size + (size_t)i] = (uint8_t)(crc >> 8 * i);
	r = page_unpack(page, columns, own, size + CRC_BYTES);
	FUZZ_CHECK(r == 0 || r == -EBADMSG || r == -ENOMEM);
	if (r == 0)
		write_again(page, back, columns);
	free(own);
	page_free(back);
	page_free(page);
	columns_free(columns);
	zstd_free(zstd);
	return 0;
}
