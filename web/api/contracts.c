/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/contracts/ID/end: from that second on a contract is no longer in force. */

#include "web/entry.h"

struct wanted {
	int64_t id, link;
};

static int see_contract(void *arg, const struct registry_contract *contract)
{
	struct wanted *wanted = arg;

	wanted->link = contract->link;
	return contract->id == wanted->id;
}

/* The link of the contract, in whose zone times are meant. */
static bool find_link(const struct books *books, const struct request *request, int64_t contract,
	struct registry_link *ret_link, struct response *ret)
{
	struct wanted wanted = {.id = contract};
	struct err err = {0};
	int r = registry_contracts(books->registry, 0, see_contract, &wanted, &err);

	if (r > 0)
		return books_link(books, request, wanted.link, ret_link, ret);
	if (r < 0)
		books_failed("contracts", &err, ret);
	else
		response_error(ret, 404, "there is no contract of this number");
	return false;
}

static void end(const struct books *books, const struct request *request, const struct body *body,
	struct response *ret)
{
	struct registry_link link;
	struct err err = {0};
	int64_t id, to_s;

	if (!entry_id(request, &id, ret) || !find_link(books, request, id, &link, ret))
		return;
	if (!body_has(body, "to"))
		response_bad_param(ret, "to", "", "is missing: the first second without it");
	else if (entry_time(body, "to", link.offset_s, &to_s, ret))
		entry_ended("contract", registry_contract_end(books->registry, id, to_s, &err),
			&err, ret);
}

void api_contract_end(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"to", NULL};

	entry_change(site, request, known, end, ret);
}
