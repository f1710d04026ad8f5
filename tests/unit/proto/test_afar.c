/* SPDX-License-Identifier: Apache-2.0 */
/* What a collector may say, and above all what it may not: whoever owns it owns no router. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/afar.h"
#include "proto/limits.h"

static int check(const char *name, const char *value, char *ret_why)
{
	const struct conf_key *key = afar_find_name(name);

	if (!key)
		fail_msg("%s is no key", name);
	return afar_check(key, value, ret_why);
}

static void ordinary_values_pass(void **state)
{
	static const char *const cases[][2] = {
		{"agent.profile", "metered"},
		{"agent.slot_s", "10"},
		{"agent.round_s", "0"},
		{"agent.round_s", "5"},
		{"agent.report_s", "3600"},
		{"agent.log_level", "debug"},
		{"wan.internet_targets", "1.1.1.1, 8.8.8.8,2606:4700:4700::1111"},
		{"wan2.internet_targets", "9.9.9.9, 1.1.1.1,1.0.0.1"},
		{"wan.tcp_target", ""},
		{"wan.tcp_target", "1.1.1.1:443"},
		{"wan.tcp_target", "[2606:4700:4700::1111]:443"},
		{"wan.provider_targets", "auto"},
		{"wan.provider_targets", "off"},
		{"wan.edge_targets", "103.28.52.1"},
		{"dns.resolvers", "8.8.8.8"},
		{"dns.name", "pantau.kaltimprov.go.id"},
		{"http.url", ""},
		{"http.url", "http://connectivitycheck.gstatic.com/generate_204"},
		{"http.url", "https://8.8.8.8/"},
		{"http.expect", "200 <html>"},
		{"speed.server", "https://noc.example.go.id:8443/speed?x=1"},
		{"speed.server", "http://[2606:4700:4700::1111]:8080/"},
		{"speed.down_bytes", "67108864"},
		{"speed.month_bytes", "0"},
		{"stamp.target", "1.1.1.1:862"},
		{"stamp.interval_s", "60"},
		{"usage.clients", "no"},
	};
	char why[CONF_WHY_BYTES];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (check(cases[i][0], cases[i][1], why) != 0)
			fail_msg("%s = %s: %s", cases[i][0], cases[i][1], why);
}

static const char *const forbidden[][3] = {
	/* the village's own network, the provider's inside, the router itself */
	{"wan.internet_targets", "192.168.1.1", "192.168.1.1 is not a public address"},
	{"wan.internet_targets", "8.8.8.8, 10.0.0.1", "10.0.0.1"},
	{"wan.internet_targets", "100.64.0.1", "not a public"},
	{"wan.internet_targets", "127.0.0.1", "not a public"},
	{"wan.internet_targets", "169.254.169.254", "not a public"},
	{"wan.internet_targets", "255.255.255.255", "not a public"},
	{"wan.internet_targets", "239.1.2.3", "not a public"},
	{"wan.internet_targets", "::1", "not a public"},
	{"wan.internet_targets", "fe80::1", "not a public"},
	{"wan.internet_targets", "fd00::1", "not a public"},
	{"wan.internet_targets", "ff02::1", "not a public"},
	{"wan.internet_targets", "::ffff:192.168.1.1", "not a public"},
	{"wan.internet_targets", "64:ff9b::c0a8:101", "not a public"},
	{"wan.internet_targets", "2002:c0a8:101::1", "not a public"},
	{"wan.internet_targets", "example.com", "no IPv4 or IPv6 address"},
	{"wan.internet_targets", "", "at least one"},
	{"wan.internet_targets", "8.8.8.8", "at least 3"},
	{"wan.internet_targets", "8.8.8.8, 9.9.9.9, 8.8.8.8, 9.9.9.9", "at least 3"},
	{"wan.internet_targets", "8.8.8.8, 8.8.4.4, 8.8.8.9", "at least 2 networks"},
	{"wan.internet_targets", "auto", "no IPv4"},
	{"wan2.internet_targets", "172.16.0.1", "not a public"},
	{"wan.edge_targets", "10.0.0.1", "not a public"},
	{"wan.provider_targets", "192.168.88.1", "not a public"},
	{"dns.resolvers", "192.168.1.1", "not a public"},
	/* other services than those that expect strangers */
	{"wan.tcp_target", "8.8.8.8:25", "25 is none of the ports"},
	{"wan.tcp_target", "8.8.8.8:22", "none of the ports"},
	{"wan.tcp_target", "8.8.8.8", "is not ADDRESS:PORT"},
	{"wan.tcp_target", "192.168.1.1:80", "not a public"},
	{"wan.tcp_target", "router.lan:80", "no IPv4"},
	{"stamp.target", "8.8.8.8:53", "system service"},
	{"stamp.target", "10.1.1.1:862", "not a public"},
	{"stamp.target", "8.8.8.8", "is not ADDRESS:PORT"},
	/* pages */
	{"http.url", "http://192.168.1.1/cgi-bin/reboot", "not a public"},
	{"http.url", "http://user:pass@8.8.8.8/", "not HOST"},
	{"http.url", "http://8.8.8.8:22/", "none of the ports"},
	{"http.url", "http://8.8.8.8:53/", "none of the ports"},
	{"http.url", "file:///etc/shadow", "http://"},
	{"http.url", "gopher://8.8.8.8/", "http://"},
	{"http.url", "http://localhost/", "no name with a dot"},
	{"http.url", "http://2130706433/", "no name with a dot"},
	{"http.url", "http://0x7f.0.0.1/", "no name with a dot"},
	{"http.url", "http://127.1/", "no name with a dot"},
	{"http.url", "http://010.0.0.1/", "no name with a dot"},
	{"http.url", "http://router./", "no name with a dot"},
	{"http.url", "http://[::1]/", "not a public"},
	{"http.url", "http://[::ffff:10.0.0.1]:80/", "not a public"},
	{"http.url", "http://", "not HOST"},
	{"http.url", "http:///x", "not HOST"},
	{"http.url", "http://a.b/ c", "is no URL"},
	{"http.url", "http://a.b/`reboot`", "is no URL"},
	{"http.url", "http://a.b\\@192.168.1.1/", "is no URL"},
	{"speed.server", "http://10.0.0.1/", "not a public"},
	{"speed.server", "https://[fe80::1]/", "not a public"},
	/* rates and sizes */
	{"agent.round_s", "1", "5 to 60"},
	{"agent.round_s", "-1", "5 to 60"},
	{"agent.slot_s", "0", "10 to 60"},
	{"agent.slot_s", "1", "10 to 60"},
	{"agent.near_s", "1", "60 to"},
	{"agent.report_s", "1", "10 to"},
	{"dns.interval_s", "1", "60 to"},
	{"http.interval_s", "60", "300 to"},
	{"http.interval_s", "0", "300 to"},
	{"speed.interval_s", "600", "3600 to"},
	{"speed.down_bytes", "268435456", "67108864"},
	{"speed.up_bytes", "99999999999999999999", "to"},
	{"speed.month_bytes", "1099511627776", "to"},
	{"stamp.interval_s", "1", "60 to"},
	{"evidence.interval_s", "1", "60 to"},
	/* what would be another line, or none */
	{"http.expect", "204\nstate_folder = /", "printable"},
	{"http.expect", "204 ; rest", "without ;"},
	{"dns.name", "a.b\r", "printable"},
	{"dns.name", "com", "no name"},
	{"dns.name", "a..b", "no name"},
	{"dns.name", "-a.b", "no name"},
	{"dns.name", "8.8.8.8", "no name"},
	{"usage.clients", "maybe", "yes or no"},
	{"agent.profile", "", "default, metered"},
};

