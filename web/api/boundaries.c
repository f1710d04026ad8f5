/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/boundaries: the GeoJSON that the map shows beneath the links, as its file is now. */
#include <errno.h>
#include <stdlib.h>

#include "common/file.h"
#include "common/log.h"
#include "web/params.h"
#include "web/site.h"

#define BOUNDARIES_MAX (16 * 1024 * 1024) /* desa of a province, drawn finely, take 5 MiB */

static bool is_object(const uint8_t *bytes, size_t length)
{
	size_t at = 0;

	while (at < length && (bytes[at] == ' ' || (bytes[at] >= '\t' && bytes[at] <= '\r')))
		at++;
	return at < length && bytes[at] == '{';
}

void api_boundaries(struct site *site, const struct request *request, struct response *ret)
{
	struct err err = {0};
	uint8_t *bytes;
	size_t length;
	int r;

	if (!params_known(request, params_none, ret))
		return;
	if (!site->boundaries[0]) {
		response_error(ret, 404, "the configuration names no file: [web] boundaries");
		return;
	}
	r = file_read(site->boundaries, BOUNDARIES_MAX, &bytes, &length, &err);
	if (r < 0) {
		log_warn("[web] boundaries: %s", err.text);
		response_error(ret, 503, "[web] boundaries: the file cannot be read");
		return;
	}
	ret->type = "application/geo+json";
	if (!is_object(bytes, length))
		response_error(ret, 503, "[web] boundaries: the file is no GeoJSON");
	else if (buf_append(&ret->body, bytes, length) < 0)
		response_error(ret, 503, "no memory for the boundaries");
	free(bytes);
}
