/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keys that may come from afar, one list a section, for the agent's table and for afar.c:
 *
 *	TEXT(section, key, member, fallback, rule, help)
 *	NUMBER(section, key, member, fallback, min, max, least, most, help)
 *	CHOICE(section, key, member, fallback, choices, help)
 *	SWITCH(section, key, member, fallback, help)
 *
 * min and max hold for the agent's own file, least and most (within them) for the collector.
 */
#ifndef PANTAU_PROTO_AFAR_KEYS_H
#define PANTAU_PROTO_AFAR_KEYS_H

#define AFAR_DAY_S 86400
#define AFAR_MIB (1LL << 20)
#define AFAR_TEST_BYTES_MIN (64 * 1024) /* less says nothing of a link */
#define AFAR_TEST_BYTES_MAX (256 * AFAR_MIB) /* what 100 Mbit/s move in 20 s */
#define AFAR_MONTH_BYTES_MAX (1LL << 40)
#define AFAR_REPORT_S_MAX 3600 /* the wall shows an agent as silent long before */

#define AFAR_AGENT(TEXT, NUMBER, CHOICE, SWITCH)                                                 \
	CHOICE("agent", "profile", profile, "default", afar_profiles,                            \
		"default, or metered: fewer questions and reports where each byte is paid for"), \
		NUMBER("agent", "slot_s", slot_s, "60", 1, 60, 10, 60,                           \
			"length of a slot in seconds"),                                          \
		NUMBER("agent", "round_s", round_s, "0", 0, 60, 5, 60,                           \
			"seconds between rounds of questions; 0: by profile, 10 or 30"),         \
		NUMBER("agent", "near_s", near_s, "0", 0, AFAR_DAY_S, 60, AFAR_DAY_S,            \
			"seconds between questions to gateway, edge and provider while all is "  \
			"well; 0: by "                                                           \
			"profile, 600 or 1800"),                                                 \
		NUMBER("agent", "report_s", report_s, "0", 0, AFAR_REPORT_S_MAX, 10,             \
			AFAR_REPORT_S_MAX,                                                       \
			"seconds between reports while all is well; 0: by profile, a slot or "   \
			"600"),                                                                  \
		CHOICE("agent", "log_level", log_level, "info", afar_levels,                     \
			"error, warn, info or debug")

#define AFAR_WAN_TARGETS(section, index, TEXT, NUMBER, CHOICE, SWITCH)                       \
	TEXT(section, "internet_targets", wans[index].internet_targets,                      \
		"1.1.1.1, 8.8.8.8, 9.9.9.9", AFAR_ADDRESSES,                                 \
		"addresses asked in turn, one a round; better in different networks"),       \
		TEXT(section, "tcp_target", wans[index].tcp_target, "8.8.4.4:443", AFAR_TCP, \
			"ADDRESS:PORT asked by TCP before a round counts as lost; empty: nobody")

#define AFAR_WAN_FOUND(section, index, TEXT, NUMBER, CHOICE, SWITCH)                        \
	TEXT(section, "provider_targets", wans[index].provider_targets, "auto", AFAR_FOUND, \
		"auto (resolvers of /etc/resolv.conf), off, or addresses"),                 \
		TEXT(section, "edge_targets", wans[index].edge_targets, "auto", AFAR_FOUND, \
			"auto (the first hop beyond the premises, found by TTL), off, or "  \
			"addresses")

#define AFAR_DNS(TEXT, NUMBER, CHOICE, SWITCH)                                           \
	NUMBER("dns", "interval_s", dns.interval_s, "0", 0, AFAR_DAY_S, 60, AFAR_DAY_S,  \
		"seconds between questions to a resolver; 0: by profile, 1800 or 7200"), \
		TEXT("dns", "resolvers", dns.resolvers, "auto", AFAR_FOUND,              \
			"auto (those of /etc/resolv.conf), off, or addresses"),          \
		TEXT("dns", "name", dns.name, "example.com", AFAR_HOST,                  \
			"a name that exists; one drawn at random below it must not")

#define AFAR_HTTP(TEXT, NUMBER, CHOICE, SWITCH)                                                \
	NUMBER("http", "interval_s", http.interval_s, "3600", 60, AFAR_DAY_S, 300, AFAR_DAY_S, \
		"seconds between pages fetched"),                                              \
		TEXT("http", "url", http.url, "", AFAR_URL, "the page; empty: none"),          \
		TEXT("http", "expect", http.expect, "204", AFAR_FREE,                          \
			"what must come: a status, or a status and the beginning of the content")

#define AFAR_SPEED(TEXT, NUMBER, CHOICE, SWITCH)                                                 \
	NUMBER("speed", "interval_s", speed.interval_s, "21600", 20, 7 * AFAR_DAY_S, 3600,       \
		7 * AFAR_DAY_S, "seconds between speed tests"),                                  \
		TEXT("speed", "server", speed.server, "", AFAR_URL,                              \
			"the endpoint's URL (docs/SPEED.md); empty: no tests"),                  \
		NUMBER("speed", "down_bytes", speed.down_bytes, "16777216", AFAR_TEST_BYTES_MIN, \
			AFAR_TEST_BYTES_MAX, AFAR_TEST_BYTES_MIN, 64 * AFAR_MIB,                 \
			"most bytes that a test may fetch"),                                     \
		NUMBER("speed", "up_bytes", speed.up_bytes, "12582912", AFAR_TEST_BYTES_MIN,     \
			AFAR_TEST_BYTES_MAX, AFAR_TEST_BYTES_MIN, 32 * AFAR_MIB,                 \
			"most bytes that a test may send"),                                      \
		NUMBER("speed", "month_bytes", speed.month_bytes, "1073741824", 0,               \
			AFAR_MONTH_BYTES_MAX, 0, 8192 * AFAR_MIB,                                \
			"most bytes that tests may move in 30 days; then they are skipped"),     \
		NUMBER("speed", "busy_kbps", speed.busy_kbps, "500", 0, 10000000, 0, 10000000,   \
			"no test while others move more than this over the WAN")

#define AFAR_STAMP(TEXT, NUMBER, CHOICE, SWITCH)                                                 \
	TEXT("stamp", "target", stamp.target, "", AFAR_UDP,                                      \
		"ADDRESS:PORT of the programme's STAMP reflector; empty: none"),                 \
		NUMBER("stamp", "interval_s", stamp.interval_s, "0", 0, AFAR_DAY_S, 60,          \
			AFAR_DAY_S,                                                              \
			"seconds between questions to it while all is well; 0: by profile, 600 " \
			"or 3600")

#define AFAR_EVIDENCE(TEXT, NUMBER, CHOICE, SWITCH)                                      \
	NUMBER("evidence", "interval_s", evidence.interval_s, "900", 60, AFAR_DAY_S, 60, \
		AFAR_DAY_S, "seconds between")

#define AFAR_USAGE(TEXT, NUMBER, CHOICE, SWITCH)         \
	SWITCH("usage", "clients", usage.clients, "yes", \
		"count the devices behind the router, without their names")

#endif
