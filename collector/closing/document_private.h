/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the document share. */
#ifndef PANTAU_CLOSING_DOCUMENT_PRIVATE_H
#define PANTAU_CLOSING_DOCUMENT_PRIVATE_H

#include "collector/closing/document.h"

struct field {
	const char *key, *value;
	unsigned line;
};

struct table_cells { /* what document_table shows, and owns */
	struct document_table shown;
	const char **keys, **cells;
	size_t cell_room;
};

struct document {
	char *text; /* cut into strings */
	struct field fields[DOCUMENT_FIELDS_MAX];
	size_t field_count;
	struct table_cells tables[DOCUMENT_TABLES_MAX];
	size_t table_count;
	struct document_seal seal;
};

#endif
