/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/enquiry.h"

#include <errno.h>
#include <stdlib.h>

#include "collector/status_socket.h"
#include "common/civil.h"
#include "common/digits.h"
#include "common/json.h"

#define ANSWER_LIMIT 4096 /* four members */

struct enquiry {
	struct enquiry_sources sources;
	struct status_socket *socket;
};

static void write_answer(struct json *json, const struct enquiry_sources *sources, uint32_t agent)
{
	struct backlog_word word;
	char greeted[CIVIL_TIME_BYTES];
	bool known = catch_up_is_done(sources->catch_up) &&
		backlog_tell(sources->backlog, agent, sources->progress, &word);

	json_object(json, NULL);
	json_number(json, "agent", agent);
	json_bool(json, "connected", hub_find(sources->hub, agent) != NULL);
	if (known) {
		civil_format(word.greeted_s, greeted);
		json_text(json, "greeted", greeted);
		json_number(json, "waiting", (int64_t)word.waiting);
	} else {
		json_null(json, "greeted");
		json_null(json, "waiting");
	}
	json_object_end(json);
}

static int reply(void *arg, const char *question, struct buf *out)
{
	const struct enquiry *enquiry = arg;
	struct json json;
	int64_t agent;
	int r = digits_parse(question, UINT32_MAX, &agent);

	if (r < 0)
		return r;
	json_init(&json, out);
	write_answer(&json, &enquiry->sources, (uint32_t)agent);
	r = json_end(&json);
	return r < 0 ? r : buf_append(out, "\n", 1);
}

int enquiry_new(uv_loop_t *loop, const char *state, const struct enquiry_sources *sources,
	struct enquiry **ret_enquiry, struct err *err)
{
	struct enquiry *enquiry = calloc(1, sizeof(*enquiry));
	const struct status_socket_options options = {
		.state = state,
		.name = ENQUIRY_SOCKET,
		.answer_max = ANSWER_LIMIT,
		.reply = reply,
		.arg = enquiry,
	};
	int r;

	if (!enquiry)
		return err_set(err, -ENOMEM, "out of memory");
	enquiry->sources = *sources;
	r = status_socket_new(loop, &options, &enquiry->socket, err);
	if (r < 0) {
		free(enquiry);
		return r;
	}
	*ret_enquiry = enquiry;
	return 0;
}

void enquiry_close(struct enquiry *enquiry)
{
	if (!enquiry)
		return;
	status_socket_close(enquiry->socket);
	free(enquiry);
}
