/* SPDX-License-Identifier: Apache-2.0 */
#include "swarm/invent.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "swarm/chance.h"

#define DAY_S 86400
#define BUSIEST_H 20 /* local time */
#define BUSY_H 2.2 /* how far from it the evening reaches */
#define GATEWAY_US 700
#define WEATHER_US 15000000LL /* a satellite is changed so often */
#define PACKET_BYTES 900
#define KBPS_DOWN 20000 /* without a contract */
#define KBPS_UP 5000

static double hour_of(const struct invent *invent, int64_t utc_us)
{
	int64_t local_s = utc_us / 1000000 + invent->scenario->zone_s;

	return (double)((local_s % DAY_S + DAY_S) % DAY_S) / 3600;
}

/* 0 at night, 1 at the busiest hour. */
static double evening(const struct invent *invent, int64_t utc_us)
{
	double apart = (hour_of(invent, utc_us) - BUSIEST_H) / BUSY_H;

	return exp(-apart * apart);
}

static uint64_t draw(const struct invent *invent, enum chance what, int64_t utc_us, uint64_t which)
{
	return chance_draw(
		invent->scenario->seed + which, what, invent->subject->number, (uint64_t)utc_us);
}

static const struct profile *profile_of(const struct invent *invent)
{
	return &invent->scenario->profiles[invent->subject->kind];
}

/* ---- targets */

static struct target target_at(enum target_class class, const uint8_t bytes[4], uint16_t port)
{
	struct target target = {.class = class, .address.length = 4, .port = port};

	memcpy(target.address.bytes, bytes, 4);
	return target;
}

void invent_targets(const struct subject *subject, struct target ret_targets[INVENT_TARGETS])
{
	uint8_t high = (uint8_t)(subject->number >> 8), low = (uint8_t)subject->number;

	ret_targets[0] = target_at(CLASS_GATEWAY, (uint8_t[]){10, high, low, 1}, 0);
	ret_targets[1] = target_at(CLASS_EDGE, (uint8_t[]){100, 64, high, low}, 0);
	ret_targets[2] = target_at(
		CLASS_PROVIDER, (uint8_t[]){198, 18, (uint8_t)subject->kind, 53}, 0);
	/* Addresses that are nobody's: of the networks for documentation. */
	ret_targets[3] = target_at(CLASS_INTERNET, (uint8_t[]){192, 0, 2, 1}, 0);
	ret_targets[4] = target_at(CLASS_INTERNET, (uint8_t[]){198, 51, 100, 8}, 0);
	ret_targets[5] = target_at(CLASS_INTERNET, (uint8_t[]){203, 0, 113, 9}, 0);
	ret_targets[6] = target_at(CLASS_INTERNET, (uint8_t[]){203, 0, 113, 44}, 443);
}

/* ---- probes */

static enum reach reach_to(enum target_class class)
{
	switch (class) {
	case CLASS_GATEWAY: return REACH_GATEWAY;
	case CLASS_EDGE: return REACH_EDGE;
	case CLASS_PROVIDER: return REACH_PROVIDER;
	default: return REACH_ALL;
	}
}

static double loss_of(const struct invent *invent, const struct condition *condition, double busy)
{
	const struct profile *profile = profile_of(invent);

	return (profile->loss_pct + profile->evening_loss_pct * busy) / 100 +
		condition->loss_ppm / 1e6;
}

/* As far as the class of the target lies, with what the queues of the hour add. */
static double rtt_ms(const struct invent *invent, const struct condition *condition,
	const struct question *question, int64_t utc_us)
{
	static const double distance[CLASS_COUNT] = {
		[CLASS_EDGE] = 0.55, [CLASS_PROVIDER] = 0.7, [CLASS_INTERNET] = 1};
	const struct profile *profile = profile_of(invent);
	uint64_t lot = draw(invent, CHANCE_RTT, utc_us, question->target.address.bytes[3]);
	double link = chance_share(draw(invent, CHANCE_LINK, 0, 0)), busy = evening(invent, utc_us);
	double shortest = profile->rtt_ms * (0.85 + 0.4 * link) * distance[question->target.class];
	double weather = invent->subject->kind == KIND_STARLINK
		? 8 * chance_share(draw(invent, CHANCE_WEATHER, utc_us / WEATHER_US, 0))
		: 0;

	shortest += question->target.class == CLASS_INTERNET
		? question->target.address.bytes[3] / 4.0
		: 0;
	return shortest + weather - log(1 - chance_share(lot)) * profile->spread_ms +
		profile->evening_ms * busy * (0.4 + 1.2 * chance_share(chance_mix(lot))) +
		condition->rtt_ms;
}

