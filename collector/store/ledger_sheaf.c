/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The slots of a batch become pages: one for those of a run and WAN that lie together, or more of a
 * small page that is there already. Where they lie is said to whom it concerns.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_bound.h"
#include "collector/store/ledger_run.h"
#include "proto/codec.h"

/* A page that grows slot by slot stays in one leaf of the table (pages of 4096 bytes). */
#define OPEN_BYTES 3600

static struct open_page *open_for(struct run *run, const struct sheaf *sheaf)
{
	size_t bytes = buf_length(&sheaf->body);

	for (int i = 0; i < OPEN_MAX; i++) {
		struct open_page *open = &run->open[i];
		uint64_t from_us = sheaf->start_us, to_us = sheaf->end_us;
		if (!open->id || strcmp(open->wan, sheaf->wan) != 0 ||
			open->bytes + bytes > OPEN_BYTES)
			continue;
		from_us = open->start_us < from_us ? open->start_us : from_us;
		to_us = open->end_us > to_us ? open->end_us : to_us;
		if (to_us - from_us <= PAGE_HOT_US)
			return open;
	}
	return NULL;
}

/* The place of this WAN, or of the one that was first. */
static struct open_page *open_slot(struct run *run, const char *wan)
{
	for (int i = 0; i < OPEN_MAX; i++) {
		if (!run->open[i].id || !strcmp(run->open[i].wan, wan))
			return &run->open[i];
	}
	return &run->open[0];
}

static struct page_ref ref_of(const struct run *run, const struct sheaf *sheaf, uint32_t unbound)
{
	struct page_ref ref = {
		.boot = run->boot,
		.run = run->run,
		.at = {sheaf->start_us, sheaf->end_us},
		.received_from = sheaf->received_from,
		.received_to = sheaf->received_to,
		.slots = sheaf->slots,
		.unbound = unbound,
		.ever = sheaf->ever,
	};

	strcpy(ref.wan, sheaf->wan);
	return ref;
}

static int write_new(struct ledger_writer *writer, struct run *run, const struct sheaf *sheaf,
	uint32_t unbound, struct err *err)
{
	struct page_ref ref = ref_of(run, sheaf, unbound);
	struct open_page *open;
	int r = page_insert(writer->db, &ref, &sheaf->body, &ref.id, err);

	if (r < 0 || buf_length(&sheaf->body) > OPEN_BYTES)
		return r;
	open = open_slot(run, sheaf->wan);
	*open = (struct open_page){.id = ref.id,
		.start_us = sheaf->start_us,
		.end_us = sheaf->end_us,
		.bytes = buf_length(&sheaf->body)};
	strcpy(open->wan, sheaf->wan);
	return 0;
}

static int read_body(struct db *db, int64_t id, uint32_t run, struct buf *ret_body, struct err *err)
{
	struct query q;
	size_t length;
	int failed = -ENOENT, r;

	db_query(&q, db, "SELECT body, crc FROM page WHERE id = ?");
	query_number(&q, id);
	if (query_next(&q) > 0) {
		const void *bytes = query_get_bytes(&q, 0, &length);
		int64_t crc = query_get_number(&q, 1);
		if (crc >= 0 && crc != page_crc(run, bytes, length))
			failed = -EBADMSG;
		else
			failed = buf_append(ret_body, bytes, length);
	}
	r = query_end(&q, err);
	return r < 0 ? r : failed < 0 ? err_errno(err, failed, "page of the ledger") : 0;
}

static void merge_refs(struct page_ref *into, const struct page_ref *more)
{
	if (more->at.from_us < into->at.from_us)
		into->at.from_us = more->at.from_us;
	if (more->at.to_us > into->at.to_us)
		into->at.to_us = more->at.to_us;
	if (more->received_from < into->received_from)
		into->received_from = more->received_from;
	if (more->received_to > into->received_to)
		into->received_to = more->received_to;
	into->slots += more->slots;
	into->unbound += more->unbound;
	into->ever |= more->ever;
}

static int write_more(struct ledger_writer *writer, const struct sheaf *sheaf,
	const struct page_ref *more, struct open_page *open, struct err *err)
{
	struct page_ref ref;
	struct buf body;
	int r = page_ref_get(writer->db, open->id, &ref, err);

	if (r < 0)
		return r;
	buf_init(&body, OPEN_BYTES);
	r = read_body(writer->db, open->id, ref.run, &body, err);
	if (r == 0)
		r = buf_append(&body, buf_peek(&sheaf->body), buf_length(&sheaf->body));
	merge_refs(&ref, more);
	if (r == 0)
		r = page_update(writer->db, &ref, &body, err);
	open->start_us = ref.at.from_us;
	open->end_us = ref.at.to_us;
	open->bytes = buf_length(&body);
	buf_done(&body);
	return r;
}

/* ---- where it lies */