static void no_router_becomes_a_weapon_or_a_scanner(void **state)
{
	char why[CONF_WHY_BYTES];

	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
		why[0] = '\0';
		if (check(forbidden[i][0], forbidden[i][1], why) != -EINVAL)
			fail_msg("%s = %s passes", forbidden[i][0], forbidden[i][1]);
		if (!strstr(why, forbidden[i][2]))
			fail_msg("%s = %s: \"%s\" does not say \"%s\"", forbidden[i][0],
				forbidden[i][1], why, forbidden[i][2]);
	}
}

static void what_is_the_agents_own_is_no_key(void **state)
{
	static const char *const names[] = {"collector.address", "collector.ca", "agent.user",
		"agent.helper", "agent.state_folder", "agent.spool_bytes", "agent.trial_s",
		"wan.interface", "wan.name", "wan.gateway_target", "stamp.key", "evidence.folder",
		"usage.leases", "", ".", "agent", "agent.", ".round_s", "agent.round_s ", "wan3.x"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (afar_find_name(names[i]))
			fail_msg("%s may come from afar", names[i]);
}

static void values_are_bounded(void **state)
{
	char value[AFAR_VALUE_MAX + 2], why[CONF_WHY_BYTES];

	memset(value, 'a', sizeof(value));
	value[AFAR_VALUE_MAX] = '\0';
	assert_int_equal(check("http.expect", value, why), 0);
	value[AFAR_VALUE_MAX] = 'a';
	value[AFAR_VALUE_MAX + 1] = '\0';
	assert_int_equal(check("http.expect", value, why), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ordinary_values_pass),
		cmocka_unit_test(no_router_becomes_a_weapon_or_a_scanner),
		cmocka_unit_test(what_is_the_agents_own_is_no_key),
		cmocka_unit_test(values_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