void invent_answer(const struct invent *invent, const struct condition *condition,
	const struct question *question, int64_t utc_us, struct answer *ret_answer)
{
	uint64_t lot = draw(invent, CHANCE_LOSS, utc_us, question->target.address.bytes[3]);
	bool gateway = question->target.class == CLASS_GATEWAY;
	double us;

	ret_answer->outcome = OUTCOME_LOST;
	if (condition->reach == REACH_NOTHING) {
		ret_answer->outcome = OUTCOME_REFUSED;
		ret_answer->refusal = REFUSAL_CARRIER;
		return;
	}
	if (condition->reach < reach_to(question->target.class) ||
		(!gateway &&
			chance_share(lot) < loss_of(invent, condition, evening(invent, utc_us))))
		return;
	us = gateway ? GATEWAY_US * (0.7 + chance_share(lot))
		     : 1000 * rtt_ms(invent, condition, question, utc_us);
	if (us > RTT_MAX_US)
		return;
	ret_answer->outcome = OUTCOME_ANSWERED;
	ret_answer->rtt_us = (uint32_t)us;
}

/* ---- traffic */

static uint32_t contracted(uint32_t kbps, uint32_t otherwise)
{
	return kbps ? kbps : otherwise;
}

/* The share of the link that a village uses: little at night, most of it in the evening. */
static double used(const struct invent *invent, int64_t utc_us)
{
	double hour = hour_of(invent, utc_us), noon = exp(-pow((hour - 11.5) / 4, 2));
	double village = 0.4 + 0.8 * chance_share(draw(invent, CHANCE_LINK, 0, 1));
	double moment = 0.6 + 0.8 * chance_share(draw(invent, CHANCE_TRAFFIC, utc_us, 0));

	return fmin(0.97, (0.02 + 0.22 * noon + 0.55 * evening(invent, utc_us)) * village * moment);
}

void invent_traffic(const struct invent *invent, const struct condition *condition, int64_t from_us,
	int64_t to_us, struct wan_reading *reading)
{
	double bytes_a_kbps = (double)(to_us - from_us) / 1e6 * 1000 / 8;
	double share = used(invent, to_us), rx, tx;

	if (condition->reach < REACH_ALL || to_us <= from_us)
		return;
	rx = contracted(invent->subject->kbps_down, KBPS_DOWN) * bytes_a_kbps * share;
	tx = contracted(invent->subject->kbps_up, KBPS_UP) * bytes_a_kbps * share * 0.4;
	reading->rx_bytes += (uint64_t)rx;
	reading->tx_bytes += (uint64_t)tx;
	reading->rx_packets += (uint64_t)(rx / PACKET_BYTES);
	reading->tx_packets += (uint64_t)(tx / PACKET_BYTES * 2);
}

uint32_t invent_clients(const struct invent *invent, int64_t utc_us)
{
	return (uint32_t)(2 + 40 * used(invent, utc_us / 600000000 * 600000000));
}

/* ---- names */

static void add_dns(struct slot *slot, const struct dns *dns)
{
	if (slot->dns_count < SLOT_DNS_MAX)
		slot->dns[slot->dns_count++] = *dns;
}

void invent_dns(const struct invent *invent, const struct condition *condition, int64_t utc_us,
	struct slot *slot)
{
	struct target targets[INVENT_TARGETS];
	struct dns dns = {.question = DNS_PRESENT, .outcome = DNS_ANSWERED};

