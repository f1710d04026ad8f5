/* SPDX-License-Identifier: Apache-2.0 */
/* The [export] section as what influx_open() wants, secrets read from their files. */
#ifndef PANTAU_EXPORT_STORE_SETTINGS_H
#define PANTAU_EXPORT_STORE_SETTINGS_H

#include "collector/export/influx.h"
#include "collector/settings.h"

struct store_settings {
	struct influx_settings influx; /* borrows from the settings and from below */
	char *password, *token;
};

/* Borrows the settings. */
int store_settings_read(
	const struct settings *settings, struct store_settings *ret_store, struct err *err);
void store_settings_done(struct store_settings *store);

#endif
