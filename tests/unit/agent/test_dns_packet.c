/* SPDX-License-Identifier: Apache-2.0 */
/* Questions and answers byte by byte. */
#include "tests/unit/agent/fixture.h"

#include <errno.h>
#include <string.h>

#include "agent/core/dns_packet.h"

static const struct dns_query query = {.id = 0xbeef, .type = DNS_TYPE_A, .name = "desa.example"};

#define QUESTION 4, 'd', 'e', 's', 'a', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0, 0, 1, 0, 1
#define HEADER(flags, answers) 0xbe, 0xef, 0x81, flags, 0, 1, 0, answers, 0, 0, 0, 0

static const uint8_t address_record[] = {
	0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7}; /* of the name at 12 */
static const uint8_t alias_record[] = {
	0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 6, 3, 'w', 'w', 'w', 0xc0, 17};

struct packet {
	size_t length;
	uint8_t bytes[512];
};

static void put(struct packet *packet, const void *bytes, size_t length)
{
	memcpy(packet->bytes + packet->length, bytes, length);
	packet->length += length;
}

static struct packet reply_with(uint8_t rcode, uint8_t answers)
{
	const uint8_t head[] = {HEADER((uint8_t)(0x80 | rcode), answers), QUESTION};
	struct packet packet = {0};

	put(&packet, head, sizeof(head));
	return packet;
}

static enum dns_outcome outcome_of(const struct packet *packet)
{
	struct dns_reply reply;

	assert_int_equal(dns_reply_read(&query, packet->bytes, packet->length, &reply), 0);
	return reply.outcome;
}

static void question_is_as_the_standard_has_it(void **state)
{
	const uint8_t wanted[] = {0xbe, 0xef, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, QUESTION};
	uint8_t packet[DNS_QUESTION_MAX];

	assert_int_equal(dns_query_write(&query, packet), sizeof(wanted));
	assert_memory_equal(packet, wanted, sizeof(wanted));
}

static void names_that_are_none_are_refused(void **state)
{
	char longest[DNS_NAME_TEXT_MAX + 2];

	assert_int_equal(dns_name_check("example.com"), 0);
	assert_int_equal(dns_name_check("_a-1.x"), 0);
	assert_int_equal(dns_name_check(""), -EINVAL);
	assert_int_equal(dns_name_check("."), -EINVAL);
	assert_int_equal(dns_name_check("a..b"), -EINVAL);
	assert_int_equal(dns_name_check("a."), -EINVAL);
	assert_int_equal(dns_name_check("a b"), -EINVAL);
	memset(longest, 'a', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(dns_name_check(longest), -EINVAL);
	for (size_t i = 50; i < sizeof(longest) - 1; i += 51)
		longest[i] = '.';
	assert_int_equal(dns_name_check(longest), -EINVAL);
	longest[DNS_NAME_TEXT_MAX] = '\0';
	assert_int_equal(dns_name_check(longest), 0);
}

static void addresses_are_found_behind_an_alias(void **state)
{
	struct packet packet = reply_with(0, 2);
	struct dns_reply reply;

	put(&packet, alias_record, sizeof(alias_record));
	put(&packet, address_record, sizeof(address_record));
	assert_int_equal(dns_reply_read(&query, packet.bytes, packet.length, &reply), 0);
	assert_int_equal(reply.outcome, DNS_ANSWERED);
	assert_int_equal(reply.count, 1);
	assert_int_equal(reply.addresses[0].length, 4);
	assert_int_equal(reply.addresses[0].bytes[3], 7);
}

static void each_refusal_has_its_name(void **state)
{
	static const struct {
		uint8_t rcode;
		enum dns_outcome outcome;
	} cases[] = {{0, DNS_EMPTY}, {1, DNS_SERVFAIL}, {2, DNS_SERVFAIL}, {3, DNS_NXDOMAIN},
		{4, DNS_SERVFAIL}, {5, DNS_REFUSED}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct packet packet = reply_with(cases[i].rcode, 0);

		assert_int_equal(outcome_of(&packet), cases[i].outcome);
	}
}

static void refusal_may_leave_the_question_out(void **state)
{
	const uint8_t refused[] = {0xbe, 0xef, 0x81, 0x85, 0, 0, 0, 0, 0, 0, 0, 0};
	const uint8_t none[] = {0xbe, 0xef, 0x81, 0x83, 0, 0, 0, 0, 0, 0, 0, 0};
	struct dns_reply reply;

	assert_int_equal(dns_reply_read(&query, refused, sizeof(refused), &reply), 0);
	assert_int_equal(reply.outcome, DNS_REFUSED);
	assert_int_equal(dns_reply_read(&query, none, sizeof(none), &reply), -ENOMSG);
}

static void address_where_no_name_is_is_a_hijack(void **state)
{
	assert_int_equal(dns_judge(DNS_ABSENT, DNS_ANSWERED), DNS_HIJACKED);
	assert_int_equal(dns_judge(DNS_ABSENT, DNS_NXDOMAIN), DNS_NXDOMAIN);
	assert_int_equal(dns_judge(DNS_PRESENT, DNS_ANSWERED), DNS_ANSWERED);
	assert_int_equal(dns_judge(DNS_ABSENT, DNS_EMPTY), DNS_EMPTY);
}

static void letters_of_another_case_are_the_same_name(void **state)
{
	struct packet packet = reply_with(3, 0);

	packet.bytes[13] = 'D';
	assert_int_equal(outcome_of(&packet), DNS_NXDOMAIN);
}

static void answer_to_another_question_is_none(void **state)
{
	static const size_t places[] = {0, 1, 2, 5, 12, 13, 18, 25, 27, 29};
	struct dns_reply reply;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct packet packet = reply_with(0, 0);

		packet.bytes[places[i]] ^= places[i] == 2 ? 0x80 : 0x03;
		assert_int_equal(
			dns_reply_read(&query, packet.bytes, packet.length, &reply), -ENOMSG);
	}
}

static void answer_cut_short_is_malformed_or_none(void **state)
{
	struct packet packet = reply_with(0, 1);
	struct dns_reply reply;

	put(&packet, address_record, sizeof(address_record));
	for (size_t length = 0; length < 30; length++)
		assert_int_equal(dns_reply_read(&query, packet.bytes, length, &reply), -ENOMSG);
	for (size_t length = 30; length < packet.length; length++) {
		assert_int_equal(dns_reply_read(&query, packet.bytes, length, &reply), 0);
		assert_int_equal(reply.outcome, DNS_MALFORMED);
	}
	assert_int_equal(outcome_of(&packet), DNS_ANSWERED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(question_is_as_the_standard_has_it),
		cmocka_unit_test(names_that_are_none_are_refused),
		cmocka_unit_test(addresses_are_found_behind_an_alias),
		cmocka_unit_test(each_refusal_has_its_name),
		cmocka_unit_test(refusal_may_leave_the_question_out),
		cmocka_unit_test(address_where_no_name_is_is_a_hijack),
		cmocka_unit_test(letters_of_another_case_are_the_same_name),
		cmocka_unit_test(answer_to_another_question_is_none),
		cmocka_unit_test(answer_cut_short_is_malformed_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
