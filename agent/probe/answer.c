/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/probe/answer.h"

#include <inttypes.h>
#include <stdio.h>

#include "agent/net/address.h"

void answer_number(const char *key, uint64_t value)
{
	printf("%s=%" PRIu64 "\n", key, value);
	fflush(stdout);
}

void answer_text(const char *key, const char *value)
{
	printf("%s=", key);
	for (; *value; value++)
		putchar(*value >= ' ' && *value <= '~' ? *value : '?');
	putchar('\n');
	fflush(stdout);
}

void answer_server(const struct address *address, uint16_t port)
{
	char text[ADDRESS_TEXT_BYTES];

	if (!address->length)
		return;
	address_format(address, text);
	answer_text("address", text);
	answer_number("port", port);
}
