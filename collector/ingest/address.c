/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOST_BYTES INET6_ADDRSTRLEN

static int split(const char *text, char host[HOST_BYTES], in_port_t *ret_port)
{
	const char *colon = strrchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : 0;
	unsigned long port;
	char *end;

	if (length > 2 && text[0] == '[' && text[length - 1] == ']') {
		text++;
		length -= 2;
	}
	if (!colon || length == 0 || length >= HOST_BYTES || colon[1] < '0' || colon[1] > '9')
		return -EINVAL;
	port = strtoul(colon + 1, &end, 10);
	if (*end || port > 65535)
		return -EINVAL;
	memcpy(host, text, length);
	host[length] = '\0';
	*ret_port = htons((in_port_t)port);
	return 0;
}

int address_parse(const char *text, struct sockaddr_storage *ret_address, struct err *err)
{
	struct sockaddr_storage address = {0};
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&address;
	struct sockaddr_in *four = (struct sockaddr_in *)&address;
	char host[HOST_BYTES];
	in_port_t port;

	if (split(text, host, &port) < 0)
		return err_set(
			err, -EINVAL, "\"%.80s\": must be like 0.0.0.0:7443 or [::]:7443", text);
	if (text[0] == '[' && inet_pton(AF_INET6, host, &six->sin6_addr) == 1) {
		six->sin6_family = AF_INET6;
		six->sin6_port = port;
	} else if (text[0] != '[' && inet_pton(AF_INET, host, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = port;
	} else {
		return err_set(err, -EINVAL, "\"%.80s\": not a numeric address", text);
	}
	*ret_address = address;
	return 0;
}

void address_format(const struct sockaddr *address, char *ret_text, size_t size)
{
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)address;
	const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)address;
	char host[HOST_BYTES] = "?";

	if (address->sa_family == AF_INET6) {
		inet_ntop(AF_INET6, &six->sin6_addr, host, sizeof(host));
		snprintf(ret_text, size, "[%s]:%u", host, ntohs(six->sin6_port));
	} else if (address->sa_family == AF_INET) {
		inet_ntop(AF_INET, &four->sin_addr, host, sizeof(host));
		snprintf(ret_text, size, "%s:%u", host, ntohs(four->sin_port));
	} else {
		snprintf(ret_text, size, "?");
	}
}

void address_host(const char *text, char *ret_host, size_t size)
{
	const char *colon = strrchr(text, ':');

	snprintf(ret_host, size, "%.*s", colon ? (int)(colon - text) : (int)strlen(text), text);
}

void address_bytes(const struct sockaddr *address, uint8_t ret_bytes[16])
{
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
	const struct sockaddr_in *four = (const struct sockaddr_in *)address;

	memset(ret_bytes, 0, 16);
	if (address->sa_family == AF_INET6) {
		memcpy(ret_bytes, &six->sin6_addr, 16);
	} else if (address->sa_family == AF_INET) {
		memset(ret_bytes + 10, 0xff, 2);
		memcpy(ret_bytes + 12, &four->sin_addr, 4);
	}
}
