/* SPDX-License-Identifier: Apache-2.0 */
#include "web/routes.h"

#include <string.h>

#include "web/assets.h"

struct route {
	const char *path;
	void (*answer)(struct site *site, const struct request *request, struct response *ret);
};

static const struct route routes[] = {
	{"/api/v1/desa", api_desa},
	{"/api/v1/sla", api_sla},
	{"/api/v1/outages", api_outages},
	{"/api/v1/explain", api_explain},
	{"/api/v1/samples", api_samples},
	{"/api/v1/decisions", api_decisions},
	{"/api/v1/objections", api_objections},
	{"/api/v1/claims", api_claims},
	{"/api/v1/events", api_events},
	{"/healthz", api_healthz},
	{"/readyz", api_readyz},
	{"/metrics", api_metrics},
};

void routes_answer(struct site *site, const struct request *request, struct response *ret)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		if (strcmp(request->path, routes[i].path) == 0) {
			routes[i].answer(site, request, ret);
			return;
		}
	}
	if (!assets_answer(request, ret))
		response_error(ret, 404, "there is nothing at this path");
}
