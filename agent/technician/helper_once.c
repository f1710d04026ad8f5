/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/technician/helper_once.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "agent/errands/http_sample.h"
#include "agent/errands/speed_test.h"
#include "agent/settings/settings.h"
#include "proto/names.h"

static const uint8_t no_boot[BOOT_BYTES];

struct once {
	const char *url;
	FILE *out;
	bool good;
};

/* ---- in plain words */

static void print_ms(FILE *out, const char *what, uint32_t us)
{
	if (us)
		fprintf(out, ", %s %u.%u ms", what, us / 1000, us / 100 % 10);
}

static void print_detail(FILE *out, const struct sample_detail *detail)
{
	if (*detail->text)
		fprintf(out, "  %s\n", detail->text);
}

static void on_page(void *arg, const struct http *http, const struct sample_detail *detail)
{
	struct once *once = arg;

	once->good = http->outcome == HTTP_DONE;
	fprintf(once->out, "http %s", http_outcome_name(http->outcome));
	if (http->status)
		fprintf(once->out, " %u", http->status);
	print_ms(once->out, "in", http->total_us);
	print_ms(once->out, "name", http->name_us);
	print_ms(once->out, "connection", http->connect_us);
	print_ms(once->out, "TLS", http->tls_us);
	print_ms(once->out, "first byte", http->first_byte_us);
	fprintf(once->out, ": %s\n", once->url);
	print_detail(once->out, detail);
}

static void print_rate(FILE *out, const char *way, const struct speed_run *run)
{
	if (run->bytes)
		fprintf(out, ", %u.%02u Mbit/s %s", run->kbps / 1000, run->kbps / 10 % 100, way);
}

static void print_run(FILE *out, const char *way, const struct speed_run *run, bool converged)
{
	if (run->bytes)
		fprintf(out, "  %s: %llu bytes in %u ms%s, %u sent again\n", way,
			(unsigned long long)run->bytes, run->duration_ms,
			converged ? "" : ", never steady", run->retransmissions);
}

static void on_speed(void *arg, const struct speed *speed, const struct sample_detail *detail)
{
	struct once *once = arg;

	once->good = speed->outcome == SPEED_DONE;
	fprintf(once->out, "speed %s", speed_outcome_name(speed->outcome));
	if (speed->reason)
		fprintf(once->out, " (%s)", speed_reason_name(speed->reason));
	print_rate(once->out, "down", &speed->down);
	print_rate(once->out, "up", &speed->up);
	fprintf(once->out, ": %s\n", speed->server);
	print_run(once->out, "down", &speed->down, detail->down_converged);
	print_run(once->out, "up", &speed->up, detail->up_converged);
	print_detail(once->out, detail);
}

/* ---- asking */

static int start_page(const struct settings *settings, uv_loop_t *loop, struct once *once)
{
	const struct http_sample_settings sample = {
		.loop = loop,
		.helper = settings->helper,
		.url = once->url,
		.expect = settings->http.expect,
		.boot = no_boot,
		.wan = "",
	};
	struct http_sample *started;

	return http_sample_start(&sample, on_page, once, &started);
}

static int start_speed(const struct settings *settings, uv_loop_t *loop, struct once *once)
{
	const struct speed_test_settings test = {
		.loop = loop,
		.helper = settings->helper,
		.server = once->url,
		.down_bytes = settings->speed.down_bytes,
		.up_bytes = settings->speed.up_bytes,
		.boot = no_boot,
		.wan = "",
	};
	struct speed_test *started;

	return speed_test_start(&test, on_speed, once, &started);
}

bool helper_once_knows(const char *kind)
{
	return strcmp(kind, "http") == 0 || strcmp(kind, "speed") == 0;
}

static int run(const struct settings *settings, const struct probe_order *order, struct once *once,
	struct err *err)
{
	uv_loop_t loop;
	int status = uv_loop_init(&loop);

	if (status < 0)
		return err_errno(err, status, "event loop");
	status = strcmp(order->kind, "http") == 0 ? start_page(settings, &loop, once)
						  : start_speed(settings, &loop, once);
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_loop_close(&loop);
	return status < 0 ? err_errno(err, status, "%s", settings->helper) : 0;
}

int helper_once(const struct probe_order *order, FILE *out, struct err *err)
{
	struct once once = {.url = order->target, .out = out};
	struct settings settings;
	int status = access(order->config, R_OK) == 0 ? settings_load(&settings, order->config, err)
						      : settings_default(&settings, err);

	if (status < 0)
		return status;
	status = run(&settings, order, &once, err);
	settings_done(&settings);
	if (status < 0)
		return status;
	return once.good ? 0 : -ETIMEDOUT;
}
