/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/probe/count.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/fetch.h"
#include "common/clock.h"

#define ANSWER_BYTES 512 /* four lines */
#define LIMIT_US 5000000 /* the link was just loaded */
#define TRIES 3
#define WAIT_MS 500
#define WAITING_BYTES 4096

struct answer {
	char text[ANSWER_BYTES];
	size_t length;
};

static bool on_content(void *arg, const void *bytes, size_t length)
{
	struct answer *answer = arg;

	if (length >= sizeof(answer->text) - answer->length)
		return false;
	memcpy(answer->text + answer->length, bytes, length);
	answer->length += length;
	return true;
}

static uint64_t number_of(const char *text, const char *key)
{
	const char *at = strstr(text, key);

	return at ? strtoull(at + strlen(key), NULL, 10) : 0;
}

static int read_answer(const struct answer *answer, struct count *ret_count)
{
	if (!strstr(answer->text, "bytes="))
		return -ENOENT;
	*ret_count = (struct count){
		.bytes = number_of(answer->text, "bytes="),
		.duration_us = number_of(answer->text, "duration_us="),
		.rtt_us = (uint32_t)number_of(answer->text, "rtt_us="),
		.retransmissions = (uint32_t)number_of(answer->text, "retransmissions="),
	};
	return 0;
}

static int ask_once(const struct count_request *request, struct count *ret_count)
{
	struct answer answer = {0};
	struct reach reach = *request->reach;
	struct reach_way way = *request->way;
	struct fetch_request ask = {.url = request->url,
		.ca = request->ca,
		.reach = &reach,
		.limit_us = LIMIT_US,
		.buffer_bytes = WAITING_BYTES,
		.arg = &answer,
		.content = on_content};
	uint64_t end_us = clock_boot_us() + LIMIT_US;
	struct fetch_result result;
	struct fetch *fetch;

	way.received_bytes = WAITING_BYTES;
	way.end_us = way.end_us < end_us ? way.end_us : end_us;
	if (reach_again(&way, &reach, NULL) != REACH_DONE)
		return -EHOSTUNREACH;
	fetch = fetch_new(&ask);
	if (!fetch)
		return -ENOMEM;
	while (fetch_step(fetch, WAIT_MS))
		;
	fetch_result(fetch, &result);
	fetch_free(fetch);
	if (result.end != FETCH_DONE)
		return -EIO;
	return result.status == 200 ? read_answer(&answer, ret_count) : -ENOENT;
}

int count_ask(const struct count_request *request, struct count *ret_count)
{
	int status = ask_once(request, ret_count);

	for (int i = 1; i < TRIES && status == 0 && ret_count->bytes < request->wanted_bytes; i++) {
		uint64_t before = ret_count->bytes;

		poll(NULL, 0, WAIT_MS);
		status = ask_once(request, ret_count);
		if (status == 0 && ret_count->bytes == before)
			break;
	}
	return status;
}
