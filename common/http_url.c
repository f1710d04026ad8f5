/* SPDX-License-Identifier: Apache-2.0 */
#include "common/http_url.h"

#include <string.h>

const char *http_url_fault(const char *url)
{
	size_t length = strlen(url), tail = strlen("/write");
	const char *host = NULL;

	if (strncmp(url, "http://", 7) == 0)
		host = url + 7;
	if (strncmp(url, "https://", 8) == 0)
		host = url + 8;
	if (host && *host && *host != '/' && *host != ':' && !strpbrk(url, "?# ") &&
		(length < tail || strcmp(url + length - tail, "/write") != 0))
		return NULL;
	return "must be the server alone, such as http://127.0.0.1:8086, or "
	       "http://vminsert:8480/insert/0/influx (database and api have keys of their own)";
}
