/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/uplink/kept_addresses.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/file.h"
#include "common/log.h"

#define FILE_NAME "collectors"
#define FILE_BYTES_MAX 4096
#define SAVE_EVERY_US 3600000000ULL /* two collectors that take turns do not wear the flash */
#define KEPT_MAX (2 * SETTINGS_COLLECTORS) /* those of an earlier configuration too */

struct kept {
	struct settings_collector collector;
	struct address address;
};

struct kept_addresses {
	char path[PATH_MAX]; /* empty: in memory alone */
	uint64_t saved_us; /* 0: not since the start */
	size_t count;
	struct kept kept[KEPT_MAX]; /* the one used last first */
};

static bool is_of(const struct kept *kept, const struct settings_collector *collector)
{
	return strcmp(kept->collector.host, collector->host) == 0 &&
		strcmp(kept->collector.port, collector->port) == 0;
}

/* ---- the file */

static void take_line(struct kept_addresses *kept, const char *line)
{
	struct kept *one = &kept->kept[kept->count];
	char address[ADDRESS_TEXT_BYTES];

	if (kept->count == KEPT_MAX ||
		sscanf(line, "%255s %5s %47s", one->collector.host, one->collector.port, address) !=
			3 ||
		address_parse(address, &one->address) < 0)
		return;
	kept->count++;
}

static void load(struct kept_addresses *kept)
{
	uint8_t *bytes;
	size_t length;
	char *rest;

	if (file_read(kept->path, FILE_BYTES_MAX, &bytes, &length, NULL) < 0)
		return;
	for (char *line = strtok_r((char *)bytes, "\n", &rest); line;
		line = strtok_r(NULL, "\n", &rest))
		take_line(kept, line);
	free(bytes);
}

static void save(const struct kept_addresses *kept)
{
	char text[FILE_BYTES_MAX], address[ADDRESS_TEXT_BYTES];
	size_t length = 0;
	struct err err;

	for (size_t i = 0; i < kept->count; i++) {
		address_format(&kept->kept[i].address, address);
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s %s %s\n",
			kept->kept[i].collector.host, kept->kept[i].collector.port, address);
	}
	if (file_replace(kept->path, text, length, 0644, &err) < 0)
		log_warn("%s", err.text);
}

/* ---- use */

bool kept_addresses_get(const struct kept_addresses *kept,
	const struct settings_collector *collector, union socket_address *ret_address)
{
	for (size_t i = 0; i < kept->count; i++) {
		if (!is_of(&kept->kept[i], collector))
			continue;
		socket_address_of(
			&kept->kept[i].address, (uint16_t)atoi(collector->port), 0, ret_address);
		return true;
	}
	return false;
}

static struct address address_of(const union socket_address *socket)
{
	struct address address = {.length = socket->any.sa_family == AF_INET ? 4 : 16};

	memcpy(address.bytes,
		address.length == 4 ? (const void *)&socket->v4.sin_addr : &socket->v6.sin6_addr,
		address.length);
	return address;
}

void kept_addresses_put(struct kept_addresses *kept, const struct settings_collector *collector,
	const union socket_address *socket)
{
	struct address address = address_of(socket);
	struct kept now = {.collector = *collector, .address = address}, own;
	size_t at = 0;

	/* An address that was configured as such needs no keeping. */
	if (address_parse(collector->host, &own.address) == 0)
		return;
	while (at < kept->count && !is_of(&kept->kept[at], collector))
		at++;
	if (at < kept->count && address_same(&kept->kept[at].address, &address))
		return;
	if (at == kept->count && kept->count < KEPT_MAX)
		kept->count++;
	else if (at == kept->count)
		at--; /* the one that was used longest ago goes */
	memmove(&kept->kept[1], &kept->kept[0], at * sizeof(kept->kept[0]));
	kept->kept[0] = now;
	if (!kept->path[0] || (kept->saved_us && clock_boot_us() - kept->saved_us < SAVE_EVERY_US))
		return;
	kept->saved_us = clock_boot_us();
	save(kept);
}

int kept_addresses_open(const char *folder, struct kept_addresses **ret_kept)
{
	struct kept_addresses *kept = calloc(1, sizeof(*kept));
	int status;

	if (!kept)
		return -ENOMEM;
	if (folder) {
		status = file_join(kept->path, sizeof(kept->path), folder, FILE_NAME);
		if (status < 0) {
			free(kept);
			return status;
		}
		load(kept);
	}
	*ret_kept = kept;
	return 0;
}

bool kept_addresses_find(const char *folder, const char *host, struct address *ret_address)
{
	struct kept_addresses *kept;
	size_t i = 0;
	bool found;

	if (kept_addresses_open(folder, &kept) < 0)
		return false;
	while (i < kept->count && strcmp(kept->kept[i].collector.host, host) != 0)
		i++;
	found = i < kept->count;
	if (found)
		*ret_address = kept->kept[i].address;
	kept_addresses_free(kept);
	return found;
}

void kept_addresses_free(struct kept_addresses *kept)
{
	free(kept);
}
