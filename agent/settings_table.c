/* SPDX-License-Identifier: Apache-2.0 */
/* Every key that the agent knows. Those marked AFAR its collector may set too. */
#include "agent/settings.h"
#include "agent/spool.h"
#include "common/log.h"

#define SPOOL_BYTES_MAX (1LL << 30) /* more than any router has */
#define REPORT_S_MAX 3600 /* the wall shows an agent as silent long before */
#define DAY_S 86400
#define MONTH_BYTES_MAX (1LL << 40)
#define TEST_BYTES_MIN (64 * 1024) /* less says nothing of a link */
#define TEST_BYTES_MAX (256LL << 20) /* what 100 Mbit/s move in 20 s */

#define OWN false
#define AFAR true
#define AT(member) offsetof(struct settings, member)

#define TEXT(section_, key_, member, fallback_, from_afar_, help_)                         \
	{                                                                                  \
		.section = section_, .key = key_, .type = CONF_TEXT, .offset = AT(member), \
		.fallback = fallback_, .from_afar = from_afar_, .help = help_              \
	}
#define NUMBER(section_, key_, member, fallback_, min_, max_, from_afar_, help_)             \
	{                                                                                    \
		.section = section_, .key = key_, .type = CONF_NUMBER, .offset = AT(member), \
		.fallback = fallback_, .min = min_, .max = max_, .from_afar = from_afar_,    \
		.help = help_                                                                \
	}
#define CHOICE(section_, key_, member, fallback_, choices_, from_afar_, help_)                     \
	{                                                                                          \
		.section = section_, .key = key_, .type = CONF_CHOICE, .offset = AT(member),       \
		.fallback = fallback_, .choices = choices_, .from_afar = from_afar_, .help = help_ \
	}
#define SWITCH(section_, key_, member, fallback_, from_afar_, help_)                         \
	{                                                                                    \
		.section = section_, .key = key_, .type = CONF_SWITCH, .offset = AT(member), \
		.fallback = fallback_, .from_afar = from_afar_, .help = help_                \
	}
/* The keys of one WAN's section. */
#define WAN(section, index, name_)                                                             \
	TEXT(section, "name", wans[index].name, name_, OWN,                                    \
		"the WAN's name in the records; empty: this section is off"),                  \
		TEXT(section, "interface", wans[index].interface, "auto", OWN,                 \
			"its interface; auto: that of the default route"),                     \
		TEXT(section, "internet_targets", wans[index].internet_targets,                \
			"1.1.1.1, 8.8.8.8, 9.9.9.9", AFAR,                                     \
			"addresses asked in turn, one a round; better in different networks"), \
		TEXT(section, "tcp_target", wans[index].tcp_target, "1.1.1.1:443", AFAR,       \
			"ADDRESS:PORT asked by TCP before a round counts as lost; empty: "     \
			"nobody"),                                                             \
		TEXT(section, "gateway_target", wans[index].gateway_target, "auto", OWN,       \
			"auto (from the routing table), off, or an address"),                  \
		TEXT(section, "provider_targets", wans[index].provider_targets, "auto", AFAR,  \
			"auto (resolvers of /etc/resolv.conf), off, or addresses"),            \
		TEXT(section, "edge_targets", wans[index].edge_targets, "auto", AFAR,          \
			"auto (the first hop beyond the premises, found by TTL), off, or "     \
			"addresses")

static const char *const levels[] = {"error", "warn", "info", "debug", NULL};
static const char *const profiles[] = {"default", "metered", NULL};

