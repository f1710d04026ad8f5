/* SPDX-License-Identifier: Apache-2.0 */
#include "web/account/guard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "web/account/accounts_private.h"
#include "web/account/own_events.h"
#include "web/account/scope.h"

#define RAW_BYTES (2 * EVENTS_BATCH_BYTES) /* an event that is not whole yet, and what comes */

struct guard {
	struct guard *next; /* of all that are open */
	struct accounts *accounts;
	struct principal who;
	struct stream inner;
	uint64_t look_us; /* when to look at the login again */
	bool narrow; /* not everything is theirs */
	struct own own; /* of a narrow one, as all below */
	struct buf raw, ready;
};

static int read_own(struct guard *guard)
{
	struct registry *registry;
	struct own own;
	int r = registry_open(guard->accounts->state, REGISTRY_READ, NULL, &registry, NULL);

	if (r < 0)
		return r;
	r = own_read(registry, &guard->who, &own, NULL);
	registry_close(registry);
	if (r < 0)
		return r;
	own_done(&guard->own);
	guard->own = own;
	return 0;
}

/* False: it ends. */
static bool look(struct guard *guard)
{
	uint64_t now_us = clock_boot_us();

	if (now_us < guard->look_us)
		return true;
	guard->look_us = now_us + STREAM_GUARD_S * 1000000ULL;
	return accounts_still(guard->accounts, &guard->who) &&
		(!guard->narrow || read_own(guard) == 0);
}

static size_t take_ready(struct guard *guard, char *room, size_t size)
{
	size_t length = buf_length(&guard->ready);

	if (length > size)
		length = size;
	memcpy(room, buf_peek(&guard->ready), length);
	buf_consume(&guard->ready, length);
	buf_release(&guard->ready);
	return length;
}

static ssize_t read_narrow(struct guard *guard, char *room, size_t size)
{
	while (buf_length(&guard->ready) == 0) {
		ssize_t length = guard->inner.read(guard->inner.arg, room, size);

		if (length <= 0)
			return length;
		if (buf_append(&guard->raw, room, (size_t)length) < 0 ||
			own_events_take(&guard->own, &guard->raw, &guard->ready) < 0)
			return -1; /* it comes back with its Last-Event-ID */
		buf_release(&guard->raw);
	}
	return (ssize_t)take_ready(guard, room, size);
}

static ssize_t guard_read(void *arg, char *room, size_t size)
{
	struct guard *guard = arg;

	if (!look(guard))
		return -1;
	if (guard->narrow)
		return read_narrow(guard, room, size);
	return guard->inner.read(guard->inner.arg, room, size);
}

static void guard_begin(void *arg, struct stream_wake wake)
{
	struct guard *guard = arg;

	guard->inner.begin(guard->inner.arg, wake);
}

/* -EBUSY: the account has EVENTS_ACCOUNT_MAX open. */
static int enter(struct guard *guard)
{
	struct accounts *accounts = guard->accounts;
	size_t open = 0;

	pthread_mutex_lock(&accounts->guards_lock);
	for (const struct guard *other = accounts->guards; other; other = other->next)
		open += strcmp(other->who.name, guard->who.name) == 0;
	if (open < EVENTS_ACCOUNT_MAX) {
		guard->next = accounts->guards;
		accounts->guards = guard;
	}
	pthread_mutex_unlock(&accounts->guards_lock);
	return open < EVENTS_ACCOUNT_MAX ? 0 : -EBUSY;
}

static void leave(struct guard *guard)
{
	struct accounts *accounts = guard->accounts;
	struct guard **place;

	pthread_mutex_lock(&accounts->guards_lock);
	for (place = &accounts->guards; *place != guard; place = &(*place)->next)
		;
	*place = guard->next;
	pthread_mutex_unlock(&accounts->guards_lock);
}

static void guard_close(void *arg)
{
	struct guard *guard = arg;

	leave(guard);
	guard->inner.close(guard->inner.arg);
	own_done(&guard->own);
	buf_done(&guard->raw);
	buf_done(&guard->ready);
	free(guard);
}

int guard_stream(struct accounts *accounts, const struct principal *who, struct stream *stream)
{
	struct guard *guard = calloc(1, sizeof(*guard));

	if (!guard)
		return -ENOMEM;
	guard->accounts = accounts;
	guard->who = *who;
	guard->inner = *stream;
	guard->narrow = !scope_is_all(who);
	if (enter(guard) < 0) {
		free(guard);
		return -EBUSY;
	}
	buf_init(&guard->raw, RAW_BYTES);
	buf_init(&guard->ready, RAW_BYTES);
	*stream = (struct stream){
		.arg = guard, .begin = guard_begin, .read = guard_read, .close = guard_close};
	return 0;
}
