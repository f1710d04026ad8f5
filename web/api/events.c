/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /api/v1/events: server-sent events. `after` (or the header Last-Event-ID, which wins) is the
 * id of the last event seen; without either the stream begins now.
 */
#include <errno.h>

#include "web/account/guard.h"
#include "web/params.h"
#include "web/site.h"
#include "web/sse.h"

static bool read_seen(const struct request *request, int64_t *ret_seen, struct response *ret)
{
	static const char *const known[] = {"after", NULL};
	const struct param_range ids = {0, INT64_MAX};

	*ret_seen = FEED_FROM_NOW;
	if (!params_known(request, known, ret) ||
		!param_number(request, "after", ids, ret_seen, ret))
		return false;
	if (request->last_event_id && *request->last_event_id &&
		sse_parse_id(request->last_event_id, ret_seen) < 0) {
		response_bad_param(ret, "Last-Event-ID", request->last_event_id,
			"must be an id that this stream gave");
		return false;
	}
	return true;
}

void api_events(struct site *site, const struct request *request, struct response *ret)
{
	int64_t seen;
	int r;

	if (!read_seen(request, &seen, ret))
		return;
	ret->type = "text/event-stream";
	ret->cache = "no-cache";
	switch (feed_watch(site->feed, seen, &ret->stream)) {
	case 0: break;
	case -EBUSY: response_error(ret, 503, "too many pages watch already"); return;
	default: response_error(ret, 503, "no memory for another stream"); return;
	}
	r = guard_stream(site->accounts, request->who, &ret->stream);
	if (r < 0) {
		ret->stream.close(ret->stream.arg);
		ret->stream = (struct stream){0};
		response_error(ret, r == -EBUSY ? 429 : 503,
			r == -EBUSY ? "this account watches with too many pages already"
				    : "no memory for another stream");
	}
}