const struct conf_key settings_table[] = {
	TEXT("collector", "address", collector, "localhost:7443", OWN,
		"collectors to report to, tried in turn: HOST:PORT, separated by commas"),
	TEXT("collector", "server_name", server_name, "pantau-collector", OWN,
		"the name that the collector's certificate must bear"),
	TEXT("collector", "ca", ca, "/etc/pantau/ca.crt", OWN, "the private CA (PEM)"),
	TEXT("collector", "certificate", certificate, "/etc/pantau/agent.crt", OWN,
		"this agent's certificate (PEM)"),
	TEXT("collector", "key", key, "/etc/pantau/agent.key", OWN, "its private key (PEM)"),
	TEXT("agent", "state_folder", state_folder, "/var/lib/pantau-agent", OWN,
		"the counter of starts; must survive a reboot (on a router: on flash)"),
	TEXT("agent", "spool_folder", spool_folder, "/var/lib/pantau-agent/spool", OWN,
		"records wait here until they are acknowledged"),
	NUMBER("agent", "spool_bytes", spool_bytes, "2097152", SPOOL_BYTES_MIN, SPOOL_BYTES_MAX,
		OWN, "most bytes that the spool may take"),
	TEXT("agent", "runtime_folder", runtime_folder, "/run/pantau-agent", OWN,
		"status.json is written here, for `pantau-agent status`"),
	TEXT("agent", "helper", helper, "pantau-probe", OWN,
		"the program for HTTP and speed tests: a path, or a name beside the agent's own"),
	CHOICE("agent", "profile", profile, "default", profiles, AFAR,
		"default, or metered: fewer questions and reports where each byte is paid for"),
	NUMBER("agent", "slot_s", slot_s, "60", 1, 60, AFAR, "length of a slot in seconds"),
	NUMBER("agent", "round_s", round_s, "0", 0, 60, AFAR,
		"seconds between rounds of questions; 0: by profile, 10 or 30"),
	NUMBER("agent", "near_s", near_s, "0", 0, DAY_S, AFAR,
		"seconds between questions to gateway, edge and provider while all is well; 0: by "
		"profile, 600 or 1800"),
	NUMBER("agent", "report_s", report_s, "0", 0, REPORT_S_MAX, AFAR,
		"seconds between reports while all is well; 0: by profile, a slot or 600"),
	TEXT("agent", "user", user, "", OWN,
		"become this user once the sockets are open; empty: stay"),
	CHOICE("agent", "log_level", log_level, "info", levels, AFAR, "error, warn, info or debug"),
	WAN("wan", 0, "wan"),
	WAN("wan2", 1, ""),
	NUMBER("dns", "interval_s", dns.interval_s, "0", 0, DAY_S, AFAR,
		"seconds between questions to a resolver; 0: by profile, 1800 or 7200"),
	TEXT("dns", "resolvers", dns.resolvers, "auto", AFAR,
		"auto (those of /etc/resolv.conf), off, or addresses"),
	TEXT("dns", "name", dns.name, "example.com", AFAR,
		"a name that exists; one drawn at random below it must not"),
	NUMBER("http", "interval_s", http.interval_s, "3600", 60, DAY_S, AFAR,
		"seconds between pages fetched"),
	TEXT("http", "url", http.url, "", AFAR, "the page; empty: none"),
	TEXT("http", "expect", http.expect, "204", AFAR,
		"what must come: a status, or a status and the beginning of the content"),
	NUMBER("speed", "interval_s", speed.interval_s, "21600", 600, 7 * DAY_S, AFAR,
		"seconds between speed tests"),
	TEXT("speed", "server", speed.server, "", AFAR,
		"the endpoint's URL (docs/SPEED.md); empty: no tests"),
	NUMBER("speed", "down_bytes", speed.down_bytes, "16777216", TEST_BYTES_MIN, TEST_BYTES_MAX,
		AFAR, "most bytes that a test may fetch"),
	NUMBER("speed", "up_bytes", speed.up_bytes, "8388608", TEST_BYTES_MIN, TEST_BYTES_MAX, AFAR,
		"most bytes that a test may send"),
	NUMBER("speed", "month_bytes", speed.month_bytes, "1073741824", 0, MONTH_BYTES_MAX, AFAR,
		"most bytes that tests may move in 30 days; then they are skipped"),
	NUMBER("speed", "busy_kbps", speed.busy_kbps, "500", 0, 10000000, AFAR,
		"no test while others move more than this over the WAN"),
	TEXT("stamp", "target", stamp.target, "", AFAR,
		"ADDRESS:PORT of the programme's STAMP reflector; empty: none"),
	TEXT("stamp", "key", stamp.key, "", AFAR, "the key shared with it, in hexadecimal"),
	NUMBER("stamp", "identifier", stamp.identifier, "0", 0, 65535, AFAR,
		"the number by which the reflector finds the key (RFC 8972's SSID)"),
	NUMBER("stamp", "interval_s", stamp.interval_s, "0", 0, DAY_S, AFAR,
		"seconds between questions to it while all is well; 0: by profile, 600 or 3600"),
	TEXT("evidence", "folder", evidence.folder, "/etc/pantau/evidence.d", OWN,
		"programs here are run, other files read, for `key=value` lines; empty: none"),
	NUMBER("evidence", "interval_s", evidence.interval_s, "900", 60, DAY_S, AFAR,
		"seconds between"),
	SWITCH("usage", "clients", usage.clients, "yes", AFAR,
		"count the devices behind the router, without their names"),
	TEXT("usage", "leases", usage.leases, "/tmp/dhcp.leases", OWN,
		"the DHCP server's file of leases"),
	{.section = NULL},
};
