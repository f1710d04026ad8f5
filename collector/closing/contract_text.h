/* SPDX-License-Identifier: Apache-2.0 */
/* A contract with all its terms as a row of the closed month, and read back from it. */
#ifndef PANTAU_CLOSING_CONTRACT_TEXT_H
#define PANTAU_CLOSING_CONTRACT_TEXT_H

#include "collector/closing/document.h"
#include "collector/store/registry.h"

struct table *contract_table_new(void); /* NULL: out of memory */
void contract_table_add(struct table *table, const struct registry_contract *contract);
/* -EINVAL with column and value. */
int contract_parse(const struct document_table *table, size_t row,
	struct registry_contract *ret_contract, struct err *err);

#endif
