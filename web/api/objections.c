/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/objections: what providers say against outages, and the answers. */
#include <errno.h>

#include "collector/report/objection_report.h"
#include "web/filter.h"
#include "web/params.h"
#include "web/site.h"

struct rows {
	struct table *table;
	struct page page;
	bool only_open;
	size_t total;
};

static int see_objection(void *arg, const struct registry_objection *objection)
{
	struct rows *rows = arg;
	size_t index;

	if (rows->only_open && objection->answered_s)
		return 0;
	index = rows->total++;
	if (index >= rows->page.offset && index - rows->page.offset < rows->page.limit)
		objection_report_add(rows->table, objection);
	return 0;
}

static void write_rows(const struct rows *rows, struct response *ret)
{
	struct json json;

	response_json(ret, &json);
	json_number(&json, "total", (int64_t)rows->total);
	json_number(&json, "limit", (int64_t)rows->page.limit);
	json_number(&json, "offset", (int64_t)rows->page.offset);
	if (table_render_json(rows->table, &json, "rows") < 0)
		response_error(ret, 503, "the list does not fit into memory");
	else
		response_json_end(ret, &json);
}

void api_objections(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"kabupaten", "kecamatan", "desa", "provider", "link",
		"open", "limit", "offset", NULL};
	static const char *const choices[] = {"0", "1", NULL};
	struct registry_filter filter;
	struct rows rows = {0};
	struct err err = {0};
	struct books books;
	int open = 0;

	if (!params_known(request, known, ret) || !filter_read(request, &filter, ret) ||
		!param_choice(request, "open", choices, &open, ret) ||
		!param_page(request, &rows.page, ret) ||
		!books_open_for(site->state, request, filter.link, &books, ret))
		return;
	rows.only_open = open != 0;
	rows.table = objection_report_new();
	if (!rows.table)
		response_error(ret, 503, "no memory for the list");
	else if (registry_objections(books.registry, &filter, see_objection, &rows, &err) < 0)
		books_failed("objections", &err, ret);
	else
		write_rows(&rows, ret);
	table_free(rows.table);
	books_close(&books);
}
