/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_known.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_bound.h"
#include "collector/store/ledger_run.h"
#include "proto/codec.h"

static void bind_key(struct query *q, const struct journal_record *journal)
{
	query_number(q, journal->agent);
	query_number(q, journal->key.run);
	query_number(q, journal->key.sequence);
}

/* ---- digests */

int record_encode(const struct record *record, struct buf *ret_bytes, struct err *err)
{
	int r;

	buf_init(ret_bytes, RECORD_MAX);
	r = codec_record_encode(record, ret_bytes);
	return r < 0 ? err_errno(err, r, "digest of a record") : 0;
}

static int digest_encoded(
	const struct record *record, uint8_t ret_hash[SHA256_BYTES], struct err *err)
{
	struct buf bytes;
	int r = record_encode(record, &bytes, err);

	if (r == 0) {
		r = crypto_sha256(buf_peek(&bytes), buf_length(&bytes), ret_hash);
		if (r < 0)
			err_errno(err, r, "digest of a record");
	}
	buf_done(&bytes);
	return r;
}

int record_digest(const struct record *record, const struct journal_record *journal,
	uint8_t ret_hash[SHA256_BYTES], struct err *err)
{
	struct page_slot beside = {0};
	struct record *rounded;
	int r;

	if (record->kind == RECORD_ANCHOR)
		return digest_encoded(record, ret_hash, err);
	if (record->kind != RECORD_SLOT) {
		r = crypto_sha256(journal->record, journal->record_length, ret_hash);
		return r < 0 ? err_errno(err, r, "digest of a record") : 0;
	}
	rounded = malloc(sizeof(*rounded));
	if (!rounded)
		return err_errno(err, -ENOMEM, "digest of a record");
	*rounded = *record;
	page_round(&beside, &rounded->slot);
	r = digest_encoded(rounded, ret_hash, err);
	free(rounded);
	return r;
}

/* ---- slots */

struct search {
	struct ledger_writer *writer;
	const struct taken *taken;
	struct known *known;
	struct err *err;
};

static int look_in_page(void *arg, const struct page_ref *ref)
{
	struct search *search = arg;
	const struct record_key *key = &search->taken->journal->key;
	const struct bundle *bundle;
	int r;

	if (ref->run != key->run)
		return 0;
	r = bundle_load(search->writer->view, ref, &bundle, search->err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < bundle_count(bundle); i++) {
		const struct bundle_item *item = bundle_item(bundle, i);
		if (item->sequence != key->sequence)
			continue;
		search->known->there = true;
		search->known->kind = RECORD_SLOT;
		search->known->disputed = item->disputed;
		search->known->boot = ref->boot;
		search->known->page = *ref;
		search->known->place = i;
		return 1;
	}
	return 0;
}

/* As it came: nobody need decode it. */
static bool is_same_bytes(
	const struct bundle *bundle, size_t place, const struct journal_record *journal)
{
	size_t length;
	const uint8_t *bytes = bundle_record(bundle, place, &length);

	return bytes && length == journal->record_length && !memcmp(bytes, journal->record, length);
}

static int compare_slot(struct search *search)
{
	struct ledger_writer *writer = search->writer;
	struct known *known = search->known;
	uint8_t hash[SHA256_BYTES];
	const struct bundle *bundle;
	struct page_slot beside;
	int r = bundle_load(writer->view, &known->page, &bundle, search->err);

	if (r < 0)
		return r;
	known->equal = is_same_bytes(bundle, known->place, search->taken->journal);
	if (known->equal)
		return 0;
	r = bundle_slot(bundle, known->place, writer->view->record, &beside, search->err);
	if (r == 0)
		r = record_digest(writer->view->record, NULL, known->hash, search->err);
	if (r == 0)
		r = record_digest(search->taken->record, search->taken->journal, hash, search->err);
	known->equal = r == 0 && !memcmp(hash, known->hash, sizeof(hash));
	return r;
}

/* Where its like would be, first; then wherever the run has pages. */
static int find_slot(struct search *search, const int64_t *boots, size_t count)
{
	const struct taken *taken = search->taken;
	uint64_t start_us = taken->record->slot.start_us;
	struct page_query query = {.stretch = {start_us, start_us}};
	int r = 0;

	for (size_t i = 0; !r && taken->record->kind == RECORD_SLOT && i < count; i++) {
		query.boot = boots[i];
		r = pages_each(search->writer->db, &query, look_in_page, search, search->err);
	}
	query.stretch = (struct mono_span){0, MONO_MAX_US};
	for (size_t i = 0; !r && i < count; i++) {
		query.boot = boots[i];
		r = pages_each(search->writer->db, &query, look_in_page, search, search->err);
	}
	return r < 0 ? r : 0;
}

/* ---- anchors */

/* An anchor's record out of what is kept of it. */
int known_anchor_record(struct ledger_writer *writer, const struct known *known,
	struct record *ret_record, struct err *err)
{
	const struct kept_anchor *anchor = &known->anchor;
	struct query q;
	size_t length;

