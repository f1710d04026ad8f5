/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "tests/sim/fail.h"
#include "tests/sim/router_private.h"

struct wan_reading router_read_wan(struct router *router)
{
	struct wan_reading reading = {
		.interface = 2,
		.carrier = router->weather->carrier ? CARRIER_UP : CARRIER_DOWN,
		.gateway = router->weather->gateway ? NEIGHBOUR_RESOLVED : NEIGHBOUR_FAILED,
		.address = {.length = 4, .bytes = {10, 0, 0, 2}},
	};

	router->bytes += draw_between(router->draw, 0, 100000);
	reading.rx_bytes = reading.tx_bytes = router->bytes;
	return reading;
}

static bool answers(const struct router *router, const struct target *target)
{
	const struct weather *weather = router->weather;

	switch (target->class) {
	case CLASS_GATEWAY: return weather->gateway;
	case CLASS_EDGE: return weather->edge;
	case CLASS_PROVIDER: return weather->provider;
	case CLASS_INTERNET: return weather->internet;
	}
	return false;
}

void router_ask(struct router *router, const struct question *question, uint64_t now_us)
{
	struct pending *pending = &router->answers[router->answer_count];
	struct answer *answer = &pending->answer;

	*answer = (struct answer){.sent_us = router_mono(router, now_us)};
	if (!router->weather->carrier) {
		answer->outcome = OUTCOME_REFUSED;
		answer->refusal = REFUSAL_CARRIER;
		watch_heard(router->watch, question, answer);
		return;
	}
	if (router->answer_count == ROUTER_ANSWERS_MAX)
		sim_fail(router->draw->seed, "too many questions under way");
	router->answer_count++;
	pending->question = *question;
	if (answers(router, &question->target) &&
		!draw_chance(router->draw, router->weather->loss_percent)) {
		answer->outcome = OUTCOME_ANSWERED;
		answer->rtt_us = (uint32_t)draw_between(router->draw, 18000, 90000);
		pending->due_us = now_us + answer->rtt_us;
	} else {
		answer->outcome = OUTCOME_LOST;
		pending->due_us = now_us + RTT_MAX_US;
	}
}

void router_hear_answers(struct router *router, uint64_t now_us)
{
	size_t i = 0;

	while (i < router->answer_count) {
		struct pending *pending = &router->answers[i];

		if (pending->due_us > now_us) {
			i++;
			continue;
		}
		watch_heard(router->watch, &pending->question, &pending->answer);
		*pending = router->answers[--router->answer_count];
	}
}

void router_set_targets(struct router *router)
{
	struct target targets[8];
	size_t i;

	memset(targets, 0, sizeof(targets));
	for (i = 0; i < 8; i++) {
		targets[i].class = i < 3 ? (enum target_class)(CLASS_GATEWAY + i) : CLASS_INTERNET;
		targets[i].address.length = 4;
		targets[i].address.bytes[0] = 192;
		targets[i].address.bytes[3] = (uint8_t)i;
	}
	targets[7].port = 443;
	watch_set_targets(router->watch, targets, 8);
}
