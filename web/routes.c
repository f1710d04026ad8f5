/* SPDX-License-Identifier: Apache-2.0 */
#include "web/routes.h"

#include <stdio.h>
#include <string.h>

#include "web/account/change.h"
#include "web/assets.h"

#define READ (1u << METHOD_GET | 1u << METHOD_HEAD)
#define POST (1u << METHOD_POST)
#define DELETE (1u << METHOD_DELETE)
#define NOBODY_ASKED 0 /* as roles: whoever it is, and it is not looked at who */
#define ALLOW_BYTES 40

struct route {
	unsigned methods;
	const char *path; /* {} stands for one part of it */
	unsigned roles; /* ROLE_BIT() of those who may */
	void (*answer)(struct site *site, const struct request *request, struct response *ret);
	enum http_lane lane;
};

static const struct route routes[] = {
	{READ, "/", ROLES_ALL, page_home},

	{READ, "/api/v1/session", ROLES_ALL, api_session},
	{POST, "/api/v1/session", ROLES_ALL, api_session_begin, LANE_PASSWORD},
	{DELETE, "/api/v1/session", ROLES_ALL, api_session_end},

	{READ, "/api/v1/desa", ROLES_KNOWN, api_desa},
	{READ, "/api/v1/sla", ROLES_KNOWN, api_sla},
	{READ, "/api/v1/outages", ROLES_KNOWN, api_outages},
	{READ, "/api/v1/comparison", ROLES_KNOWN, api_comparison, LANE_REPORT},
	{READ, "/api/v1/targets", ROLES_STAFF, api_targets, LANE_REPORT},
	{READ, "/api/v1/explain", ROLES_KNOWN, api_explain},
	{READ, "/api/v1/samples", ROLES_KNOWN, api_samples},
	{READ, "/api/v1/decisions", ROLES_STAFF, api_decisions, LANE_REPORT},
	{READ, "/api/v1/decisions/log", ROLES_STAFF, api_decisions_log, LANE_REPORT},
	{READ, "/api/v1/objections", ROLES_KNOWN, api_objections},
	{READ, "/api/v1/claims", ROLES_STAFF, api_claims},
	{READ, "/api/v1/events", ROLES_KNOWN, api_events},

	{READ, "/api/v1/links/{}", ROLES_KNOWN, api_link, LANE_REPORT},
	{READ, "/api/v1/links/{}/timeline", ROLES_KNOWN, api_link_timeline, LANE_REPORT},
	{READ, "/api/v1/links/{}/series", ROLES_KNOWN, api_link_series, LANE_REPORT},
	{READ, "/api/v1/incidents", ROLES_KNOWN, api_incidents, LANE_REPORT},
	{READ, "/api/v1/incidents/{}", ROLES_KNOWN, api_incident, LANE_REPORT},
	{POST, "/api/v1/incidents/{}/acknowledge", ROLES_DESK, api_incident_acknowledge,
		LANE_REPORT},
	{POST, "/api/v1/incidents/{}/comment", ROLES_STAFF, api_incident_comment, LANE_REPORT},
	{POST, "/api/v1/incidents/{}/ticket", ROLES_DESK, api_incident_ticket, LANE_REPORT},

	{READ, "/api/v1/exclusions", ROLES_KNOWN, api_exclusions},
	{POST, "/api/v1/exclusions", ROLES_STAFF, api_exclusion_add},
	{POST, "/api/v1/exclusions/{}/confirm", ROLES_DECIDE, api_exclusion_confirm},
	{POST, "/api/v1/exclusions/{}/revoke", ROLES_STAFF, api_exclusion_revoke},
	{POST, "/api/v1/decisions/dismiss", ROLES_DECIDE, api_decisions_dismiss, LANE_REPORT},
	{POST, "/api/v1/decisions/dispute", ROLES_DECIDE, api_decisions_dispute, LANE_REPORT},
	{POST, "/api/v1/decisions/revoke", ROLES_DECIDE, api_decisions_revoke},
	{POST, "/api/v1/objections", ROLES_OBJECT, api_objection_add},
	{POST, "/api/v1/objections/{}/answer", ROLES_DECIDE, api_objection_answer},
	{POST, "/api/v1/contracts/{}/end", ROLES_ADMIN, api_contract_end},
	{READ, "/api/v1/tickets", ROLES_KNOWN, api_tickets},
	{POST, "/api/v1/tickets", ROLES_DESK, api_ticket_add},
	{POST, "/api/v1/tickets/{}/revoke", ROLES_DESK, api_ticket_revoke},
	{POST, "/api/v1/claims/told", ROLES_STAFF, api_told_add},
	{POST, "/api/v1/claims/told/{}/revoke", ROLES_STAFF, api_told_revoke},

	{READ, "/api/v1/users", ROLES_ADMIN, api_users},
	{POST, "/api/v1/users", ROLES_ADMIN, api_user_add, LANE_PASSWORD},
	{DELETE, "/api/v1/users/{}", ROLES_ADMIN, api_user_remove},
	{POST, "/api/v1/users/{}/password", ROLES_ADMIN, api_user_password, LANE_PASSWORD},
	{POST, "/api/v1/password", ROLES_KNOWN, api_password, LANE_PASSWORD},
	{READ, "/api/v1/audit", ROLES_ADMIN, api_audit},

	{READ, "/api/v1/reports/{}/{}", ROLES_STAFF, api_report, LANE_REPORT},

	{READ, "/open/v1/", NOBODY_ASKED, open_home},
	{READ, "/open/v1/data.json", NOBODY_ASKED, open_catalogue, LANE_OPEN},
	{READ, "/open/v1/months.json", NOBODY_ASKED, open_months, LANE_OPEN},
	{READ, "/open/v1/links.geojson", NOBODY_ASKED, open_links, LANE_OPEN},
	{READ, "/open/v1/schema/{}", NOBODY_ASKED, open_schema, LANE_OPEN},
	{READ, "/open/v1/verify/{}", NOBODY_ASKED, api_verify, LANE_OPEN},
	{READ, "/open/v1/{}/{}", NOBODY_ASKED, open_file, LANE_OPEN},
	{READ, "/periksa/{}", NOBODY_ASKED, page_verify, LANE_OPEN},
	{READ, "/publik", NOBODY_ASKED, page_public, LANE_OPEN},
	{READ, "/publik/data", NOBODY_ASKED, page_public_data, LANE_OPEN},
	{READ, "/publik/{}", NOBODY_ASKED, page_public_place, LANE_OPEN},
	{READ, "/open/v1/openapi.json", NOBODY_ASKED, api_openapi},

	{READ, "/api/v1/boundaries", ROLES_KNOWN, api_boundaries},
	{READ, "/healthz", NOBODY_ASKED, api_healthz},
	{READ, "/readyz", NOBODY_ASKED, api_readyz},
	{READ, "/metrics", ROLES_ALL, api_metrics},
};

