/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The archive of closed months, in ledger.db: documents as they were issued, byte for byte, and
 * what was issued beside them. Rows are only ever added. Written by the process `ledger` alone,
 * inside a batch (ledger_writer.h); what a document says is no business of this file.
 *
 *	2026-01   final      Revisi ke-1     revision 0, 1, ...: the latest one counts
 *	2026-02   final                      number 1, 2, ...: as they were issued
 */
#ifndef PANTAU_STORE_CLOSED_MONTH_H
#define PANTAU_STORE_CLOSED_MONTH_H

#include "collector/store/ledger_writer.h"
#include "collector/store/registry_close.h"
#include "common/buf.h"

extern const char closed_month_schema[];

#define CLOSED_FILE_NAME_BYTES 64

struct closed_month {
	char month[MONTH_NAME_BYTES];
	int64_t revision; /* 0: the first */
	int64_t number; /* of all documents, from 1 */
	struct span span; /* from the first local beginning to the last local end, UTC */
	int64_t closed_s;
	int64_t registry_sequence; /* the registry as it was when it was counted last */
	char by[REGISTRY_NAME_BYTES];
	char hash[REGISTRY_HEX_BYTES]; /* of the document */
	int64_t bytes; /* of the document; not read by put */
};

#define CLOSED_LATEST (-1) /* instead of a revision */

/* By month and revision. month NULL: all. */
int closed_months(struct ledger_db *db, const char *month,
	int (*each)(void *arg, const struct closed_month *closed), void *arg, struct err *err);
/* -ENOENT, without words: it was not closed, or not so often. */
int closed_month_find(struct ledger_db *db, const char *month, int64_t revision,
	struct closed_month *ret_closed, struct err *err);
/* The latest revision of the nearest month before this one. -ENOENT, without words. */
int closed_month_before(
	struct ledger_db *db, const char *month, struct closed_month *ret_closed, struct err *err);
/* The document that was issued last, of whatever month. -ENOENT, without words. */
int closed_month_last(struct ledger_db *db, struct closed_month *ret_closed, struct err *err);
/* Appends the document's bytes. -ENOENT, without words. */
int closed_month_read(struct ledger_db *db, const char *month, int64_t revision, struct buf *out,
	struct err *err);

/* Inside a batch. -EEXIST: there is such a revision. */
int closed_month_put(struct ledger_writer *writer, const struct closed_month *closed,
	const struct buf *document, struct err *err);

/* ---- what was issued beside a document: CSV, PDF, XLSX */

struct closed_file {
	char name[CLOSED_FILE_NAME_BYTES]; /* "sla.csv" */
	char hash[REGISTRY_HEX_BYTES];
	int64_t bytes, added_s; /* bytes: not read by attach */
};

/* Inside a batch. -EEXIST: a file of this name was issued. */
int closed_month_attach(struct ledger_writer *writer, const struct closed_month *closed,
	const struct closed_file *file, const struct buf *content, struct err *err);
int closed_month_files(struct ledger_db *db, const struct closed_month *closed,
	int (*each)(void *arg, const struct closed_file *file), void *arg, struct err *err);
/* Appends its bytes. -ENOENT, without words. */
int closed_month_file(struct ledger_db *db, const struct closed_month *closed, const char *name,
	struct buf *out, struct err *err);

/* ---- evidence */

struct closed_witness { /* an agent, and what was kept of it up to now */
	uint32_t agent;
	int64_t records, slots;
};
int closed_witnesses(struct ledger_db *db,
	int (*each)(void *arg, const struct closed_witness *witness), void *arg, struct err *err);

/* ---- what came of a wish to close */

#define CLOSED_WORDS_MAX 65536 /* a line a month, and what is left open */

struct closed_result {
	int64_t closing, entered_s; /* of the registry's row */
	bool failed;
	const char *words; /* lines; borrowed for the call */
	int64_t at_s;
};

int closed_result_put(
	struct ledger_writer *writer, const struct closed_result *result, struct err *err);
/* 1: it was executed, and `each` was called once; 0: not yet. A return of `each` other than 0 is
 * returned instead. */
int closed_result_get(struct ledger_db *db, const struct registry_closing *closing,
	int (*each)(void *arg, const struct closed_result *result), void *arg, struct err *err);

/* ---- months that would come out differently */

/* Inside a batch, after ledger_settle(): marks the closed months that it may have moved. */
int closed_month_touch(struct ledger_writer *writer, int64_t now_s, struct err *err);
/* Inside a batch: the month was counted again just now, with the registry up to there. */
int closed_month_clean(struct ledger_writer *writer, const char *month, int64_t registry_sequence,
	struct err *err);
struct closed_touch {
	char month[MONTH_NAME_BYTES];
	int64_t since_s; /* when the first record after the last count came */
};
int closed_touches(struct ledger_db *db, int (*each)(void *arg, const struct closed_touch *touch),
	void *arg, struct err *err);

/* ---- what came too late to be revised */

struct closed_note {
	char month[MONTH_NAME_BYTES];
	int64_t noted_s;
	const char *words; /* CSV, as docs/CLOSED-MONTH.md has it; borrowed for the call */
};
int closed_note_put(struct ledger_writer *writer, const struct closed_note *note, struct err *err);
/* month NULL: all. */
int closed_notes(struct ledger_db *db, const char *month,
	int (*each)(void *arg, const struct closed_note *note), void *arg, struct err *err);

#endif
