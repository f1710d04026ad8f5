/* SPDX-License-Identifier: Apache-2.0 */
#include "web/account/change.h"

#include <string.h>
#include <strings.h>

#include "web/account/secret.h"

/* "https://pantau.example.go.id" is ours when it ends with our name and port. */
static bool is_our_origin(const struct request *request)
{
	const char *name;

	if (!request->origin)
		return true; /* no browser, or one that is older than the header */
	name = strstr(request->origin, "://");
	return name && request->host && strcasecmp(name + 3, request->host) == 0;
}

static bool is_from_another_site(const struct request *request)
{
	return request->fetch_site && strcmp(request->fetch_site, "same-origin") != 0 &&
		strcmp(request->fetch_site, "none") != 0;
}

static bool is_json(const char *type)
{
	static const char json[] = "application/json";
	size_t length = sizeof(json) - 1;

	return type && strncasecmp(type, json, length) == 0 &&
		(!type[length] || strchr("; ", type[length]));
}

bool change_is_meant(
	const struct request *request, const struct principal *who, struct response *ret)
{
	if (request->method != METHOD_POST && request->method != METHOD_DELETE)
		return true;
	if (!is_our_origin(request) || is_from_another_site(request)) {
		response_refuse(ret, 403, "stale", "this came from another site's page");
		return false;
	}
	if (request->body_length > 0 && !is_json(request->content_type)) {
		response_error(ret, 415, "the body must be application/json");
		return false;
	}
	if (who->session[0] && !(request->csrf && secret_same(request->csrf, who->csrf))) {
		response_refuse(ret, 403, "stale",
			"the header X-Pantau-CSRF is missing or not this session's: "
			"GET /api/v1/session tells it");
		return false;
	}
	return true;
}
