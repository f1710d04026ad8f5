/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/errands/speed_test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/errands/echo_series.h"
#include "agent/errands/helper.h"
#include "common/clock.h"

#define LIMIT_MS 45000 /* both ways at their longest, and the server's count */
#define LIMIT_MIN_MS 1000 /* of the helper, whatever a lease says */
#define IDLE_MS 1300 /* five echoes, and time for the last one's answer */
#define PACE_MS 200
#define NUMBER_BYTES 24

struct speed_test {
	struct speed_test_settings settings;
	void (*done)(void *arg, const struct speed *speed, const struct sample_detail *detail);
	void *arg;
	struct helper *helper; /* NULL: not started yet */
	struct echo_series *echoes; /* NULL: none are asked */
	uv_timer_t timer; /* of the idle echoes */
	struct speed speed;
	bool told;
};

/* ---- the record */

static void copy_host(const char *url, char ret_host[SPEED_SERVER_MAX + 1])
{
	const char *begin = strstr(url, "://");
	size_t length;

	begin = begin ? begin + 3 : url;
	length = strcspn(begin, "/?#");
	snprintf(ret_host, SPEED_SERVER_MAX + 1, "%.*s", (int)length, begin);
}

static void fill_record(const struct speed_test_settings *settings, struct speed *ret_speed)
{
	*ret_speed = (struct speed){.start_us = clock_boot_us()};
	memcpy(ret_speed->boot, settings->boot, BOOT_BYTES);
	snprintf(ret_speed->wan, sizeof(ret_speed->wan), "%s", settings->wan);
	copy_host(settings->server, ret_speed->server);
}

void speed_test_skipped(const struct speed_test_settings *settings, enum speed_reason reason,
	struct speed *ret_speed)
{
	fill_record(settings, ret_speed);
	ret_speed->outcome = SPEED_SKIPPED;
	ret_speed->reason = (uint8_t)reason;
}

/* ---- ending */

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void close_test(struct speed_test *test)
{
	echo_series_close(test->echoes);
	uv_close((uv_handle_t *)&test->timer, on_closed);
}

static void finish(struct speed_test *test, const struct sample_detail *detail)
{
	test->done(test->arg, &test->speed, detail);
	close_test(test);
}

static void on_text(void *arg, const char *text, size_t length, int status)
{
	struct speed_test *test = arg;
	struct sample_detail detail = {0};
	int read = sample_text_speed(text, length, &test->speed, &detail);

	test->helper = NULL;
	test->told = read >= 0;
	if (read < 0) {
		test->speed.outcome = SPEED_FAILED;
		test->speed.reason = status == -ETIMEDOUT ? SPEED_REASON_TIMEOUT
							  : SPEED_REASON_OTHER;
	}
	if (test->echoes)
		test->speed.rtt_loaded_us = echo_series_median_us(test->echoes);
	finish(test, &detail);
}

bool speed_test_is_told(const struct speed_test *test)
{
	return test->told;
}

/* ---- the test */

/* The echoes before it are part of the lease's time, and so is what the helper is given to say its
 * last words. */
static unsigned limit_ms(const struct speed_test_settings *settings)
{
	uint64_t lease_ms = (uint64_t)settings->lease_s * 1000;
	unsigned aside_ms = IDLE_MS + HELPER_MARGIN_MS;

	if (!lease_ms || lease_ms >= LIMIT_MS + aside_ms)
		return LIMIT_MS;
	return lease_ms > LIMIT_MIN_MS + aside_ms ? (unsigned)lease_ms - aside_ms : LIMIT_MIN_MS;
}

static int start_helper(struct speed_test *test)
{
	const struct speed_test_settings *settings = &test->settings;
	char limit[NUMBER_BYTES], down[NUMBER_BYTES], up[NUMBER_BYTES];
	const char *words[HELPER_WORDS_MAX] = {
		"speed", "--limit-ms", limit, "--down-bytes", down, "--up-bytes", up};
	const struct helper_settings helper = {.loop = settings->loop,
		.program = settings->helper,
		.words = words,
		.limit_ms = limit_ms(settings)};
	size_t count = 7;

	snprintf(limit, sizeof(limit), "%u", helper.limit_ms);
	snprintf(down, sizeof(down), "%lld", settings->down_bytes);
	snprintf(up, sizeof(up), "%lld", settings->up_bytes);
	if (settings->interface) {
		words[count++] = "--interface";
		words[count++] = settings->interface;
	}
	if (settings->public_only)
		words[count++] = "--public-only";
	words[count++] = "--"; /* a URL is no option, whatever it begins with */
	words[count++] = settings->server;
	return helper_start(&helper, on_text, test, &test->helper);
}

static void on_idle_over(uv_timer_t *timer)
{
	const struct sample_detail none = {0};
	struct speed_test *test = timer->data;

	test->speed.start_us = clock_boot_us();
	if (start_helper(test) < 0) {
		test->told = true;
		test->speed.outcome = SPEED_FAILED;
		test->speed.reason = SPEED_REASON_OTHER;
		finish(test, &none);
		return;
	}
	if (!test->echoes)
		return;
	test->speed.rtt_idle_us = echo_series_median_us(test->echoes);
	echo_series_begin(test->echoes, PACE_MS);
}

int speed_test_start(const struct speed_test_settings *settings,
	void (*done)(void *arg, const struct speed *speed, const struct sample_detail *detail),
	void *arg, struct speed_test **ret_test)
{
	struct speed_test *test;

	if (!helper_is_there(settings->helper))
		return -ENOENT;
	test = calloc(1, sizeof(*test));
	if (!test)
		return -ENOMEM;
	test->settings = *settings;
	test->done = done;
	test->arg = arg;
	fill_record(settings, &test->speed);
	uv_timer_init(settings->loop, &test->timer);
	test->timer.data = test;
	if (settings->probers && settings->echo.target.address.length)
		test->echoes = echo_series_new(settings->loop, settings->probers, &settings->echo);
	if (test->echoes)
		echo_series_begin(test->echoes, PACE_MS);
	uv_timer_start(&test->timer, on_idle_over, test->echoes ? IDLE_MS : 0, 0);
	*ret_test = test;
	return 0;
}

void speed_test_cancel(struct speed_test *test)
{
	if (!test)
		return;
	helper_cancel(test->helper);
	close_test(test);
}
