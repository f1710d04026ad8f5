/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/export/influx_private.h"
#include "common/http_url.h"

/* "URL/PATH?precision=s&KEY=VALUE...": pairs end with NULL; empty values are left out. */
static int make_url(struct influx *influx, char *ret_url, const char *path,
	const char *const *pairs, struct err *err)
{
	size_t at = (size_t)snprintf(
		ret_url, URL_MAX, "%s%s?precision=s", influx->settings.url, path);

	for (size_t i = 0; pairs[i] && at < URL_MAX; i += 2) {
		char *value;
		if (!pairs[i + 1][0])
			continue;
		value = http_escape(influx->http, pairs[i + 1]);
		if (!value)
			return err_errno(err, -ENOMEM, "%s", influx->settings.url);
		at += (size_t)snprintf(ret_url + at, URL_MAX - at, "&%s=%s", pairs[i], value);
		free(value);
	}
	if (at >= URL_MAX)
		return err_set(err, -EINVAL, "[export] url, database or org: too long");
	return 0;
}

/* "http://host:port" or "https://host/prefix": the rest is ours to add. */
static int check_url(const char *url, struct err *err)
{
	const char *fault = http_url_fault(url);

	return fault ? err_set(err, -EINVAL, "[export] url = %s: %s", url, fault) : 0;
}

/* The server's page of counters lies at its root, whatever prefix the writes have. */
static int make_counters_url(struct influx *influx, struct err *err)
{
	const char *url = influx->settings.url;
	const char *host = strstr(url, "://") + strlen("://");
	int length = snprintf(influx->counters_url, URL_MAX, "%.*s/metrics",
		(int)(host - url + (ptrdiff_t)strcspn(host, "/")), url);

	return length < URL_MAX ? 0 : err_set(err, -EINVAL, "[export] url: too long");
}

int influx_make_urls(struct influx *influx, struct err *err)
{
	const struct influx_settings *settings = &influx->settings;
	bool v2 = settings->api == INFLUX_V2 || settings->api == INFLUX_V3;
	const char *const v1_pairs[] = {"db", settings->database, NULL};
	const char *const v2_pairs[] = {
		"bucket", settings->database, "org", settings->organisation, NULL};
	const char *const none[] = {NULL}; /* VictoriaMetrics would make a tag of the name */
	const char *const *pairs = settings->api == INFLUX_VICTORIA ? none
		: v2                                                ? v2_pairs
								    : v1_pairs;
	int r = check_url(settings->url, err);

	if (r == 0)
		r = make_url(
			influx, influx->write_url, v2 ? "/api/v2/write" : "/write", pairs, err);
	if (r == 0)
		r = make_url(
			influx, influx->query_url, v2 ? "/api/v2/delete" : "/query", pairs, err);
	return r < 0 ? r : make_counters_url(influx, err);
}
