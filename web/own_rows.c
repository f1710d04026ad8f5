/* SPDX-License-Identifier: Apache-2.0 */
#include "web/own_rows.h"

#include "web/filter.h"

bool own_rows_wants(struct own_rows *rows)
{
	size_t index = rows->total++;

	return index >= rows->page.offset && index - rows->page.offset < rows->page.limit;
}

struct question { /* which of them */
	struct registry_filter filter; /* narrowed to what is theirs who ask */
	struct page page;
};

static int write_rows(const struct books *books, const struct own_rows_kind *kind,
	const struct question *question, struct response *ret, struct err *err)
{
	struct json json;
	struct own own;
	struct own_rows rows = {.json = &json, .own = &own, .page = question->page};
	int r = own_find(books->registry, &question->filter, &own, err);

	if (r < 0)
		return r;
	response_json(ret, &json);
	json_array(&json, "rows");
	r = kind->fill(books->registry, question->filter.link, &rows, err);
	json_array_end(&json);
	json_number(&json, "total", (int64_t)rows.total);
	json_number(&json, "limit", (int64_t)rows.page.limit);
	json_number(&json, "offset", (int64_t)rows.page.offset);
	response_json_end(ret, &json);
	own_done(&own);
	return r;
}

void own_rows_answer(struct site *site, const struct own_rows_kind *kind,
	const struct request *request, struct response *ret)
{
	static const char *const known[] = {
		"kabupaten", "kecamatan", "desa", "provider", "link", "limit", "offset", NULL};
	struct question question = {.page = {0}};
	struct registry_link link;
	struct err err = {0};
	struct books books;

	if (!params_known(request, known, ret) || !filter_read(request, &question.filter, ret) ||
		!param_page(request, &question.page, ret) || !books_open(site->state, &books, ret))
		return;
	if (question.filter.link && !books_link(&books, request, question.filter.link, &link, ret))
		; /* said why */
	else if (write_rows(&books, kind, &question, ret, &err) < 0)
		books_failed(kind->what, &err, ret);
	books_close(&books);
}
