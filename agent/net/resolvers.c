/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/net/resolvers.h"

#include <stdio.h>
#include <string.h>

#include "agent/net/address.h"

#define LINE_BYTES 256

static bool take_line(char *line, struct address *ret_address)
{
	char *rest = NULL, *word = strtok_r(line, " \t\r\n", &rest);

	if (!word || strcmp(word, "nameserver") != 0)
		return false;
	word = strtok_r(NULL, " \t\r\n", &rest);
	return word && address_parse(word, ret_address) == 0;
}

size_t resolvers_read(const char *path, struct address ret_addresses[RESOLVERS_MAX])
{
	char line[LINE_BYTES];
	struct address address;
	size_t count = 0;
	FILE *file = fopen(path, "re");

	if (!file)
		return 0;
	while (count < RESOLVERS_MAX && fgets(line, sizeof(line), file))
		if (take_line(line, &address) && !address_is_loopback(&address) &&
			!address_is_link_local(&address))
			ret_addresses[count++] = address;
	fclose(file);
	return count;
}

size_t resolvers_find(struct address ret_addresses[RESOLVERS_MAX])
{
	static const char *const files[] = {"/etc/resolv.conf",
		"/tmp/resolv.conf.d/resolv.conf.auto", "/tmp/resolv.conf.auto",
		"/run/systemd/resolve/resolv.conf"};
	size_t count = 0;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]) && !count; i++)
		count = resolvers_read(files[i], ret_addresses);
	return count;
}
