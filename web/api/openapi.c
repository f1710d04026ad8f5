/* SPDX-License-Identifier: Apache-2.0 */
/* GET /open/v1/openapi.json: what all these resources take and answer, merged of web/openapi. */
#include "web/assets.h"
#include "web/params.h"
#include "web/site.h"

void api_openapi(struct site *site, const struct request *request, struct response *ret)
{
	if (params_known(request, params_none, ret))
		asset_answer(&openapi_table[0], request, ret);
}
