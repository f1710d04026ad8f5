/* SPDX-License-Identifier: Apache-2.0 */
/* Lists and endpoints as people write them: "a, b", "HOST:PORT". */
#ifndef PANTAU_COMMON_ENDPOINT_H
#define PANTAU_COMMON_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>

#define ENDPOINT_PORT_BYTES 6

/* Copies the next item of a list with commas, without the blanks around it; cut to size. false:
 * none left. */
bool list_next(const char **list, char *ret_item, size_t size);

/* "host:port", "[host]:port" or "host"; a bare IPv6 address has no port. Without one ret_port is
 * left as it is. -EINVAL. */
int endpoint_split(
	const char *text, char *ret_host, size_t host_size, char ret_port[ENDPOINT_PORT_BYTES]);

#endif
