/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/errands/http.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/errands/http_sample.h"
#include "agent/errands/missing.h"
#include "agent/errands/pauses.h"
#include "common/log.h"

struct http_errand {
	const struct errand_context *context;
	uv_timer_t timer;
	struct http_sample *sample; /* NULL: none is under way */
	size_t turn; /* which WAN */
	struct missing missing;
};

static void begin(struct http_errand *errand);

static void tell(struct http_errand *errand, const struct http *http)
{
	struct record *record = calloc(1, sizeof(*record));

	if (!record)
		return; /* a sample is lost, not the agent */
	record->kind = RECORD_HTTP;
	record->http = *http;
	errand->context->record(errand->context->arg, record);
	free(record);
}

/* The next WAN, or the next time. */
static void go_on(struct http_errand *errand)
{
	errand->turn++;
	if (errand->turn < errand->context->wan_count) {
		begin(errand);
		return;
	}
	errand->turn = 0;
	uv_timer_start(&errand->timer, errand->timer.timer_cb,
		pauses_next_ms(errand->context->settings->http.interval_s), 0);
}

static void on_sample(void *arg, const struct http *http, const struct sample_detail *detail)
{
	struct http_errand *errand = arg;

	errand->sample = NULL;
	tell(errand, http);
	go_on(errand);
}

static void begin(struct http_errand *errand)
{
	const struct errand_context *context = errand->context;
	const struct errand_wan *wan = &context->wans[errand->turn];
	const struct http_sample_settings settings = {
		.loop = context->loop,
		.helper = context->settings->helper,
		.url = context->settings->http.url,
		.expect = context->settings->http.expect,
		.interface = wan_interface_name(wan->wan),
		.public_only = context->settings->http.public_only,
		.boot = context->boot,
		.wan = wan->name,
	};
	int status = http_sample_start(&settings, on_sample, errand, &errand->sample);
	struct http http;

	if (status == 0)
		return;
	if (missing_is_news(&errand->missing, errand->turn)) {
		log_warn("http: %s cannot be started: %s", settings.helper, strerror(-status));
		http_sample_missing(&settings, &http);
		tell(errand, &http);
	}
	go_on(errand);
}

static void on_timer(uv_timer_t *timer)
{
	begin(timer->data);
}

static int http_open(const struct errand_context *context, void **ret_errand, struct err *err)
{
	struct http_errand *errand;

	if (!*context->settings->http.url || !context->wan_count)
		return 0;
	errand = calloc(1, sizeof(*errand));
	if (!errand)
		return err_errno(err, -ENOMEM, "HTTP");
	errand->context = context;
	uv_timer_init(context->loop, &errand->timer);
	errand->timer.data = errand;
	uv_timer_start(
		&errand->timer, on_timer, pauses_first_ms(context->settings->http.interval_s), 0);
	*ret_errand = errand;
	return 0;
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void http_close(void *arg)
{
	struct http_errand *errand = arg;

	http_sample_cancel(errand->sample);
	uv_close((uv_handle_t *)&errand->timer, on_closed);
}

const struct errand_type errand_http = {
	.name = "http",
	.open = http_open,
	.close = http_close,
};
