/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/devices.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define HEX 16
#define IS_GROUP 0x01 /* in the first byte */

void devices_add(struct devices *devices, const uint8_t mac[MAC_BYTES])
{
	static const uint8_t nobody[MAC_BYTES];

	if (mac[0] & IS_GROUP || memcmp(mac, nobody, MAC_BYTES) == 0)
		return;
	for (size_t i = 0; i < devices->count; i++)
		if (memcmp(devices->macs[i], mac, MAC_BYTES) == 0)
			return;
	if (devices->count < DEVICES_MAX)
		memcpy(devices->macs[devices->count++], mac, MAC_BYTES);
}

/* "02:00:00:00:00:01" and a blank after it. */
static bool read_mac(const char *text, uint8_t ret_mac[MAC_BYTES])
{
	for (size_t i = 0; i < MAC_BYTES; i++, text += 3) {
		char digits[3] = {text[0], text[0] ? text[1] : '\0', '\0'};

		if (!isxdigit((unsigned char)digits[0]) || !isxdigit((unsigned char)digits[1]))
			return false;
		if (text[2] != (i + 1 < MAC_BYTES ? ':' : ' '))
			return false;
		ret_mac[i] = (uint8_t)strtoul(digits, NULL, HEX);
	}
	return true;
}

static void add_lease(struct devices *devices, const char *line, int64_t now_s)
{
	uint8_t mac[MAC_BYTES];
	long long expiry_s;
	char *end;

	if (!isdigit((unsigned char)*line))
		return;
	expiry_s = strtoll(line, &end, 10);
	if (*end != ' ' || !read_mac(end + 1, mac))
		return;
	if (expiry_s == 0 || !now_s || expiry_s > now_s)
		devices_add(devices, mac);
}

void devices_add_leases(struct devices *devices, const char *text, int64_t now_s)
{
	while (*text) {
		const char *newline = strchr(text, '\n');

		add_lease(devices, text, now_s);
		if (!newline)
			return;
		text = newline + 1;
	}
}
