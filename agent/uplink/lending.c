/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/uplink/lending.h"

#include <errno.h>
#include <stdlib.h>

#define OPEN_MAX 4 /* two WANs, and one more each whose answer is late */
#define ANSWER_MS 10000 /* a collector from before leases says nothing */
#define RETRY_S 60 /* without a session, or without an answer */

struct asked {
	uint32_t number; /* 0: this place is free */
	bool held; /* granted, and not given back */
	uint64_t until_ms; /* when the answer is due, while not held */
	void (*answer)(void *errand, bool granted, uint32_t seconds);
	void *errand;
};

struct lending {
	struct lending_events events;
	uv_timer_t timer;
	uint32_t next;
	struct asked asked[OPEN_MAX];
};

static struct asked *find(struct lending *lending, uint32_t number)
{
	for (size_t i = 0; i < OPEN_MAX; i++)
		if (lending->asked[i].number == number)
			return &lending->asked[i];
	return NULL;
}

/* ---- deadlines */

static void on_timer(uv_timer_t *timer);

static void wait(struct lending *lending)
{
	uint64_t now = uv_now(lending->timer.loop), next = UINT64_MAX;

	for (size_t i = 0; i < OPEN_MAX; i++) {
		const struct asked *asked = &lending->asked[i];

		if (asked->number && !asked->held && asked->until_ms < next)
			next = asked->until_ms;
	}
	if (next == UINT64_MAX)
		uv_timer_stop(&lending->timer);
	else
		uv_timer_start(&lending->timer, on_timer, next > now ? next - now : 0, 0);
}

static void refuse(struct asked *asked)
{
	struct asked copy = *asked;

	asked->number = 0;
	copy.answer(copy.errand, false, RETRY_S);
}

static void on_timer(uv_timer_t *timer)
{
	struct lending *lending = timer->data;
	uint64_t now = uv_now(timer->loop);

	for (size_t i = 0; i < OPEN_MAX; i++) {
		struct asked *asked = &lending->asked[i];

		if (asked->number && !asked->held && asked->until_ms <= now)
			refuse(asked);
	}
	wait(lending);
}

/* ---- asking */

uint32_t lending_ask(struct lending *lending, const char *wan,
	void (*answer)(void *errand, bool granted, uint32_t seconds), void *errand)
{
	struct asked *asked = find(lending, 0);
	uint32_t number = lending->next++;

	if (lending->next == 0)
		lending->next = 1;
	if (!asked || lending->events.request(lending->events.arg, number, wan) < 0) {
		answer(errand, false, RETRY_S);
		return 0;
	}
	*asked = (struct asked){
		.number = number,
		.until_ms = uv_now(lending->timer.loop) + ANSWER_MS,
		.answer = answer,
		.errand = errand,
	};
	wait(lending);
	return number;
}

void lending_take(struct lending *lending, const struct lease *lease)
{
	struct asked *asked = lease->number ? find(lending, lease->number) : NULL;
	struct asked copy;

	if (!asked || asked->held) {
		/* Too late: whoever asked has gone on. */
		if (lease->granted && !asked)
			lending->events.give_back(lending->events.arg, lease->number);
		return;
	}
	copy = *asked;
	asked->held = lease->granted;
	if (!lease->granted)
		asked->number = 0;
	wait(lending);
	copy.answer(copy.errand, lease->granted, lease->seconds);
}

/* What is asked for still is given back too: the answer may be on its way. */
void lending_return(struct lending *lending, uint32_t number)
{
	struct asked *asked = number ? find(lending, number) : NULL;

	if (!asked)
		return;
	asked->number = 0;
	lending->events.give_back(lending->events.arg, number);
	wait(lending);
}

void lending_clear(struct lending *lending)
{
	for (size_t i = 0; lending && i < OPEN_MAX; i++)
		if (lending->asked[i].number)
			lending_return(lending, lending->asked[i].number);
}

/* ---- life */

int lending_new(uv_loop_t *loop, const struct lending_events *events, struct lending **ret_lending)
{
	struct lending *lending = calloc(1, sizeof(*lending));

	if (!lending)
		return -ENOMEM;
	lending->events = *events;
	lending->next = 1;
	uv_timer_init(loop, &lending->timer);
	lending->timer.data = lending;
	*ret_lending = lending;
	return 0;
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void lending_close(struct lending *lending)
{
	if (lending)
		uv_close((uv_handle_t *)&lending->timer, on_closed);
}
