/* SPDX-License-Identifier: Apache-2.0 */
#include "web/account/proxy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define BETWEEN " ,\t"

/* One form for each address; an IPv4 address in IPv6 clothes is one of IPv4. False: none. */
static bool normalise(const char *text, char ret_address[HTTP_ADDRESS_BYTES])
{
	struct in6_addr six;
	struct in_addr four;

	if (inet_pton(AF_INET, text, &four) == 1)
		return inet_ntop(AF_INET, &four, ret_address, HTTP_ADDRESS_BYTES) != NULL;
	if (inet_pton(AF_INET6, text, &six) != 1)
		return false;
	if (IN6_IS_ADDR_V4MAPPED(&six))
		return inet_ntop(AF_INET, six.s6_addr + 12, ret_address, HTTP_ADDRESS_BYTES) !=
			NULL;
	return inet_ntop(AF_INET6, &six, ret_address, HTTP_ADDRESS_BYTES) != NULL;
}

int proxies_read(const char *list, struct proxies *ret_proxies, struct err *err)
{
	struct proxies proxies = {0};

	for (list += strspn(list, BETWEEN); *list; list += strspn(list, BETWEEN)) {
		size_t length = strcspn(list, BETWEEN);
		char text[HTTP_ADDRESS_BYTES] = "";

		if (proxies.count == PROXIES_MAX)
			return err_set(err, -EINVAL, "[web] trusted_proxy: more than %d addresses",
				PROXIES_MAX);
		if (length < sizeof(text))
			memcpy(text, list, length);
		if (!normalise(text, proxies.addresses[proxies.count]))
			return err_set(err, -EINVAL, "[web] trusted_proxy: \"%.*s\" is no address",
				(int)(length < 60 ? length : 60), list);
		proxies.count++;
		list += length;
	}
	*ret_proxies = proxies;
	return 0;
}

static bool is_trusted(const struct proxies *proxies, const char *address)
{
	for (size_t i = 0; i < proxies->count; i++) {
		if (strcmp(proxies->addresses[i], address) == 0)
			return true;
	}
	return false;
}

/* The last address of the list is the one that the proxy itself saw. */
static bool last_address(const char *list, char ret_address[HTTP_ADDRESS_BYTES])
{
	char text[HTTP_ADDRESS_BYTES] = "";
	const char *last = strrchr(list, ',');
	size_t length;

	last = last ? last + 1 : list;
	last += strspn(last, BETWEEN);
	length = strcspn(last, BETWEEN);
	if (length >= sizeof(text))
		return false;
	memcpy(text, last, length);
	return normalise(text, ret_address);
}

void proxies_look_behind(const struct proxies *proxies, struct request *request)
{
	char address[HTTP_ADDRESS_BYTES];

	if (!normalise(request->address, address)) {
		snprintf(request->address, sizeof(request->address), "?");
		return;
	}
	strcpy(request->address, address);
	if (!is_trusted(proxies, address))
		return;
	if (request->forwarded_for && last_address(request->forwarded_for, address))
		strcpy(request->address, address);
	request->secure = request->forwarded_proto &&
		strcasecmp(request->forwarded_proto, "https") == 0;
}

void address_group(const char *address, char ret_group[HTTP_ADDRESS_BYTES])
{
	struct in6_addr six;

	snprintf(ret_group, HTTP_ADDRESS_BYTES, "%s", address);
	if (inet_pton(AF_INET6, address, &six) != 1)
		return;
	memset(six.s6_addr + 8, 0, 8);
	inet_ntop(AF_INET6, &six, ret_group, HTTP_ADDRESS_BYTES);
}

bool address_is_loopback(const char *address)
{
	return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}
