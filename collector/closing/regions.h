/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names of the regions of a month's rows, kept beside its document when it is closed: a report
 * that is printed again years later calls a desa what it was called then. One table of the
 * document's form (document.h).
 */
#ifndef PANTAU_CLOSING_REGIONS_H
#define PANTAU_CLOSING_REGIONS_H

#include "collector/closing/document.h"
#include "collector/store/registry.h"

#define REGIONS_FILE "regions.txt" /* beside the document */
#define TABLE_REGIONS "regions" /* code,name; by code */

/* Of all that the table of rows names: desa, kecamatan, kabupaten, provinsi. */
int regions_write(struct registry *registry, const struct document_table *rows, struct buf *out,
	struct err *err);

#endif
