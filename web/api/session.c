/* SPDX-License-Identifier: Apache-2.0 */
/*
 * /api/v1/session: GET tells who one is and what the page needs to know first, POST logs in, DELETE
 * logs out.
 */
#include <string.h>

#include "web/body.h"
#include "web/filter.h"
#include "web/params.h"
#include "web/site.h"

static const char *some(const char *text)
{
	return text[0] ? text : NULL;
}

static const char *timezone_of(const char *zone)
{
	static const char *const zones[][2] = {
		{"WIB", "Asia/Jakarta"}, {"WITA", "Asia/Makassar"}, {"WIT", "Asia/Jayapura"}};

	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		if (strcmp(zone, zones[i][0]) == 0)
			return zones[i][1];
	}
	return "Asia/Makassar";
}

/* Without a registry there is nobody to log in, and the page says so. */
static struct registry_home read_home(const struct site *site)
{
	struct registry_home home = {.zone = "WITA"};
	struct registry *registry;

	if (registry_open(site->state, REGISTRY_READ, NULL, &registry, NULL) == 0) {
		registry_home(registry, &home, NULL);
		registry_close(registry);
	}
	return home;
}

static void write_session(
	const struct site *site, const struct principal *who, struct response *ret)
{
	const struct registry_home home = read_home(site);
	struct json json;

	response_json(ret, &json);
	json_text(&json, "user", some(who->name));
	json_text(&json, "role", user_role_name(who->role));
	json_text(&json, "kabupaten", some(who->kabupaten));
	json_text(&json, "provider", some(who->provider));
	json_text(&json, "csrf", some(who->csrf));
	json_text(&json, "banner", some(site->banner));
	json_text(&json, "timezone", timezone_of(home.zone));
	json_text(&json, "zone", home.zone);
	json_text(&json, "province", some(home.province));
	json_text(&json, "tiles", some(site->tiles));
	json_bool(&json, "boundaries", site->boundaries[0] != '\0');
	json_text(&json, "version", PANTAU_VERSION);
	response_json_end(ret, &json);
}

void api_session(struct site *site, const struct request *request, struct response *ret)
{
	if (params_known(request, params_none, ret))
		write_session(site, request->who, ret);
}

void api_session_begin(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"name", "password", NULL};
	struct credentials credentials;
	struct principal who;
	struct body *body;

	if (!params_known(request, params_none, ret) || !body_read(request, known, &body, ret))
		return;
	if (body_need_text(body, "name", &credentials.name, ret) &&
		body_need_text(body, "password", &credentials.password, ret) &&
		accounts_log_in(site->accounts, request, &credentials, &who, ret))
		write_session(site, &who, ret);
	body_free(body);
}

void api_session_end(struct site *site, const struct request *request, struct response *ret)
{
	if (params_known(request, params_none, ret))
		accounts_log_out(site->accounts, request, ret);
}

/* The address that people type leads to what they may see. */
void page_home(struct site *site, const struct request *request, struct response *ret)
{
	if (params_known(request, params_none, ret))
		response_redirect(ret, request->who->role == USER_PUBLIC ? "/masuk" : "/dinding");
}
