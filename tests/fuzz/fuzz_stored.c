/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what lies in the collector's databases and snapshots, beside pages: the first byte
 * says as what. Refused, or written again to the same. */
#include <errno.h>
#include <string.h>

#include "collector/ingest/progress.h"
#include "collector/ledger/figures.h"
#include "collector/ledger/strip.h"
#include "collector/store/hot.h"
#include "collector/store/outbox_parts.h"
#include "common/crc32c.h"
#include "tests/fuzz/fuzz.h"

#define OUT_BYTES (1 << 24)
#define CRC_BYTES 4

static void try_figures(const uint8_t *bytes, size_t size, struct buf *out, struct buf *back)
{
	static struct figures figures, again;

	figures_init(&figures);
	if (figures_decode(&figures, bytes, size) < 0)
		return;
	figures_init(&again);
	FUZZ_CHECK(figures_encode(&figures, out) == 0);
	FUZZ_CHECK(figures_decode(&again, buf_peek(out), buf_length(out)) == 0);
	FUZZ_CHECK(figures_encode(&again, back) == 0);
}

static void try_strip(const uint8_t *bytes, size_t size, struct buf *out, struct buf *back)
{
	struct strip strip = {.count = 0}, again = {.count = 0};

	/* what touches is joined; a segment of a century is none */
	if (strip_decode(&strip, 0, bytes, size) == 0 &&
		(!strip.count || strip.items[strip.count - 1].to <= INT32_MAX)) {
		FUZZ_CHECK(strip_encode(&strip, 0, out) == 0);
		FUZZ_CHECK(strip_decode(&again, 0, buf_peek(out), buf_length(out)) == 0);
		FUZZ_CHECK(again.count == strip.count && strip_encode(&again, 0, back) == 0);
	}
	strip_done(&again);
	strip_done(&strip);
}

static void try_hot(const uint8_t *bytes, size_t size, struct buf *out, struct buf *back)
{
	struct hot_entry entry;
	size_t at = 0;
	int r;

	while ((r = hot_next(bytes, size, &at, &entry)) == 1) {
		FUZZ_CHECK(at <= size && entry.record + entry.record_length <= bytes + at);
		FUZZ_CHECK(strlen(entry.via_wan) <= WAN_NAME_MAX);
		FUZZ_CHECK(hot_append(out, &entry) == 0 && hot_append(back, &entry) == 0);
	}
	FUZZ_CHECK(r == 0 || r == -EBADMSG);
}

static void try_progress(uint8_t *own, size_t size, struct buf *out, struct buf *back)
{
	uint32_t crc = crc32c(0, own, size);
	struct progress *progress, *again;
	struct seglog_pos pos;

	memcpy(own + size, &crc, CRC_BYTES); /* what is behind the check is what is looked for */
	if (progress_decode(own, size + CRC_BYTES, &progress, &pos) < 0)
		return;
	FUZZ_CHECK(progress_encode(progress, pos, out) == 0);
	FUZZ_CHECK(progress_decode(buf_peek(out), buf_length(out), &again, &pos) == 0);
	FUZZ_CHECK(progress_encode(again, pos, back) == 0);
	progress_free(again);
	progress_free(progress);
}

static void try_outbox(const uint8_t *bytes, size_t size)
{
	struct outbox_slot slot;
	struct outbox_wan wan;
	struct outbox_speed speed;
	struct outbox_day day;
	struct ledger_live live;
	struct unpack unpack;

	unpack_init(&unpack, bytes, size);
	while (!unpack.failed && unpack.at < size) {
		unpack_slot(&unpack, &slot, &wan);
		unpack_live(&unpack, &live);
		unpack_speed(&unpack, &speed);
		unpack_day(&unpack, &day);
	}
	FUZZ_CHECK(unpack.at <= size);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	uint8_t *own = malloc(size + CRC_BYTES);
	struct buf out, back;

	FUZZ_CHECK(own);
	memcpy(own, bytes, size);
	buf_init(&out, OUT_BYTES);
	buf_init(&back, OUT_BYTES);
	switch (size ? bytes[0] : 0) {
	case 'f': try_figures(own + 1, size - 1, &out, &back); break;
	case 's': try_strip(own + 1, size - 1, &out, &back); break;
	case 'h': try_hot(own + 1, size - 1, &out, &back); break;
	case 'o': try_outbox(own + 1, size - 1); break;
	default: try_progress(own, size, &out, &back);
	}
	FUZZ_CHECK(buf_length(&out) == buf_length(&back));
	FUZZ_CHECK(!buf_length(&out) || !memcmp(buf_peek(&out), buf_peek(&back), buf_length(&out)));
	buf_done(&back);
	buf_done(&out);
	free(own);
	return 0;
}
