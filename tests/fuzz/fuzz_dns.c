/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a resolver's reply: what is believed of it repeats the question and lies within
 * it. */
#include <errno.h>
#include <string.h>

#include "agent/core/dns_packet.h"
#include "tests/fuzz/fuzz.h"

static void check_reply(const struct dns_query *query, const uint8_t *bytes, size_t size)
{
	struct dns_reply reply = {.count = 99};
	int status = dns_reply_read(query, bytes, size, &reply);

	FUZZ_CHECK(status == 0 || status == -ENOMSG);
	if (status < 0) {
		FUZZ_CHECK(reply.count == 99);
		return;
	}
	FUZZ_CHECK(size >= 12 && bytes[0] == query->id >> 8 && bytes[1] == (query->id & 255));
	FUZZ_CHECK(reply.count <= DNS_ADDRESSES_MAX);
	FUZZ_CHECK((reply.outcome == DNS_ANSWERED) <= (reply.count > 0));
	FUZZ_CHECK(reply.outcome >= DNS_ANSWERED && reply.outcome < DNS_OUTCOME_COUNT);
	for (size_t i = 0; i < reply.count; i++)
		FUZZ_CHECK(reply.addresses[i].length == (query->type == DNS_TYPE_A ? 4 : 16));
}

/* The bytes as a name too: what can be asked for is no longer than a question may be. */
static void check_name(const uint8_t *bytes, size_t size)
{
	struct dns_query query = {.type = DNS_TYPE_A};
	uint8_t packet[DNS_QUESTION_MAX];
	int length;

	memcpy(query.name, bytes, size < sizeof(query.name) ? size : sizeof(query.name) - 1);
	length = dns_query_write(&query, packet);
	FUZZ_CHECK(length == -EINVAL || (length > 16 && length <= DNS_QUESTION_MAX));
	if (dns_name_check(query.name) == 0)
		FUZZ_CHECK(length > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct dns_query query = {.id = 0xbeef, .type = DNS_TYPE_A, .name = "desa.example"};

	check_reply(&query, bytes, size);
	query.type = DNS_TYPE_AAAA;
	check_reply(&query, bytes, size);
	check_name(bytes, size);
	return 0;
}
