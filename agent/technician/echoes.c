/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/technician/echoes.h"

#include <stdlib.h>
#include <uv.h>

struct series {
	const struct echoes_order *order;
	uv_loop_t loop;
	uv_timer_t timer;
	void *prober;
	unsigned asked, told;
	struct echoes echoes;
	uint32_t rtts[ECHOES_MAX];
};

static void close_if_over(struct series *series)
{
	if (series->told < series->order->count)
		return;
	uv_close((uv_handle_t *)&series->timer, NULL);
	series->order->type->close(series->prober);
}

static void on_answer(void *arg, const struct answer *answer)
{
	struct series *series = arg;

	series->told++;
	if (answer->outcome == OUTCOME_ANSWERED)
		series->rtts[series->echoes.answered++] = answer->rtt_us;
	close_if_over(series);
}

static enum refusal ask(struct series *series)
{
	const struct echoes_order *order = series->order;
	struct probe_request request = {.secret = order->secret, .done = on_answer, .arg = series};
	const struct target *target = &order->targets[series->asked % order->target_count];
	struct wan_way way = {0};
	enum refusal refusal = REFUSAL_ROUTE;

	if (wan_map(order->wan, target, &request.target))
		refusal = wan_way(order->wan, &request.target.address, &way);
	request.interface = way.interface;
	request.source = way.source;
	return refusal == REFUSAL_NONE ? order->type->ask(series->prober, &request) : refusal;
}

static void on_timer(uv_timer_t *timer)
{
	struct series *series = timer->data;
	enum refusal refusal = ask(series);

	if (++series->asked == series->order->count)
		uv_timer_stop(timer);
	series->echoes.sent++;
	if (refusal == REFUSAL_NONE)
		return;
	series->echoes.refusal = refusal;
	series->told++;
	close_if_over(series);
}

static int compare(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

int echoes_run(const struct echoes_order *order, struct echoes *ret_echoes, struct err *err)
{
	struct series series = {.order = order};
	int status = uv_loop_init(&series.loop);

	if (status < 0)
		return err_errno(err, status, "event loop");
	status = order->type->open(&series.loop, &series.prober, err);
	if (status < 0)
		goto close_loop;
	uv_timer_init(&series.loop, &series.timer);
	series.timer.data = &series;
	uv_timer_start(&series.timer, on_timer, 0, order->every_ms);
	uv_run(&series.loop, UV_RUN_DEFAULT);
	qsort(series.rtts, series.echoes.answered, sizeof(series.rtts[0]), compare);
	if (series.echoes.answered)
		series.echoes.median_us = series.rtts[(series.echoes.answered - 1) / 2];
	*ret_echoes = series.echoes;
close_loop:
	uv_run(&series.loop, UV_RUN_DEFAULT);
	uv_loop_close(&series.loop);
	return status;
}
