/* SPDX-License-Identifier: Apache-2.0 */
/* The addresses of RFC 6052's table, there and back by way of RFC 7050. */
#include "tests/unit/agent/fixture.h"

#include <string.h>

#include "agent/net/address.h"
#include "agent/net/nat64.h"

static struct address of(const char *text)
{
	struct address address;

	assert_int_equal(address_parse(text, &address), 0);
	return address;
}

static void prefix_of_every_length_is_found_and_used(void **state)
{
	static const struct {
		const char *found, *wanted; /* of ipv4only.arpa; of 192.0.2.33 */
		uint8_t bits;
	} cases[] = {
		{"2001:db8:c000:aa::", "2001:db8:c000:221::", 32},
		{"2001:db8:1c0:0:aa::", "2001:db8:1c0:2:21::", 40},
		{"2001:db8:122:c000:0:aa00::", "2001:db8:122:c000:2:2100::", 48},
		{"2001:db8:122:3c0:0:aa::", "2001:db8:122:3c0:0:221::", 56},
		{"2001:db8:122:344:c0:0:aa00::", "2001:db8:122:344:c0:2:2100::", 64},
		{"2001:db8:122:344::192.0.0.170", "2001:db8:122:344::192.0.2.33", 96},
		{"64:ff9b::192.0.0.171", "64:ff9b::192.0.2.33", 96},
	};
	struct address v4 = of("192.0.2.33");

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct address found = of(cases[i].found), wanted = of(cases[i].wanted), made;
		struct nat64 prefix;

		assert_true(nat64_find(&found, &prefix));
		assert_int_equal(prefix.bits, cases[i].bits);
		made = nat64_address(&prefix, &v4);
		assert_true(address_same(&made, &wanted));
	}
}

static void address_without_the_known_one_in_it_is_no_prefix(void **state)
{
	struct address plain = of("2001:db8::1"), v4 = of("192.0.0.170");
	struct address near = of("64:ff9b::192.0.0.172"), taken = of("2001:db8:c000:aa:100::");
	struct nat64 prefix;

	assert_false(nat64_find(&plain, &prefix));
	assert_false(nat64_find(&v4, &prefix));
	assert_false(nat64_find(&near, &prefix));
	assert_false(nat64_find(&taken, &prefix));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prefix_of_every_length_is_found_and_used),
		cmocka_unit_test(address_without_the_known_one_in_it_is_no_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
