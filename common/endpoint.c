/* SPDX-License-Identifier: Apache-2.0 */
#include "common/endpoint.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool list_next(const char **list, char *ret_item, size_t size)
{
	const char *at = *list + strspn(*list, " \t,");
	size_t length = strcspn(at, ",");

	*list = at + length;
	while (length && strchr(" \t", at[length - 1]))
		length--;
	if (!length)
		return false;
	snprintf(ret_item, size, "%.*s", (int)length, at);
	return true;
}

static int read_port(const char *text, char ret_port[ENDPOINT_PORT_BYTES])
{
	long number = strtol(text + 1, NULL, 10);

	if (*text != ':' || strspn(text + 1, "0123456789") != strlen(text + 1) || number < 1 ||
		number > 65535)
		return -EINVAL;
	snprintf(ret_port, ENDPOINT_PORT_BYTES, "%ld", number);
	return 0;
}

int endpoint_split(
	const char *text, char *ret_host, size_t host_size, char ret_port[ENDPOINT_PORT_BYTES])
{
	bool bracket = text[0] == '[';
	const char *host = text + bracket;
	const char *end = bracket ? strchr(host, ']') : strchr(host, ':');
	const char *port = end ? end + bracket : NULL;

	if (!bracket && end && strchr(end + 1, ':'))
		end = port = NULL; /* IPv6 without brackets */
	if (!end)
		end = host + strlen(host);
	if (end == host || (size_t)(end - host) >= host_size)
		return -EINVAL;
	if (port && *port && read_port(port, ret_port) < 0)
		return -EINVAL;
	snprintf(ret_host, host_size, "%.*s", (int)(end - host), host);
	return 0;
}
