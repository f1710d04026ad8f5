/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/export/store_settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/export/secret.h"

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
	int r = secret_read(settings->export_password_file, &store.password, err);

	if (r == 0)
		r = secret_read(settings->export_token_file, &store.token, err);
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
		.timeout_s = (uint32_t)settings->export_timeout_s,
		.gzip = settings->export_gzip == GZIP_YES ||
			(settings->export_gzip == GZIP_AUTO && !url_is_here(settings->export_url)),
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
