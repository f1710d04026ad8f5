/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/net/resolvers.h"

#include <stdio.h>
#include <string.h>

#include "agent/net/address.h"

#define LINE_BYTES 256

/* A link-local one names the link that it is on: another WAN's is not ours. */
static bool take_address(char *text, const char *interface, struct address *ret_address)
{
	char *zone = strchr(text, '%');

	if (zone)
		*zone++ = '\0';
	if (address_parse(text, ret_address) < 0 || address_is_loopback(ret_address))
		return false;
	if (!address_is_link_local(ret_address))
		return !zone;
	return zone && strcmp(zone, interface) == 0;
}

static bool take_line(char *line, const char *interface, struct address *ret_address)
{
	char *rest = NULL, *word = strtok_r(line, " \t\r\n", &rest);

	if (!word || strcmp(word, "nameserver") != 0)
		return false;
	word = strtok_r(NULL, " \t\r\n", &rest);
	return word && take_address(word, interface, ret_address);
}

size_t resolvers_read(
	const char *path, const char *interface, struct address ret_addresses[RESOLVERS_MAX])
{
	char line[LINE_BYTES];
	struct address address;
	size_t count = 0;
	FILE *file = fopen(path, "re");

	if (!file)
		return 0;
	while (count < RESOLVERS_MAX && fgets(line, sizeof(line), file))
		if (take_line(line, interface, &address))
			ret_addresses[count++] = address;
	fclose(file);
	return count;
}

size_t resolvers_find(const char *interface, struct address ret_addresses[RESOLVERS_MAX])
{
	static const char *const files[] = {"/etc/resolv.conf",
		"/tmp/resolv.conf.d/resolv.conf.auto", "/tmp/resolv.conf.auto",
		"/run/systemd/resolve/resolv.conf"};
	size_t count = 0;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]) && !count; i++)
		count = resolvers_read(files[i], interface, ret_addresses);
	return count;
}
