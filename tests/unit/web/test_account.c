/* SPDX-License-Identifier: Apache-2.0 */
/* Who asks, what is theirs, and whether they meant it: the pure parts of web/account/. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "web/account/change.h"
#include "web/account/own_events.h"
#include "web/account/proxy.h"
#include "web/account/scope.h"
#include "web/account/secret.h"
#include "web/policy.h"

#define SECRET "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static const struct principal admin = {.role = USER_ADMIN, .name = "admin"};
static const struct principal officer = {.role = USER_OFFICER, .kabupaten = "64.08"};
static const struct principal provider = {.role = USER_PROVIDER, .provider = "A"};
static const struct principal nobody = {.role = USER_PUBLIC};

/* ---- secrets */

static void a_secret_is_found_in_its_cookie_and_nowhere_else(void **state)
{
	static const char *const good[] = {"pantau_session=" SECRET, "a=b; pantau_session=" SECRET,
		"pantau_session=" SECRET "; c=d", "a=1;pantau_session=" SECRET ";b=2"};
	static const char *const bad[] = {"", "pantau_session",
		"pantau_session=", "pantau_session=" SECRET "0", "pantau_session=0",
		"xpantau_session=" SECRET, "a=pantau_session=" SECRET, "pantau_session=X" SECRET,
		"PANTAU_SESSION=" SECRET, ";;; ;"};
	char secret[SECRET_BYTES];

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(secret_in_cookie(good[i], COOKIE_PLAIN, secret));
		assert_string_equal(secret, SECRET);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(secret_in_cookie(bad[i], COOKIE_PLAIN, secret));
	assert_false(secret_in_cookie(NULL, COOKIE_PLAIN, secret));
	assert_false(secret_in_cookie("pantau_session=" SECRET, COOKIE_SECURE, secret));
	assert_true(secret_in_bearer("bearer " SECRET, secret));
	assert_false(secret_in_bearer("Basic " SECRET, secret));
	assert_false(secret_in_bearer("Bearer " SECRET " ", secret));
}

static void hash_and_csrf_follow_from_the_secret_alone(void **state)
{
	char a[SECRET_BYTES], b[SECRET_BYTES], hash[REGISTRY_HEX_BYTES], csrf[SECRET_BYTES];

	assert_int_equal(secret_make(a), 0);
	assert_int_equal(secret_make(b), 0);
	assert_string_not_equal(a, b);
	assert_int_equal(secret_hash(SECRET, hash), 0);
	/* printf SECRET | sha256sum */
	assert_string_equal(
		hash, "6c86c6aac5fb24bcf5d9939cb7d7d5645ce39418f449e03b262dd4fa14b4b92b");
	assert_int_equal(secret_csrf(SECRET, csrf), 0);
	assert_string_not_equal(hash, csrf);
	assert_true(secret_same(csrf, csrf));
	assert_false(secret_same(csrf, ""));
	assert_false(secret_same(csrf, hash));
}

/* ---- proxies */

static struct request from(const char *address, const char *forwarded_for, const char *proto)
{
	struct request request = {.forwarded_for = forwarded_for, .forwarded_proto = proto};

	strcpy(request.address, address);
	return request;
}

static void only_a_proxy_of_the_configuration_is_believed(void **state)
{
	static const struct {
		const char *peer, *forwarded_for, *proto, *address;
		bool secure;
	} cases[] = {
		{"127.0.0.1", "10.1.2.3", "https", "10.1.2.3", true},
		{"127.0.0.1", "6.6.6.6, 10.1.2.3", "HTTPS", "10.1.2.3", true},
		{"127.0.0.1", NULL, NULL, "127.0.0.1", false},
		{"127.0.0.1", "unknown", "http", "127.0.0.1", false},
		{"127.0.0.1", "", "", "127.0.0.1", false},
		{"::ffff:127.0.0.1", "2001:db8::1", "https", "2001:db8::1", true},
		{"192.0.2.1", "10.1.2.3", "https", "192.0.2.1", false},
		{"::1", "10.1.2.3", "https", "::1", false},
	};
	struct proxies proxies;

	assert_int_equal(proxies_read("127.0.0.1", &proxies, NULL), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct request request = from(
			cases[i].peer, cases[i].forwarded_for, cases[i].proto);

		proxies_look_behind(&proxies, &request);
		assert_string_equal(request.address, cases[i].address);
		assert_int_equal(request.secure, cases[i].secure);
	}
}

static void the_list_of_proxies_is_checked(void **state)
{
	struct proxies proxies;
	struct err err = {0};

	assert_int_equal(proxies_read("", &proxies, NULL), 0);
	assert_int_equal(proxies.count, 0);
	assert_int_equal(proxies_read(" 10.0.0.1, ::1 ", &proxies, NULL), 0);
	assert_int_equal(proxies.count, 2);
	assert_int_equal(proxies_read("10.0.0.1 proxy.local", &proxies, &err), -EINVAL);
	assert_non_null(strstr(err.text, "proxy.local"));
	assert_int_equal(proxies_read("1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 1.1.1.5 1.1.1.6 1.1.1.7 "
				      "1.1.1.8 1.1.1.9",
				 &proxies, &err),
		-EINVAL);
}

