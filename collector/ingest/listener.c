/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/listener.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ingest/address.h"
#include "common/handed.h"
#include "common/log.h"

#define ADDRESSES_MAX 16
/* In line before ours (stream.h), while we are not let onto a core for a second; the kernel of who
 * finds no place asks again after one. */
#define BACKLOG 1024
#define TEXT_BYTES 64
#define SEPARATORS " ,\t"

struct door {
	uv_tcp_t tcp;
	struct listener *listener;
	bool waiting; /* somebody was not accepted for want of memory */
	char text[TEXT_BYTES];
};

struct listener {
	struct listener_events events;
	struct door *doors[ADDRESSES_MAX];
	size_t count;
	bool closing;
};

/* ---- the list */

/* Calls `each` for every address of the list; 0, or what it returned. */
static int for_each_address(const char *addresses, struct err *err,
	int (*each)(void *arg, const char *text, struct err *err), void *arg)
{
	char *copy = strdup(addresses), *rest = copy, *text;
	int r = 0;

	if (!copy)
		return err_set(err, -ENOMEM, "out of memory");
	while (r == 0 && (text = strsep(&rest, SEPARATORS)))
		if (*text)
			r = each(arg, text, err);
	free(copy);
	return r;
}

static int count_address(void *arg, const char *text, struct err *err)
{
	struct sockaddr_storage address;
	size_t *count = arg;

	if (++*count > ADDRESSES_MAX)
		return err_set(err, -E2BIG, "more than %d addresses", ADDRESSES_MAX);
	return address_parse(text, &address, err);
}

int listener_check(const char *addresses, struct err *err)
{
	size_t count = 0;
	int r;

	r = for_each_address(addresses, err, count_address, &count);
	if (r == 0 && count == 0)
		r = err_set(err, -EINVAL, "no address to listen on");
	return r < 0 ? err_prefix(err, "[collector] listen") : 0;
}

/* ---- the doors */

static void knock(struct door *door)
{
	struct listener *listener = door->listener;

	door->waiting = listener->events.arrived(listener->events.arg, (uv_stream_t *)&door->tcp) <
		0;
}

static void on_connection(uv_stream_t *server, int status)
{
	if (status == 0)
		knock(server->data);
}

static void on_door_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void note_port(struct door *door)
{
	struct sockaddr_storage bound;
	int length = sizeof(bound);

	if (uv_tcp_getsockname(&door->tcp, (struct sockaddr *)&bound, &length) == 0)
		address_format((struct sockaddr *)&bound, door->text, sizeof(door->text));
}

/* `fd`: a socket that listens on the address already; -1: none does. */
static int open_door(
	uv_loop_t *loop, struct door *door, const struct sockaddr *address, int fd, struct err *err)
{
	unsigned flags = address->sa_family == AF_INET6 ? UV_TCP_IPV6ONLY : 0;
	int r;

	uv_tcp_init(loop, &door->tcp);
	door->tcp.data = door;
	address_format(address, door->text, sizeof(door->text));
	r = fd >= 0 ? uv_tcp_open(&door->tcp, fd) : uv_tcp_bind(&door->tcp, address, flags);
	if (r == 0)
		r = uv_listen((uv_stream_t *)&door->tcp, BACKLOG, on_connection);
	if (r < 0) {
		err_set(err, r, "%s: %s", door->text, uv_strerror(r));
		uv_close((uv_handle_t *)&door->tcp, on_door_closed);
		return r;
	}
	note_port(door);
	log_info("listening on %s%s", door->text, fd >= 0 ? ", handed over" : "");
	return 0;
}

struct opening {
	uv_loop_t *loop;
	struct listener *listener;
	struct handed handed;
};

static int open_one(
	struct opening *opening, const struct sockaddr *address, int fd, struct err *err)
{
	struct door *door;
	int r;

	if (opening->listener->count == ADDRESSES_MAX)
		return err_set(err, -E2BIG, "more than %d addresses", ADDRESSES_MAX);
	door = calloc(1, sizeof(*door));
	if (!door)
		return err_set(err, -ENOMEM, "out of memory");
	door->listener = opening->listener;
	r = open_door(opening->loop, door, address, fd, err);
	if (r == UV_EAFNOSUPPORT || r == UV_EADDRNOTAVAIL) {
		log_warn("not listening on %s", err->text);
		return 0;
	}
	if (r == 0)
		opening->listener->doors[opening->listener->count++] = door;
	return r;
}

static int open_address(void *arg, const char *text, struct err *err)
{
	struct opening *opening = arg;
	struct sockaddr_storage address;
	int r = address_parse(text, &address, err);

	if (r < 0)
		return r;
	return open_one(opening, (struct sockaddr *)&address,
		handed_take(&opening->handed, (struct sockaddr *)&address), err);
}

/* A socket on which the manager listens and the configuration does not: who connects to it would
 * wait for ever. */
static int open_handed(struct opening *opening, struct err *err)
{
	int fd, r = 0;

	while (r == 0 && (fd = handed_take_any(&opening->handed)) >= 0) {
		struct sockaddr_storage address = {0};
		socklen_t length = sizeof(address);

		if (getsockname(fd, (struct sockaddr *)&address, &length) == 0)
			r = open_one(opening, (struct sockaddr *)&address, fd, err);
	}
	return r;
}

int listener_new(uv_loop_t *loop, const char *addresses, const struct listener_events *events,
	struct listener **ret_listener, struct err *err)
{
	struct listener *listener;
	struct opening opening = {.loop = loop};
	int r;

	r = listener_check(addresses, err);
	if (r < 0)
		return r;
	listener = calloc(1, sizeof(*listener));
	if (!listener)
		return err_set(err, -ENOMEM, "out of memory");
	listener->events = *events;
	opening.listener = listener;
	handed_find(&opening.handed);
	r = for_each_address(addresses, err, open_address, &opening);
	if (r == 0)
		r = open_handed(&opening, err);
	if (r == 0 && listener->count == 0)
		r = err_set(err, -EADDRNOTAVAIL, "none of the addresses is this machine's");
	if (r < 0) {
		err_prefix(err, "[collector] listen");
		listener_close(listener);
		listener_free(listener);
		return r;
	}
	*ret_listener = listener;
	return 0;
}

void listener_tick(struct listener *listener)
{
	for (size_t i = 0; i < listener->count && !listener->closing; i++)
		if (listener->doors[i]->waiting)
			knock(listener->doors[i]);
}

static void on_guest_closed(uv_handle_t *handle)
{
	free(handle);
}

void listener_turn_away(uv_loop_t *loop, uv_stream_t *server)
{
	uv_tcp_t *guest = malloc(sizeof(*guest));

	if (!guest)
		return;
	uv_tcp_init(loop, guest);
	uv_accept(server, (uv_stream_t *)guest);
	uv_close((uv_handle_t *)guest, on_guest_closed);
}

void listener_tell(const struct listener *listener, struct json *json, const char *key)
{
	json_array(json, key);
	for (size_t i = 0; i < listener->count; i++)
		json_text(json, NULL, listener->doors[i]->text);
	json_array_end(json);
}

void listener_close(struct listener *listener)
{
	if (!listener || listener->closing)
		return;
	listener->closing = true;
	for (size_t i = 0; i < listener->count; i++)
		uv_close((uv_handle_t *)&listener->doors[i]->tcp, on_door_closed);
	listener->count = 0;
}

void listener_free(struct listener *listener)
{
	free(listener);
}
