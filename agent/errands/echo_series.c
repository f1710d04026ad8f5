/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/errands/echo_series.h"

#include <stdlib.h>

#define SERIES_MAX 256 /* a test takes no longer than 50 s of them */

struct echo_series {
	const struct probers *probers;
	struct probe_request request;
	uv_timer_t timer;
	size_t count;
	uint32_t rtts_us[SERIES_MAX];
};

static void on_done(void *arg, const struct answer *answer)
{
	struct echo_series *echoes = arg;

	if (answer->outcome == OUTCOME_ANSWERED && echoes->count < SERIES_MAX)
		echoes->rtts_us[echoes->count++] = answer->rtt_us;
}

static void on_timer(uv_timer_t *timer)
{
	struct echo_series *echoes = timer->data;

	probers_ask(echoes->probers, PROBE_ICMP, &echoes->request);
}

struct echo_series *echo_series_new(
	uv_loop_t *loop, const struct probers *probers, const struct probe_request *whom)
{
	struct echo_series *echoes = calloc(1, sizeof(*echoes));

	if (!echoes)
		return NULL;
	echoes->probers = probers;
	echoes->request = *whom;
	echoes->request.done = on_done;
	echoes->request.arg = echoes;
	uv_timer_init(loop, &echoes->timer);
	echoes->timer.data = echoes;
	return echoes;
}

void echo_series_begin(struct echo_series *echoes, unsigned pace_ms)
{
	probers_forget(echoes->probers, echoes);
	echoes->count = 0;
	uv_timer_start(&echoes->timer, on_timer, 0, pace_ms);
}

void echo_series_end(struct echo_series *echoes)
{
	uv_timer_stop(&echoes->timer);
	probers_forget(echoes->probers, echoes);
}

static int compare(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

uint32_t echo_series_median_us(const struct echo_series *echoes)
{
	uint32_t sorted[SERIES_MAX];

	if (!echoes->count)
		return 0;
	for (size_t i = 0; i < echoes->count; i++)
		sorted[i] = echoes->rtts_us[i];
	qsort(sorted, echoes->count, sizeof(*sorted), compare);
	return sorted[(echoes->count - 1) / 2];
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void echo_series_close(struct echo_series *echoes)
{
	if (!echoes)
		return;
	echo_series_end(echoes);
	uv_close((uv_handle_t *)&echoes->timer, on_closed);
}