static void a_network_of_ipv6_counts_as_one(void **state)
{
	char group[HTTP_ADDRESS_BYTES];

	address_group("2001:db8:1:2:3:4:5:6", group);
	assert_string_equal(group, "2001:db8:1:2::");
	address_group("192.0.2.7", group);
	assert_string_equal(group, "192.0.2.7");
	address_group("?", group);
	assert_string_equal(group, "?");
	assert_true(address_is_loopback("127.3.2.1") && address_is_loopback("::1"));
	assert_false(address_is_loopback("::2") || address_is_loopback("192.0.2.7"));
}

/* ---- what was meant */

static unsigned status_of(struct request request, const struct principal *who)
{
	struct response response;
	unsigned status;

	response_init(&response);
	status = change_is_meant(&request, who, &response) ? 200 : response.status;
	response_done(&response);
	return status;
}

static void a_change_carries_what_only_our_page_knows(void **state)
{
	static const struct principal browser = {
		.role = USER_NOC, .session = "hash", .csrf = "token"};
	const struct request good = {.method = METHOD_POST,
		.csrf = "token",
		.host = "pantau.example:8443",
		.origin = "https://pantau.example:8443",
		.fetch_site = "same-origin",
		.content_type = "application/json; charset=utf-8",
		.body_length = 2};
	struct request request = good;

	assert_int_equal(status_of(good, &browser), 200);
	request.csrf = NULL;
	assert_int_equal(status_of(request, &browser), 403);
	assert_int_equal(status_of(request, &admin), 200); /* a script: it has no session */
	request.method = METHOD_GET;
	assert_int_equal(status_of(request, &browser), 200);
	request = good;
	request.csrf = "tokem";
	assert_int_equal(status_of(request, &browser), 403);
	request = good;
	request.origin = request.fetch_site = NULL; /* not every browser tells */
	assert_int_equal(status_of(request, &browser), 200);
	request.origin = "https://pantau.example";
	assert_int_equal(status_of(request, &browser), 403);
	request.origin = "null";
	assert_int_equal(status_of(request, &admin), 403);
	request = good;
	request.fetch_site = "cross-site";
	assert_int_equal(status_of(request, &browser), 403);
	request = good;
	request.content_type = "text/plain";
	assert_int_equal(status_of(request, &browser), 415);
	request.body_length = 0;
	assert_int_equal(status_of(request, &browser), 200);
}

/* ---- scope */

static unsigned narrowed(const struct principal *who, struct registry_filter *filter)
{
	struct response response;
	unsigned status;

	response_init(&response);
	status = scope_narrow(who, filter, &response) ? 200 : response.status;
	response_done(&response);
	return status;
}

static void a_list_is_narrowed_to_what_is_theirs(void **state)
{
	struct registry_filter filter = {0};

	assert_int_equal(narrowed(&admin, &filter), 200);
	assert_null(filter.kabupaten);
	assert_int_equal(narrowed(&officer, &filter), 200);
	assert_string_equal(filter.kabupaten, "64.08");
	filter = (struct registry_filter){.desa = "64.08.05.2001", .provider = "B"};
	assert_int_equal(narrowed(&officer, &filter), 200);
	assert_string_equal(filter.provider, "B");
	filter = (struct registry_filter){.kabupaten = "64.08"};
	assert_int_equal(narrowed(&provider, &filter), 200);
	assert_string_equal(filter.provider, "A");
}

static void what_is_another_s_is_refused(void **state)
{
	static const struct registry_filter others[] = {{.kabupaten = "64.02"},
		{.kecamatan = "64.02.01"}, {.desa = "64.02.01.2001"}, {.kabupaten = "64.0"},
		{.kabupaten = "64.080"}};
	static const struct principal unbound = {.role = USER_OFFICER};
	struct registry_filter filter;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		filter = others[i];
		assert_int_equal(narrowed(&officer, &filter), 403);
	}
	filter = (struct registry_filter){.provider = "B"};
	assert_int_equal(narrowed(&provider, &filter), 403);
	filter = (struct registry_filter){0};
	assert_int_equal(narrowed(&nobody, &filter), 403);
	assert_int_equal(narrowed(&unbound, &filter), 403);
	assert_null(filter.kabupaten);
}

static void links_and_regions_have_one_owner(void **state)
{
	const struct registry_link here = {.desa = "64.08.05.2001", .provider = "A"};
	const struct registry_link there = {.desa = "64.02.01.2001", .provider = "B"};

	assert_true(scope_has_link(&admin, &there));
	assert_true(scope_has_link(&officer, &here) && scope_has_link(&provider, &here));
	assert_false(scope_has_link(&officer, &there) || scope_has_link(&provider, &there));
	assert_false(scope_has_link(&nobody, &here));
	assert_true(scope_has_region(&officer, "64.08") && scope_has_region(&officer, "64.08.05"));
	assert_false(scope_has_region(&officer, "64") || scope_has_region(&officer, "64.081"));
	assert_false(scope_has_region(&provider, "64.08") || scope_has_region(&nobody, ""));
}

