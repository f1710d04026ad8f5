/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/net/monitor.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define MESSAGES_BYTES 8192 /* the kernel sends one change at a time */
#define GROUPS                                                                       \
	(RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | \
		RTMGRP_IPV6_ROUTE)

struct monitor {
	struct monitor_events events;
	int fd;
	uv_poll_t poll;
};

static void take_messages(struct monitor *monitor, const void *bytes, size_t length)
{
	const struct nlmsghdr *message = bytes;
	struct link link;

	for (; NLMSG_OK(message, length); message = NLMSG_NEXT(message, length))
		if (link_take(message, &link))
			monitor->events.link(monitor->events.arg, &link);
}

static void watch(struct monitor *monitor);

/* Changes that the kernel had no room to tell of (ENOBUFS) are seen by asking anew, as always. */
static void on_poll(uv_poll_t *poll, int status, int events)
{
	uint8_t bytes[MESSAGES_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct monitor *monitor = poll->data;
	ssize_t length;

	do {
		length = recv(monitor->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
		if (length > 0)
			take_messages(monitor, bytes, (size_t)length);
	} while (length > 0 || (length < 0 && errno == ENOBUFS));
	monitor->events.changed(monitor->events.arg);
	if (status < 0 && !uv_is_closing((uv_handle_t *)poll))
		watch(monitor); /* the loop takes the overflow for the socket's end */
}

static void watch(struct monitor *monitor)
{
	uv_poll_start(&monitor->poll, UV_READABLE, on_poll);
}

int monitor_open(uv_loop_t *loop, const struct monitor_events *events, struct monitor **ret_monitor,
	struct err *err)
{
	struct monitor *monitor = calloc(1, sizeof(*monitor));
	int status;

	if (!monitor)
		return err_errno(err, -ENOMEM, "rtnetlink");
	monitor->events = *events;
	monitor->fd = status = netlink_open(GROUPS);
	if (status < 0)
		goto free_monitor;
	status = uv_poll_init(loop, &monitor->poll, monitor->fd);
	if (status < 0)
		goto close_fd;
	monitor->poll.data = monitor;
	watch(monitor);
	*ret_monitor = monitor;
	return 0;
close_fd:
	close(monitor->fd);
free_monitor:
	free(monitor);
	return err_errno(err, status, "rtnetlink cannot be followed");
}

static void on_closed(uv_handle_t *handle)
{
	struct monitor *monitor = handle->data;

	close(monitor->fd);
	free(monitor);
}

void monitor_close(struct monitor *monitor)
{
	if (monitor)
		uv_close((uv_handle_t *)&monitor->poll, on_closed);
}
