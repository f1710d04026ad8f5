/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/agent/fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/net/address.h"
#include "agent/settings/settings.h"

static char path[] = "/tmp/test-agent-conf-XXXXXX";
static struct err err;

static int load(struct settings *settings, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	return settings_load(settings, path, &err);
}

static void refuses(const char *text, const char *words)
{
	struct settings settings;

	err.text[0] = '\0';
	assert_true(load(&settings, text) < 0);
	if (!strstr(err.text, words))
		fail_msg("\"%s\" does not say \"%s\"", err.text, words);
}

static void empty_file_means_the_defaults(void **state)
{
	struct settings settings;
	struct settings_target targets;

	if (load(&settings, "") < 0)
		fail_msg("%s", err.text);
	assert_int_equal(settings.slot_s, 60);
	assert_int_equal(settings.round_s, 10);
	assert_int_equal(settings_wan_targets(&settings, 0, &targets, &err), 0);
	assert_int_equal(targets.count, 4); /* three addresses and one by TCP */
	assert_int_equal(targets.targets[3].port, 443);
	assert_true(targets.gateway_auto && targets.provider_auto);
	settings_done(&settings);
}

static void reflector_needs_an_address_and_a_key(void **state)
{
	const char target[] = "[stamp]\ntarget = [2001:db8::9]:8620\nidentifier = 7\n";
	struct settings_stamp stamp;
	struct settings settings;
	char text[200];

	snprintf(text, sizeof(text), "%skey = 000102030405060708090a0b0c0d0e0f\n", target);
	assert_int_equal(load(&settings, text), 0);
	assert_int_equal(settings_stamp(&settings, &stamp, &err), 0);
	assert_int_equal(stamp.target.port, 8620);
	assert_int_equal(stamp.target.class, CLASS_INTERNET);
	assert_int_equal(stamp.key[15], 15);
	assert_int_equal(stamp.identifier, 7);
	assert_int_equal(stamp.every_us, S(600));
	settings_done(&settings);
	refuses(target, "[stamp] key");
	refuses("[stamp]\ntarget = stamp.example:8620\nkey = 000102030405060708090a0b0c0d0e0f\n",
		"[stamp] target");
	refuses("[stamp]\ntarget = stamp.example\nkey = 000102030405060708090a0b0c0d0e0f\n",
		"[stamp] target");
	refuses("[stamp]\nkey = 000102030405060708090A0B0C0D0E0F\n", "[stamp] key");
	assert_null(strstr(err.text, "0A0B")); /* words go into logs */
}

static void reflector_of_a_collector_may_have_its_name(void **state)
{
	struct settings_stamp stamp;
	struct settings settings;

	assert_int_equal(load(&settings,
				 "[collector]\naddress = a.example, noc.example:7000\n"
				 "[stamp]\ntarget = noc.example:8620\n"
				 "key = 000102030405060708090a0b0c0d0e0f\n"),
		0);
	assert_int_equal(settings_stamp(&settings, &stamp, &err), 0);
	assert_string_equal(stamp.collector, "noc.example");
	assert_int_equal(stamp.target.port, 8620);
	assert_int_equal(stamp.target.address.length, 0);
	settings_done(&settings);
}

static void resolvers_are_found_or_listed_or_off(void **state)
{
	struct settings_dns dns;
	struct settings settings;

	assert_int_equal(load(&settings, ""), 0);
	assert_int_equal(settings_dns(&settings, &dns, &err), 0);
	assert_true(dns.is_auto && dns.count == 0);
	settings_done(&settings);
	assert_int_equal(load(&settings, "[dns]\nresolvers = 192.0.2.53, 2001:db8::53\n"), 0);
	assert_int_equal(settings_dns(&settings, &dns, &err), 0);
	assert_true(!dns.is_auto && dns.count == 2);
	assert_int_equal(dns.resolvers[1].length, 16);
	settings_done(&settings);
	assert_int_equal(load(&settings, "[dns]\nresolvers = off\n"), 0);
	assert_int_equal(settings_dns(&settings, &dns, &err), 0);
	assert_true(!dns.is_auto && dns.count == 0);
	settings_done(&settings);
	refuses("[dns]\nresolvers = dns.example\n", "[dns] resolvers");
	refuses("[dns]\nresolvers = 192.0.2.1,192.0.2.2,192.0.2.3,192.0.2.4,192.0.2.5\n", "fifth");
	refuses("[dns]\nname = not a name\n", "[dns] name");
}

