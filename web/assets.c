/* SPDX-License-Identifier: Apache-2.0 */
#include "web/assets.h"

#include <string.h>

/* Browsers and proxies send one tag or a list; a weak mark does not matter for a GET. */
static bool tag_matches(const char *if_none_match, const char *etag)
{
	return if_none_match &&
		(strcmp(if_none_match, "*") == 0 || strstr(if_none_match, etag) != NULL);
}

static void answer(const struct asset *asset, const struct request *request, struct response *ret)
{
	ret->type = asset->type;
	ret->etag = asset->etag;
	ret->cache = "no-cache"; /* kept, and asked for again: a tag's worth of bytes */
	if (tag_matches(request->if_none_match, asset->etag)) {
		ret->status = 304;
		return;
	}
	ret->fixed = asset->bytes;
	ret->fixed_length = asset->length;
}

bool assets_answer(const struct request *request, struct response *ret)
{
	for (const struct asset *asset = assets_table; asset->path; asset++) {
		if (strcmp(request->path, asset->path) == 0) {
			answer(asset, request, ret);
			return true;
		}
	}
	return false;
}
