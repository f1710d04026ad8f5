/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/ceilings.h"

#include <errno.h>
#include <stddef.h>

#include "agent/core/budget.h"

#define DAY_S 86400
#define PACKET_BYTES 84 /* IPv6, ICMP and its payload, on Ethernet */
#define TCP_PACKETS 3 /* a SYN, again after a second and after two more */
#define SLOT_BYTES 2048 /* a slot of lost rounds in its report, with TLS and TCP, and the ACK */
#define DNS_BYTES 1200 /* a question and an answer, for a name that is there and one that is not */
#define STAMP_BYTES 300 /* 112 bytes of payload each way */
/* The helper looks up after 96 KiB of what a server sends that never ends; up to as much is read
 * before it looks, 32 KiB wait in its socket, and each packet has its headers
 * (tests/system/test_probe.py). */
#define HTTP_BYTES (320 * 1024)
#define MB 1000000

static uint64_t a_day(uint64_t every_s)
{
	return every_s ? (DAY_S + every_s - 1) / every_s : 0;
}

struct ceilings_day ceilings_reckon(const struct ceilings_load *load)
{
	struct ceilings_day day = {.rounds = 0};
	uint64_t rounds = a_day(load->round_s), packets = 0, wans = 0;

	for (size_t i = 0; i < CEILING_WANS; i++) {
		unsigned asked = load->wans[i].addresses + load->wans[i].tcp * TCP_PACKETS;

		packets += asked;
		wans += asked > 0;
		day.rounds += rounds * asked * 2 * PACKET_BYTES;
		day.reports += asked ? a_day(load->slot_s) * SLOT_BYTES : 0;
	}
	if (load->round_s)
		day.packets_s = (packets + load->round_s - 1) / load->round_s;
	day.asked = wans *
		(a_day(load->dns_s) * load->resolvers * DNS_BYTES +
			a_day(load->stamp_s) * STAMP_BYTES + a_day(load->http_s) * HTTP_BYTES);
	day.speed = wans * a_day(load->speed_s) * budget_most(load->speed_bytes);
	if (day.speed > load->month_bytes)
		day.speed = load->month_bytes;
	return day;
}

static uint64_t total(const struct ceilings_day *day)
{
	return day->rounds + day->reports + day->asked + day->speed;
}

static unsigned long long mb(uint64_t bytes)
{
	return (bytes + MB - 1) / MB;
}

int ceilings_check(
	const struct ceilings_load *load, const struct ceilings_load *own, struct err *err)
{
	struct ceilings_day day = ceilings_reckon(load), before = {.rounds = 0};
	uint64_t most_bytes = own ? CEILING_AFAR_DAY_BYTES : CEILING_OWN_DAY_BYTES;
	uint64_t most_packets = own ? CEILING_AFAR_PACKETS_S : CEILING_OWN_PACKETS_S;

	if (own)
		before = ceilings_reckon(own);
	if (day.packets_s > most_packets && day.packets_s > before.packets_s)
		return err_set(err, -EDQUOT, "up to %llu packets a second: at most %llu",
			(unsigned long long)day.packets_s, (unsigned long long)most_packets);
	if (total(&day) > most_bytes && total(&day) > total(&before))
		return err_set(err, -EDQUOT,
			"up to %llu MB a day (speed tests %llu, rounds %llu): at most %llu",
			mb(total(&day)), mb(day.speed), mb(day.rounds), mb(most_bytes));
	return 0;
}