/* ---- events */

static void assert_events(const char *raw_text, const char *wanted)
{
	struct registry_link links[] = {{.id = 3}, {.id = 17}};
	const struct own own = {.links = links, .count = 2};
	struct buf raw, out;

	buf_init(&raw, 4096);
	buf_init(&out, 4096);
	assert_int_equal(buf_append(&raw, raw_text, strlen(raw_text)), 0);
	assert_int_equal(own_events_take(&own, &raw, &out), 0);
	assert_int_equal(buf_length(&out), strlen(wanted));
	assert_memory_equal(buf_peek(&out), wanted, strlen(wanted));
	buf_done(&raw);
	buf_done(&out);
}

static void events_of_others_leave_their_id_alone(void **state)
{
	assert_events("event: state\nid: 5\ndata: {\"link\":17,\"state\":\"up\"}\n\n",
		"event: state\nid: 5\ndata: {\"link\":17,\"state\":\"up\"}\n\n");
	assert_events("event: state\nid: 5\ndata: {\"link\":1,\"state\":\"up\"}\n\n", "id: 5\n\n");
	assert_events("event: state\ndata: {\"link\":1,\"state\":\"up\"}\n\n", "");
	assert_events("event: slots\nid: 9\ndata: {\"links\":[{\"link\":1,\"a\":2},"
		      "{\"link\":3,\"a\":4},{\"link\":17,\"a\":null}]}\n\n",
		"event: slots\nid: 9\ndata: {\"links\":[{\"link\":3,\"a\":4},"
		"{\"link\":17,\"a\":null}]}\n\n");
	assert_events(
		"event: slots\nid: 9\ndata: {\"links\":[{\"link\":1,\"a\":2}]}\n\n", "id: 9\n\n");
	assert_events("retry: 3000\n\nevent: hello\nid: 4\ndata: {}\n\n: still here\n\n",
		"retry: 3000\n\nevent: hello\nid: 4\ndata: {}\n\n: still here\n\n");
}

static void what_is_not_known_to_be_theirs_is_left_out(void **state)
{
	assert_events("event: news\nid: 6\ndata: {\"text\":\"secret\"}\n\n", "id: 6\n\n");
	assert_events("event: news\ndata: {\"links\":[7,17]}\n\n", "");
	assert_events("event: state\ndata: {\"link\":170}\n\nevent: state\ndata: {\"link\":", "");
	assert_events("event: state\ndata: {\"link\":\"17\"}\n\n", "");
}

/* ---- policy */

static void the_host_of_the_tiles_is_in_the_policy(void **state)
{
	char policy[HTTP_POLICY_BYTES];

	assert_int_equal(policy_write("", policy, NULL), 0);
	assert_non_null(strstr(policy, "img-src 'self' data:;"));
	assert_null(strstr(policy, "unsafe"));
	assert_int_equal(policy_write("https://tile.example/{z}/{x}/{y}.png", policy, NULL), 0);
	assert_non_null(strstr(policy, "data: https://tile.example;"));
	assert_int_equal(policy_write("http://{s}.t.example:81/{z}/{x}/{y}", policy, NULL), 0);
	assert_non_null(strstr(policy, "data: http://*.t.example:81;"));
}

static void what_is_no_tile_server_is_refused(void **state)
{
	static const char *const bad[] = {"tile.example/{z}/{x}/{y}", "ftp://t/{z}/{x}/{y}",
		"https://t.example; script-src */{z}/{x}/{y}", "https:///{z}/{x}/{y}",
		"https://t.example/{z}/{x}", "https://t.example"};
	char policy[HTTP_POLICY_BYTES];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(policy_write(bad[i], policy, NULL), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_secret_is_found_in_its_cookie_and_nowhere_else),
		cmocka_unit_test(hash_and_csrf_follow_from_the_secret_alone),
		cmocka_unit_test(only_a_proxy_of_the_configuration_is_believed),
		cmocka_unit_test(the_list_of_proxies_is_checked),
		cmocka_unit_test(a_network_of_ipv6_counts_as_one),
		cmocka_unit_test(a_change_carries_what_only_our_page_knows),
		cmocka_unit_test(a_list_is_narrowed_to_what_is_theirs),
		cmocka_unit_test(what_is_another_s_is_refused),
		cmocka_unit_test(links_and_regions_have_one_owner),
		cmocka_unit_test(events_of_others_leave_their_id_alone),
		cmocka_unit_test(what_is_not_known_to_be_theirs_is_left_out),
		cmocka_unit_test(the_host_of_the_tiles_is_in_the_policy),
		cmocka_unit_test(what_is_no_tile_server_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
