/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/technician/commission_samples.h"

#include <errno.h>
#include <string.h>

#include "agent/errands/dns.h"
#include "agent/errands/http_sample.h"
#include "agent/errands/speed_test.h"
#include "agent/probes/dns_lookup.h"
#include "proto/names.h"

static const uint8_t no_boot[BOOT_BYTES];

struct samples {
	const struct commission_order *order;
	const struct wan *wan;
	struct certificate *certificate;
	uv_loop_t loop;
	enum dns_question question; /* being asked */
	bool failed;
};

static const char *tenths(uint32_t thousandths, char text[16])
{
	snprintf(text, 16, "%u.%u", thousandths / 1000, thousandths / 100 % 10);
	return text;
}

static void say_failed(struct samples *samples, const char *label, const char *why)
{
	samples->failed = true;
	certificate_say(
		samples->certificate, label, WORD_CERTIFICATE_FAILED, (const char *[4]){why});
}

/* ---- a resolver: a name that exists, and one that does not */

static void on_name(void *arg, const struct dns_lookup_result *result)
{
	struct samples *samples = arg;
	bool absent = samples->question == DNS_ABSENT;
	enum dns_outcome outcome = dns_judge(samples->question, result->reply.outcome);
	bool good = outcome == DNS_ANSWERED ||
		(absent && (outcome == DNS_NXDOMAIN || outcome == DNS_EMPTY));
	char ms[16];

	certificate_keep(samples->certificate, absent ? "dns_absent" : "dns",
		dns_outcome_name((uint8_t)outcome));
	if (!good)
		say_failed(samples, "dns", dns_outcome_name((uint8_t)outcome));
	else if (!absent)
		certificate_say(samples->certificate, "dns", WORD_CERTIFICATE_ANSWERED,
			(const char *[4]){tenths(result->rtt_us, ms)});
	if (good && !absent)
		certificate_keep_number(samples->certificate, "dns_us", result->rtt_us);
}

static void ask_name(struct samples *samples, enum dns_question question, const char *name)
{
	struct dns_lookup_request request = {
		.type = DNS_TYPE_A, .name = name, .done = on_name, .arg = samples};
	struct address resolvers[RESOLVERS_MAX];
	struct dns_lookup *lookup;
	struct wan_way way = {0};
	int status;

	samples->question = question;
	wan_resolvers(samples->wan, resolvers);
	request.resolver = resolvers[0];
	wan_way(samples->wan, &request.resolver, &way);
	request.interface = way.interface;
	request.source = way.source;
	status = dns_lookup_start(&samples->loop, &request, &lookup);
	if (status < 0)
		say_failed(samples, "dns", strerror(-status));
	uv_run(&samples->loop, UV_RUN_DEFAULT);
}

static void ask_resolver(struct samples *samples)
{
	const char *name = samples->order->settings->dns.name;
	struct address resolvers[RESOLVERS_MAX];
	char absent[DNS_ABSENT_BYTES];

	if (strcmp(samples->order->settings->dns.resolvers, "off") == 0 ||
		!wan_resolvers(samples->wan, resolvers) || dns_draw_absent(name, absent) < 0)
		return;
	ask_name(samples, DNS_PRESENT, name);
	ask_name(samples, DNS_ABSENT, absent);
}

/* ---- a page */

static void on_page(void *arg, const struct http *http, const struct sample_detail *detail)
{
	struct samples *samples = arg;
	char ms[16];

	certificate_keep(samples->certificate, "http", http_outcome_name(http->outcome));
	if (http->outcome != HTTP_DONE) {
		say_failed(samples, "http", http_outcome_name(http->outcome));
		return;
	}
	certificate_say(samples->certificate, "http", WORD_CERTIFICATE_ANSWERED,
		(const char *[4]){tenths(http->total_us, ms)});
	certificate_keep_number(samples->certificate, "http_us", http->total_us);
}

static void fetch_page(struct samples *samples)
{
	const struct settings *settings = samples->order->settings;
	const struct http_sample_settings sample = {
		.loop = &samples->loop,
		.helper = settings->helper,
		.url = settings->http.url,
		.expect = settings->http.expect,
		.interface = wan_interface_name(samples->wan),
		.boot = no_boot,
		.wan = "",
	};
	struct http_sample *started;
	int status;

	if (!*settings->http.url)
		return;
	status = http_sample_start(&sample, on_page, samples, &started);
	if (status < 0)
		say_failed(samples, "http", strerror(-status));
	uv_run(&samples->loop, UV_RUN_DEFAULT);
}

/* ---- a speed test */

static void on_speed(void *arg, const struct speed *speed, const struct sample_detail *detail)
{
	struct samples *samples = arg;
	const char *label = words_text(samples->order->language, WORD_LABEL_SPEED);
	char down[16], up[16];

	certificate_keep(samples->certificate, "speed",
		speed->outcome == SPEED_DONE ? "done" : speed_reason_name(speed->reason));
	if (speed->outcome != SPEED_DONE) {
		say_failed(samples, label, speed_reason_name(speed->reason));
		return;
	}
	certificate_say(samples->certificate, label, WORD_CERTIFICATE_SPEED,
		(const char *[4]){tenths(speed->down.kbps, down), tenths(speed->up.kbps, up)});
	certificate_keep_number(samples->certificate, "down_kbps", speed->down.kbps);
	certificate_keep_number(samples->certificate, "up_kbps", speed->up.kbps);
}

static void test_speed(struct samples *samples)
{
	const struct settings *settings = samples->order->settings;
	const struct speed_test_settings test = {
		.loop = &samples->loop,
		.helper = settings->helper,
		.server = settings->speed.server,
		.down_bytes = settings->speed.down_bytes,
		.up_bytes = settings->speed.up_bytes,
		.interface = wan_interface_name(samples->wan),
		.boot = no_boot,
		.wan = "",
	};
	struct speed_test *started;
	int status;

	if (!*settings->speed.server)
		return;
	status = speed_test_start(&test, on_speed, samples, &started);
	if (status < 0)
		say_failed(samples, words_text(samples->order->language, WORD_LABEL_SPEED),
			strerror(-status));
	uv_run(&samples->loop, UV_RUN_DEFAULT);
}

bool commission_sample(const struct commission_order *order, const struct wan *wan,
	struct certificate *certificate)
{
	struct samples samples = {.order = order, .wan = wan, .certificate = certificate};

	if (uv_loop_init(&samples.loop) < 0)
		return false;
	ask_resolver(&samples);
	fetch_page(&samples);
	test_speed(&samples);
	uv_loop_close(&samples.loop);
	return !samples.failed;
}
