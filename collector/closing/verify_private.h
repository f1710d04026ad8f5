/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the verification share. */
#ifndef PANTAU_CLOSING_VERIFY_PRIVATE_H
#define PANTAU_CLOSING_VERIFY_PRIVATE_H

#include "collector/closing/sums.h"
#include "collector/closing/verify.h"
#include "collector/store/registry.h"

struct verified_link {
	int64_t id;
	int32_t offset_s;
	bool heard;
};

struct verifier {
	const struct document *document;
	const struct verify_faults *faults;
	int count; /* of faults */
	const char *month, *name;
	struct verified_link *links; /* by id */
	size_t link_count;
	struct registry_contract *contracts; /* as they stand there */
	size_t contract_count;
	struct sum_item *items; /* the rows by link, as they stand there */
	size_t item_count;
	bool summable; /* all of them could be read */
	size_t losses; /* records of high_loss that belong to the rows so far */
};

void fault(struct verifier *verifier, unsigned line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Each returns 0 or -ENOMEM. */
/* Links, contracts and rows are read, and each row is checked by itself. */
int verify_rows(struct verifier *verifier);
/* The sums, by what they are of. */
int verify_groups(struct verifier *verifier);
/* Every cell of the table that is not as `expected` has it; `expected` is freed. */
int verify_cells(
	struct verifier *verifier, const struct document_table *table, struct table *expected);

#endif
