/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/export/store_settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/file.h"

#define SECRET_MAX 4096 /* bytes of a file with a password or a token */

/* The first line of a file; "" for no file. Caller frees. */
static int read_secret(const char *path, char **ret_secret, struct err *err)
{
	uint8_t *bytes = NULL;
	size_t length;
	int r;

	if (!path[0]) {
		*ret_secret = strdup("");
		return *ret_secret ? 0 : err_errno(err, -ENOMEM, "[export]");
	}
	r = file_read(path, SECRET_MAX, &bytes, &length, err);
	if (r < 0)
		return r;
	bytes[strcspn((char *)bytes, "\r\n")] = '\0';
	*ret_secret = (char *)bytes;
	return 0;
}

static bool is_here(const char *url)
{
	static const char *const names[] = {"://127.", "://localhost", "://[::1]"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strstr(url, names[i]))
			return true;
	}
	return false;
}

static const enum influx_api apis[] = {
	[EXPORT_API_1] = INFLUX_V1,
	[EXPORT_API_2] = INFLUX_V2,
	[EXPORT_API_3] = INFLUX_V3,
	[EXPORT_API_VICTORIA] = INFLUX_VICTORIA,
};

int store_settings_read(
	const struct settings *settings, struct store_settings *ret_store, struct err *err)
{
	struct store_settings store = {0};
	int r = read_secret(settings->export_password_file, &store.password, err);

	if (r == 0)
		r = read_secret(settings->export_token_file, &store.token, err);
	if (r < 0) {
		store_settings_done(&store);
		return r;
	}
	store.influx = (struct influx_settings){
		.api = apis[settings->export_api],
		.url = settings->export_url,
		.database = settings->export_database,
		.organisation = settings->export_org,
		.user = settings->export_user,
		.password = store.password,
		.token = store.token,
		.gzip = settings->export_gzip == GZIP_YES ||
			(settings->export_gzip == GZIP_AUTO && !is_here(settings->export_url)),
	};
	*ret_store = store;
	return 0;
}

void store_settings_done(struct store_settings *store)
{
	if (!store)
		return;
	free(store->password);
	free(store->token);
}
