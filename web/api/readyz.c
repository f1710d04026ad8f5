/* SPDX-License-Identifier: Apache-2.0 */
/* GET /readyz: whether questions can be answered at all, by this process alone. */
#include "web/filter.h"
#include "web/params.h"
#include "web/site.h"

void api_readyz(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {NULL};
	struct books books;
	struct json json;

	if (!params_known(request, known, ret) || !books_open(site->state, &books, ret))
		return;
	books_close(&books);
	response_json(ret, &json);
	json_text(&json, "status", "ready");
	response_json_end(ret, &json);
}
