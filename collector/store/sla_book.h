/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contracts and exclusions of all the links of a question, read in two passes instead of two
 * queries a link. Private to collector/store.
 */
#ifndef PANTAU_STORE_SLA_BOOK_H
#define PANTAU_STORE_SLA_BOOK_H

#include "collector/store/registry.h"

struct sla_book;

/* Of these links (by id, borrowed). */
int sla_book_open(struct registry *registry, const struct registry_link *links, size_t count,
	struct sla_book **ret_book, struct err *err);
void sla_book_close(struct sla_book *book);

/* By beginning; borrowed. */
const struct registry_contract *sla_book_contracts(
	const struct sla_book *book, int64_t link, size_t *ret_count);
/* Those that reach the link; caller frees. 0 or -ENOMEM. */
int sla_book_exclusions(const struct sla_book *book, const struct registry_link *link,
	struct exclusion **ret_items, size_t *ret_count);

#endif
