/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rtnetlink: asks the kernel about links, addresses, routes and neighbours. It answers from
 * memory, so asking does not block. The parsing is apart from the asking and takes plain bytes.
 */
#ifndef PANTAU_AGENT_NET_NETLINK_H
#define PANTAU_AGENT_NET_NETLINK_H

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/model.h"

#define NETLINK_ATTRIBUTES_MAX 64 /* more than any message of ours has kinds of */

struct netlink_request { /* fill in the header's type and flags, then the family's own struct */
	struct nlmsghdr header;
	union {
		struct ifinfomsg link;
		struct ifaddrmsg address;
		struct rtmsg route;
		struct ndmsg neighbour;
	};
	uint8_t attributes[128];
};

/* The request for a message of this type, with its own struct of `size` bytes zeroed. */
void netlink_prepare(struct netlink_request *request, uint16_t type, uint16_t flags, size_t size);
void netlink_attribute(
	struct netlink_request *request, uint16_t type, const void *value, size_t length);

/* The socket's descriptor or a negative errno; `groups` (RTMGRP_...) 0: for asking only. */
int netlink_open(uint32_t groups);
/* Sends and hands over each answer. 0, or the kernel's negative errno. */
int netlink_ask(int fd, struct netlink_request *request,
	void (*take)(void *arg, const struct nlmsghdr *message), void *arg);

/* Attributes by type, of a message whose own struct has `size` bytes; NULL where there is none. */
struct netlink_attributes {
	const struct rtattr *at[NETLINK_ATTRIBUTES_MAX];
};
void netlink_parse(
	const struct nlmsghdr *message, size_t size, struct netlink_attributes *ret_attributes);
/* The value; `fallback` without the attribute. */
uint32_t netlink_u32(const struct netlink_attributes *attributes, unsigned type, uint32_t fallback);
/* length 0 without the attribute. */
struct address netlink_address(const struct netlink_attributes *attributes, unsigned type);

#endif
