/* SPDX-License-Identifier: Apache-2.0 */
#include "web/listen.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define HOST_BYTES 64 /* the longest IPv6 address with its scope */

int listen_find(const char *key, const char *listen, struct addrinfo **ret_found, struct err *err)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
	char host[HOST_BYTES];
	const char *colon = strrchr(listen, ':');
	size_t skip = listen[0] == '[', length = colon ? (size_t)(colon - listen) : 0;

	if (length <= 2 * skip || length >= sizeof(host) || (skip && colon[-1] != ']') || !colon[1])
		return err_set(err, -EINVAL, "%s = %s: must be ADDRESS:PORT", key, listen);
	snprintf(host, sizeof(host), "%.*s", (int)(length - 2 * skip), listen + skip);
	if (getaddrinfo(host, colon + 1, &hints, ret_found) != 0)
		return err_set(err, -EINVAL,
			"%s = %s: must be a numeric address and port, such as 127.0.0.1:8080", key,
			listen);
	return 0;
}