static int evidence_in(const struct sheaf *sheaf, const struct bound_part *part,
	const struct boot_anchors *anchors, struct link_first *ret_first)
{
	const uint8_t *bytes = buf_peek(&sheaf->body);
	size_t at = 0, length = buf_length(&sheaf->body);
	struct hot_entry entry;
	int r;

	*ret_first = (struct link_first){0, SPAN_FOREVER};
	while ((r = hot_next(bytes, length, &at, &entry)) > 0) {
		struct mono_span own = {entry.start_us, entry.start_us + entry.length_ms * 1000ULL};
		struct span place = bound_place(anchors, &own);
		if (place.from < part->from_s)
			place.from = part->from_s;
		if (place.to > part->to_s)
			place.to = part->to_s;
		if (place.from >= place.to)
			continue;
		ret_first->ever |= entry.evidence.ever;
		if (place.from < ret_first->first_s)
			ret_first->first_s = place.from;
	}
	return r;
}

struct telling {
	struct ledger_writer *writer;
	const struct sheaf *sheaf;
	const struct boot_anchors *anchors;
};

static int say_sheaf(struct telling *telling, const struct bound_part *part, struct err *err)
{
	struct outbox_strip *out = outbox_strip_new(part->link);
	const uint8_t *bytes = buf_peek(&telling->sheaf->body);
	size_t at = 0, length = buf_length(&telling->sheaf->body);
	struct record *record = telling->writer->view->record;
	struct hot_entry entry;
	int r = out ? 0 : -ENOMEM;

	while (r == 0 && hot_next(bytes, length, &at, &entry) > 0) {
		struct mono_span own = {entry.start_us, entry.start_us + entry.length_ms * 1000ULL};
		struct span place = bound_place(telling->anchors, &own);
		place.from = place.from > part->from_s ? place.from : part->from_s;
		place.to = place.to < part->to_s ? place.to : part->to_s;
		if (place.from >= place.to)
			continue;
		r = codec_record_decode(entry.record, entry.record_length, record, err);
		if (r == 0)
			r = outbox_strip_add(out, place.from, &record->slot);
		if (r == 0)
			r = said_forget(telling->writer,
				&(struct ledger_span){part->link, place.from, place.to}, err);
	}
	if (r == 0)
		r = outbox_strip_write(telling->writer->db, out, err);
	outbox_strip_free(out);
	return r;
}

/* One binding has all or a part of it. */
static int tell_part(void *arg, const struct bound_part *part, struct err *err)
{
	struct telling *telling = arg;
	struct ledger_writer *writer = telling->writer;
	struct link_first first = {telling->sheaf->ever, part->from_s};
	int r = 0;

	if (!part->whole)
		r = evidence_in(telling->sheaf, part, telling->anchors, &first);
	if (r < 0)
		return err_errno(err, r, "slots of a batch");
	if (first.first_s == SPAN_FOREVER)
		return 0;
	r = touched_add(writer, &(struct ledger_span){part->link, part->from_s, part->to_s}, err);
	if (r == 0)
		r = link_ever_add(writer, part->link, &first, err);
	if (r == 0 && writer->unread)
		r = news_add(writer, part->link, err);
	else if (r == 0)
		r = say_sheaf(telling, part, err);
	return r;
}

static int count_unbound(struct ledger_writer *writer, const struct bound *bound,
	const struct sheaf *sheaf, uint32_t *ret_unbound)
{
	const uint8_t *bytes = buf_peek(&sheaf->body);
	size_t at = 0, length = buf_length(&sheaf->body);
	struct hot_entry entry;
	int r;

	while ((r = hot_next(bytes, length, &at, &entry)) > 0) {
		struct mono_span own = {entry.start_us, entry.start_us + entry.length_ms * 1000ULL};
		*ret_unbound += bound_is_unbound(writer, bound, &own);
	}
	return r;
}

static int place_sheaf(struct ledger_writer *writer, const struct run *run,
	const struct sheaf *sheaf, uint32_t *ret_unbound, struct err *err)
{
	struct telling telling = {.writer = writer, .sheaf = sheaf};
	struct bound bound = {.boot = run->boot,
		.agent = run->agent,
		.wan = sheaf->wan,
		.at = {sheaf->start_us, sheaf->end_us}};
	int r = anchor_cache_get(
		writer->view->anchors, writer->db, run->boot, &telling.anchors, err);

	*ret_unbound = 0;
	if (r < 0)
		return r;
	if (!telling.anchors->count)
		return touched_unplaced(writer, run->agent, run->boot, err);
	bound.anchors = telling.anchors;
	r = bound_widen_boot(writer, &bound, err);
	if (r == 0)
		r = bound_each(writer, &bound, tell_part, &telling, err);
	if (r == 0) /* no binding has all of it */
		r = count_unbound(writer, &bound, sheaf, ret_unbound);
	return r < 0 ? r : 0;
}

int sheaf_flush(struct ledger_writer *writer, struct run *run, struct sheaf *sheaf, struct err *err)
{
	struct open_page *open = open_for(run, sheaf);
	struct page_ref more;
	uint32_t unbound;
	int r = place_sheaf(writer, run, sheaf, &unbound, err);

	if (r < 0)
		return r;
	if (!open)
		return write_new(writer, run, sheaf, unbound, err);
	more = ref_of(run, sheaf, unbound);
	return write_more(writer, sheaf, &more, open, err);
}
