/* SPDX-License-Identifier: Apache-2.0 */
#include "web/assets.h"

#include <string.h>

void asset_answer(const struct asset *asset, const struct request *request, struct response *ret)
{
	ret->type = asset->type;
	ret->etag = asset->etag;
	/* the others are kept and asked for again: a tag's worth of bytes */
	ret->cache = asset->for_good ? "public, max-age=31536000, immutable" : "no-cache";
	if (request_knows(request, asset->etag)) {
		ret->status = 304;
		return;
	}
	ret->fixed = asset->bytes;
	ret->fixed_length = asset->length;
}

/* As in web/page/src/shell/routes.ts. The page finds out itself what its own addresses mean; each
 * is answered by its first file. */
static const char *const page_paths[] = {"/masuk", "/dinding", "/peta", "/gangguan",
	"/perbandingan", "/keputusan", "/penyedia", "/laporan", "/pengguna", "/akun"};
static const char *const page_folders[] = {"/sambungan/", "/penyedia/"};

static bool is_page(const char *path)
{
	for (size_t i = 0; i < sizeof(page_paths) / sizeof(page_paths[0]); i++) {
		if (strcmp(path, page_paths[i]) == 0)
			return true;
	}
	for (size_t i = 0; i < sizeof(page_folders) / sizeof(page_folders[0]); i++) {
		size_t length = strlen(page_folders[i]);

		if (strncmp(path, page_folders[i], length) == 0 && path[length] &&
			!strchr(path + length, '/'))
			return true;
	}
	return false;
}

bool assets_answer(const struct request *request, struct response *ret)
{
	const char *path = is_page(request->path) ? "/" : request->path;

	for (const struct asset *asset = assets_table; asset->path; asset++) {
		if (strcmp(path, asset->path) == 0) {
			asset_answer(asset, request, ret);
			return true;
		}
	}
	return false;
}