#define ROUTE_COUNT (sizeof(routes) / sizeof(routes[0]))

/* ---- paths */

/* What stands for the {} at the end of the segments read so far. False: nothing, or too much. */
static bool take_segment(const char **path, struct request *ret)
{
	size_t length = strcspn(*path, "/");

	if (length == 0 || length >= HTTP_SEGMENT_BYTES || ret->segment_count == HTTP_SEGMENTS_MAX)
		return false;
	memcpy(ret->segments[ret->segment_count], *path, length);
	ret->segments[ret->segment_count++][length] = '\0';
	*path += length;
	return true;
}

static bool path_matches(const char *pattern, const char *path, struct request *ret)
{
	ret->segment_count = 0;
	while (*pattern) {
		if (pattern[0] == '{' && pattern[1] == '}') {
			if (!take_segment(&path, ret))
				return false;
			pattern += 2;
		} else if (*pattern++ != *path++) {
			return false;
		}
	}
	return *path == '\0';
}

/* NULL: none for this method. `ret_methods`: those that the path knows. */
static const struct route *find_route(struct request *request, unsigned *ret_methods)
{
	unsigned known = 0;

	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		if (!path_matches(routes[i].path, request->path, request))
			continue;
		known |= routes[i].methods;
		if (routes[i].methods & 1u << request->method)
			return &routes[i];
	}
	*ret_methods = known;
	return NULL;
}

enum http_lane routes_lane(const struct request *request)
{
	struct request scratch = *request;
	unsigned methods;
	const struct route *route = find_route(&scratch, &methods);

	return route ? route->lane : LANE_NONE;
}

/* ---- who may */

static void refuse_method(unsigned methods, struct response *ret)
{
	static const struct {
		unsigned bits;
		const char *words;
	} known[] = {{READ, "GET, HEAD"}, {POST, "POST"}, {DELETE, "DELETE"}};
	char allow[ALLOW_BYTES] = "";
	char words[96];
	size_t used = 0;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (methods & known[i].bits)
			used += (size_t)snprintf(allow + used, sizeof(allow) - used, "%s%s",
				used ? ", " : "", known[i].words);
	}
	response_header(ret, "Allow", "%s", allow);
	snprintf(words, sizeof(words), "only %s is served here", allow);
	response_error(ret, 405, words);
}

static bool may(const struct principal *who, const struct route *route, struct response *ret)
{
	char words[64];

	if (route->roles & ROLE_BIT(who->role))
		return true;
	if (who->role == USER_PUBLIC) {
		response_error(ret, 401, "log in first: POST /api/v1/session");
		return false;
	}
	snprintf(words, sizeof(words), "this is not for the role %s", user_role_name(who->role));
	response_error(ret, 403, words);
	return false;
}

static void answer_route(
	struct site *site, const struct route *route, struct request *request, struct response *ret)
{
	struct principal who = {.role = USER_PUBLIC};

	request->who = &who;
	accounts_look(site->accounts, request);
	if (route->roles != NOBODY_ASKED &&
		(!accounts_identify(site->accounts, request, &who, ret) || !may(&who, route, ret) ||
			!change_is_meant(request, &who, ret)))
		return;
	route->answer(site, request, ret);
}

static void answer_file(const struct request *request, struct response *ret)
{
	if (!(READ & 1u << request->method))
		refuse_method(READ, ret);
	else if (!assets_answer(request, ret))
		response_error(ret, 404, "there is nothing at this path");
}

void routes_answer(struct site *site, const struct request *request, struct response *ret)
{
	struct request mine = *request;
	unsigned methods = 0;
	const struct route *route = find_route(&mine, &methods);

	if (route)
		answer_route(site, route, &mine, ret);
	else if (methods)
		refuse_method(methods, ret);
	else
		answer_file(request, ret);
}