	invent_targets(invent->subject, targets);
	dns.resolver = targets[2].address;
	if (condition->reach < REACH_ALL)
		dns.outcome = DNS_TIMEOUT;
	else if (!condition->dns)
		dns.outcome = DNS_SERVFAIL;
	dns.rtt_us = dns.outcome == DNS_TIMEOUT
		? 0
		: (uint32_t)(1000 * profile_of(invent)->rtt_ms *
			  (0.8 + chance_share(draw(invent, CHANCE_SAMPLE, utc_us, 2))));
	add_dns(slot, &dns);
	dns.question = DNS_ABSENT;
	dns.offset_ms = 50;
	if (dns.outcome == DNS_ANSWERED)
		dns.outcome = DNS_NXDOMAIN;
	add_dns(slot, &dns);
}

/* ---- speed */

static struct speed_run measure(double kbps, double share, uint32_t rtt_us)
{
	struct speed_run run = {.kbps = (uint32_t)(kbps * share), .duration_ms = 4000};

	run.kbps = run.kbps ? run.kbps : 1;
	run.bytes = (uint64_t)run.kbps * 1000 / 8 * run.duration_ms / 1000;
	run.rtt_us = rtt_us;
	return run;
}

void invent_speed(const struct invent *invent, const struct condition *condition, int64_t utc_us,
	struct speed *ret_speed)
{
	const struct profile *profile = profile_of(invent);
	double busy = evening(invent, utc_us);
	uint64_t lot = draw(invent, CHANCE_SPEED, utc_us, 0);
	double share = (profile->speed_pct +
			       (profile->evening_speed_pct - profile->speed_pct) * busy) *
		condition->speed_percent / 1e4 * (0.9 + 0.12 * chance_share(lot));
	uint32_t idle_us = (uint32_t)(1000 *
		(profile->rtt_ms + profile->evening_ms * busy + condition->rtt_ms));

	ret_speed->address = (struct address){.length = 4, .bytes = {192, 0, 2, 80}};
	ret_speed->port = 8081;
	snprintf(ret_speed->server, sizeof(ret_speed->server), "192.0.2.80:8081");
	if (condition->reach < REACH_ALL) {
		ret_speed->outcome = SPEED_SKIPPED;
		ret_speed->reason = SPEED_REASON_DOWN;
		return;
	}
	ret_speed->outcome = SPEED_DONE;
	ret_speed->down = measure(
		contracted(invent->subject->kbps_down, KBPS_DOWN), share, idle_us * 2);
	ret_speed->up = measure(contracted(invent->subject->kbps_up, KBPS_UP),
		fmin(1, share * (0.97 + 0.1 * chance_share(chance_mix(lot)))), idle_us * 2);
	ret_speed->rtt_idle_us = idle_us;
	ret_speed->rtt_loaded_us = idle_us + (uint32_t)(60000 * chance_share(chance_mix(lot + 1)));
}

/* ---- pages */

void invent_http(const struct invent *invent, const struct condition *condition, int64_t utc_us,
	struct http *ret_http)
{
	double ms = profile_of(invent)->rtt_ms +
		profile_of(invent)->evening_ms * evening(invent, utc_us) + condition->rtt_ms;
	uint64_t lot = draw(invent, CHANCE_SAMPLE, utc_us, 0);

	snprintf(ret_http->url, sizeof(ret_http->url), "https://example.com/");
	ret_http->outcome = HTTP_DONE;
	if (condition->reach < REACH_ALL || !condition->dns) {
		ret_http->outcome = condition->reach < REACH_ALL ? HTTP_CONNECT : HTTP_NAME;
		return;
	}
	ret_http->status = 200;
	ret_http->address = (struct address){.length = 4, .bytes = {203, 0, 113, 44}};
	ret_http->port = 443;
	ret_http->name_us = (uint32_t)(900 * ms);
	ret_http->connect_us = (uint32_t)(1000 * ms * (1 + 0.3 * chance_share(lot)));
	ret_http->tls_us = (uint32_t)(1100 * ms * (1 + 0.3 * chance_share(chance_mix(lot))));
	ret_http->first_byte_us = (uint32_t)(1200 * ms + 20000);
	ret_http->total_us = ret_http->name_us + ret_http->connect_us + ret_http->tls_us +
		ret_http->first_byte_us + (uint32_t)(200 * ms);
	ret_http->bytes = 1256;
}
