/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>

#include "proto/public.h"

static void expect(const char *const *texts, int public)
{
	for (; *texts; texts++)
		if (public_text(*texts) != public)
			fail_msg("%s: %d, must be %d", *texts, public_text(*texts), public);
}

static void hosts_of_the_internet_are_public(void **state)
{
	static const char *const texts[] = {"1.1.1.1", "8.8.8.8", "9.9.9.9", "103.28.52.1",
		"223.255.255.254", "2606:4700:4700::1111", "2001:4860:4860::8888", "2400:9800::1",
		"2001:200::1", NULL};

	expect(texts, 1);
}

/* The last address before a range and the first one behind it are public, its edges are not. */
static void ranges_of_ipv4_end_where_they_should(void **state)
{
	static const char *const inside[] = {"0.0.0.0", "0.255.255.255", "10.0.0.0",
		"10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.0", "127.0.0.1",
		"127.255.255.255", "169.254.0.0", "169.254.255.255", "172.16.0.0", "172.31.255.255",
		"192.0.0.0", "192.0.0.255", "192.0.2.0", "192.0.2.255", "192.88.99.0",
		"192.88.99.255", "192.168.0.0", "192.168.255.255", "198.18.0.0", "198.19.255.255",
		"198.51.100.0", "198.51.100.255", "203.0.113.0", "203.0.113.255", "224.0.0.0",
		"239.255.255.255", "240.0.0.0", "255.255.255.255", NULL};
	static const char *const outside[] = {"1.0.0.0", "9.255.255.255", "11.0.0.0",
		"100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255",
		"169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.0",
		"192.0.1.255", "192.0.3.0", "192.88.98.255", "192.88.100.0", "192.167.255.255",
		"192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0",
		"203.0.112.255", "203.0.114.0", "223.255.255.255", NULL};

	expect(inside, 0);
	expect(outside, 1);
}

static void ranges_of_ipv6_end_where_they_should(void **state)
{
	static const char *const inside[] = {"::", "::1", "1fff:ffff::", "100::1", "5f00::1",
		"4000::", "2001::1", "2001:2::1", "2001:10::1", "2001:1ff:ffff::1",
		"2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2002::1",
		"2002:808:808::1", "3ffe::1", "3fff::", "3fff:fff:ffff::1", "fc00::1",
		"fd12:3456::1", "fe80::1", "febf::1", "fec0::1", "ff02::1", "ff0e::1", NULL};
	static const char *const outside[] = {"2000::", "2001:200::", "2001:db7:ffff::1",
		"2001:db9::", "2003::1", "3ffd:ffff::1", "3fff:1000::1", NULL};

	expect(inside, 0);
	expect(outside, 1);
}

static void an_ipv4_address_within_an_ipv6_one_is_looked_through(void **state)
{
	static const char *const inside[] = {"::ffff:8.8.8.8", "::ffff:192.168.1.1", "::8.8.8.8",
		"::ffff:0:8.8.8.8", "64:ff9b::192.168.1.1", "64:ff9b::10.0.0.1",
		"64:ff9b::127.0.0.1", "64:ff9b::100.64.0.1", "64:ff9b::224.0.0.1",
		"64:ff9b:1::8.8.8.8", "64:ff9b:0:0:0:1:808:808", "2002:c0a8:101::1",
		"2001:0:4136:e378:8000:63bf:3fff:fdd2", NULL};
	static const char *const outside[] = {"64:ff9b::8.8.8.8", "64:ff9b::101:101", NULL};

	expect(inside, 0);
	expect(outside, 1);
}

static void what_is_no_address_is_said_to_be_none(void **state)
{
	static const char *const texts[] = {"", "example.com", "1.1.1", "1.1.1.1.1", "1.1.1.1/8",
		"0x7f.1", "2130706433", "010.0.0.1.", "fe80::1%eth0", " 1.1.1.1", NULL};
	struct address none = {0};

	expect(texts, -EINVAL);
	assert_false(public_address(&none));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_of_the_internet_are_public),
		cmocka_unit_test(ranges_of_ipv4_end_where_they_should),
		cmocka_unit_test(ranges_of_ipv6_end_where_they_should),
		cmocka_unit_test(an_ipv4_address_within_an_ipv6_one_is_looked_through),
		cmocka_unit_test(what_is_no_address_is_said_to_be_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