static void lists_become_targets_of_their_class(void **state)
{
	struct settings settings;
	struct settings_target targets;

	if (load(&settings,
		    "[wan]\ninternet_targets = 192.0.2.1 ,2001:db8::2,\n"
		    "tcp_target = [2001:db8::3]:8443\ngateway_target = 10.0.0.1\n"
		    "provider_targets = off\nedge_targets = 10.0.1.1\n") < 0)
		fail_msg("%s", err.text);
	assert_int_equal(settings_wan_targets(&settings, 0, &targets, &err), 0);
	assert_false(targets.gateway_auto || targets.provider_auto);
	assert_int_equal(targets.count, 5);
	assert_int_equal(targets.targets[1].address.length, 16);
	assert_int_equal(targets.targets[2].port, 8443);
	assert_int_equal(targets.targets[3].class, CLASS_GATEWAY);
	assert_int_equal(targets.targets[4].class, CLASS_EDGE);
	settings_done(&settings);
}

static void collectors_have_a_host_and_a_port(void **state)
{
	struct settings settings;
	struct settings_collector found[SETTINGS_COLLECTORS];
	size_t count;

	if (load(&settings,
		    "[collector]\naddress = noc.example:7000, [2001:db8::1]:7001, "
		    "192.0.2.1, 2001:db8::2\n") < 0)
		fail_msg("%s", err.text);
	assert_int_equal(settings_collectors(&settings, found, &count, &err), 0);
	assert_int_equal(count, 4);
	assert_string_equal(found[0].host, "noc.example");
	assert_string_equal(found[0].port, "7000");
	assert_string_equal(found[1].host, "2001:db8::1");
	assert_string_equal(found[1].port, "7001");
	assert_string_equal(found[2].port, "7443");
	assert_string_equal(found[3].host, "2001:db8::2");
	settings_done(&settings);
}

static void second_wan_is_on_when_it_has_a_name(void **state)
{
	struct settings settings;

	if (load(&settings, "[wan2]\nname = wwan\ninterface = wwan0\n") < 0)
		fail_msg("%s", err.text);
	assert_string_equal(settings.wans[1].interface, "wwan0");
	settings_done(&settings);
	refuses("[wan2]\nname = wan\n", "same name");
	refuses("[wan2]\nname = wwan\ninternet_targets = nobody\n", "[wan2] internet_targets");
}

static void mistakes_are_named_with_section_key_and_value(void **state)
{
	refuses("[wan]\ninternet_targets = example.com\n",
		"[wan] internet_targets = example.com: must be an IPv4 or IPv6 address");
	refuses("[wan]\ninternet_targets =\n", "at least one");
	refuses("[wan]\ntcp_target = 192.0.2.1\n", "[wan] tcp_target = 192.0.2.1");
	refuses("[wan]\ntcp_target = 192.0.2.1:0\n", "ADDRESS:PORT");
	refuses("[wan]\ntcp_target = 192.0.2.1:65536\n", "ADDRESS:PORT");
	refuses("[wan]\ngateway_target = on\n", "[wan] gateway_target = on");
	refuses("[wan]\nname = Wan One\n", "[wan] name = Wan One");
	refuses("[wan]\nname = a-name-of-17-chars\n", "1 to 16");
	refuses("[collector]\naddress = :7443\n", "HOST:PORT");
	refuses("[collector]\naddress =\n", "at least one");
	refuses("[collector]\naddress = a,b,c,d,e\n", "at most 4");
	refuses("[agent]\nslot_s = 61\n", "slot_s = 61");
	refuses("[agent]\nslot_s = 5\n", "round_s = 10: must be at most slot_s");
	refuses("[agent]\nlog_level = loud\n", "log_level = loud");
}

static void more_probes_than_a_slot_holds_are_refused(void **state)
{
	refuses("[agent]\nround_s = 1\n[wan]\ninternet_targets = 192.0.2.1,192.0.2.2,192.0.2.3,"
		"192.0.2.4,192.0.2.5,192.0.2.6\n",
		"too many for a round every 1 s");
	refuses("[wan]\ninternet_targets = 192.0.2.1,192.0.2.2,192.0.2.3,192.0.2.4,192.0.2.5,"
		"192.0.2.6,192.0.2.7,192.0.2.8,192.0.2.9,192.0.2.10,192.0.2.11,192.0.2.12\n",
		"more than 12 targets");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_file_means_the_defaults),
		cmocka_unit_test(reflector_needs_an_address_and_a_key),
		cmocka_unit_test(reflector_of_a_collector_may_have_its_name),
		cmocka_unit_test(resolvers_are_found_or_listed_or_off),
		cmocka_unit_test(lists_become_targets_of_their_class),
		cmocka_unit_test(collectors_have_a_host_and_a_port),
		cmocka_unit_test(second_wan_is_on_when_it_has_a_name),
		cmocka_unit_test(mistakes_are_named_with_section_key_and_value),
		cmocka_unit_test(more_probes_than_a_slot_holds_are_refused),
	};
	int fd = mkstemp(path), failed;

	if (fd < 0)
		return 1;
	close(fd);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return failed;
}
