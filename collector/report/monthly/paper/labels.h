/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Labels (PDF): sheets of A4 with fourteen stickers, each a QR code and what a person must know of
 * it. What is on such a sheet is a secret until it is used, and its margin says so.
 */
#ifndef PANTAU_REPORT_MONTHLY_PAPER_LABELS_H
#define PANTAU_REPORT_MONTHLY_PAPER_LABELS_H

#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/err.h"

#define LABEL_LINES 4

struct label { /* borrowed */
	const char *code; /* what the QR code says; also in small print, where there is room */
	const char *title;
	const char *lines[LABEL_LINES]; /* each is cut where it is too long; NULL: none */
};

struct labels {
	const struct label *items;
	size_t count;
	const char *title, *foot; /* in the margin of each page */
	int64_t dated_s;
};

/* Appends the file. -E2BIG: a code that no QR code can hold. Negative errno with words. */
int paper_labels(const struct labels *labels, struct buf *out, struct err *err);

#endif