	memset(&ret_record->anchor, 0, sizeof(ret_record->anchor));
	ret_record->kind = RECORD_ANCHOR;
	ret_record->anchor.mono_us = anchor->mono_us;
	ret_record->anchor.utc_us = anchor->utc_us;
	ret_record->anchor.error_us = anchor->error_us;
	ret_record->anchor.source = anchor->source;
	db_query(&q, writer->db, "SELECT boot FROM boot WHERE id = ?");
	query_number(&q, known->boot);
	if (query_next(&q) > 0) {
		const void *boot = query_get_bytes(&q, 0, &length);
		if (length == BOOT_BYTES)
			memcpy(ret_record->anchor.boot, boot, length);
	}
	return query_end(&q, err);
}

static int find_anchor(struct search *search, const int64_t *boots, size_t count)
{
	struct known *known = search->known;
	struct record_key key = search->taken->journal->key;
	int r = -ENOENT;

	for (size_t i = 0; r == -ENOENT && i < count; i++) {
		r = anchors_find(search->writer->db, boots[i], key, &known->anchor, search->err);
		known->boot = boots[i];
	}
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	known->there = true;
	known->kind = RECORD_ANCHOR;
	known->disputed = known->anchor.disputed;
	return 0;
}

static int compare_anchor(struct search *search)
{
	struct known *known = search->known;
	struct record *record = search->writer->view->record;
	uint8_t hash[SHA256_BYTES];
	int r = known_anchor_record(search->writer, known, record, search->err);

	if (r == 0)
		r = digest_encoded(record, known->hash, search->err);
	if (r == 0)
		r = record_digest(search->taken->record, search->taken->journal, hash, search->err);
	known->equal = r == 0 && !memcmp(hash, known->hash, sizeof(hash));
	return r;
}

/* ---- what has a row of its own */

#define UNDER_KEY " WHERE agent = ?1 AND run = ?2 AND sequence = ?3"

static const char known_gap[] = "SELECT 3, disputed, hash FROM dropped" UNDER_KEY;
static const char known_row[] = "SELECT 4, disputed, hash FROM mark" UNDER_KEY
				" UNION ALL SELECT kind, disputed, hash FROM sample" UNDER_KEY;

_Static_assert(RECORD_DROPPED == 3 && RECORD_START == 4, "as in the queries");

static int find_row(struct search *search, const char *sql)
{
	struct known *known = search->known;
	struct query q;
	const void *hash;
	size_t length;
	int r;

	db_query(&q, search->writer->db, sql);
	bind_key(&q, search->taken->journal);
	if (query_next(&q) > 0) {
		known->there = true;
		known->kind = (enum record_kind)query_get_number(&q, 0);
		known->disputed = query_get_number(&q, 1) != 0;
		hash = query_get_bytes(&q, 2, &length);
		if (length == SHA256_BYTES)
			memcpy(known->hash, hash, length);
	}
	r = query_end(&q, search->err);
	known->equal = known->there &&
		!memcmp(known->hash, search->taken->hash, sizeof(known->hash));
	return r;
}

/* ---- all of them */

static int load_boots(struct search *search, int64_t **ret_boots, size_t *ret_count)
{
	const struct journal_record *journal = search->taken->journal;
	int64_t *boots = NULL;
	size_t count = 0;
	struct query q;
	int failed = 0, r;

	db_query(&q, search->writer->db,
		"SELECT id FROM boot WHERE agent = ? AND first_run <= ?"
		" AND last_run >= ?");
	query_number(&q, journal->agent);
	query_number(&q, journal->key.run);
	query_number(&q, journal->key.run);
	while (!failed && query_next(&q) > 0) {
		int64_t *more = realloc(boots, (count + 1) * sizeof(*boots));
		if (!more) {
			failed = -ENOMEM;
			break;
		}
		boots = more;
		boots[count++] = query_get_number(&q, 0);
	}
	r = query_end(&q, failed ? NULL : search->err);
	*ret_boots = boots;
	*ret_count = count;
	return failed ? err_errno(search->err, failed, "boots of an agent") : r;
}

static int find_record(struct search *search)
{
	const struct journal_record *journal = search->taken->journal;
	struct known *known = search->known;
	int64_t *boots = NULL;
	size_t count = 0;
	/* slots of the batch become pages first */
	int r = run_flush_key(search->writer, journal->agent, journal->key.run, search->err);

	if (r == 0)
		r = find_row(search, known_row);
	if (r == 0 && !known->there)
		r = load_boots(search, &boots, &count);
	if (r == 0 && !known->there)
		r = find_slot(search, boots, count);
	if (r == 0 && known->there && known->kind == RECORD_SLOT)
		r = compare_slot(search);
	if (r == 0 && !known->there)
		r = find_anchor(search, boots, count);
	if (r == 0 && known->there && known->kind == RECORD_ANCHOR)
		r = compare_anchor(search);
	free(boots);
	return r;
}

int known_find(struct ledger_writer *writer, const struct taken *taken, struct known *ret_known,
	struct err *err)
{
	struct known known = {0};
	struct search search = {writer, taken, &known, err};
	int r = taken->record->kind == RECORD_DROPPED ? find_row(&search, known_gap)
						      : find_record(&search);

	if (r == 0)
		*ret_known = known;
	return r;
}
