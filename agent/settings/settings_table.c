/* SPDX-License-Identifier: Apache-2.0 */
/* Every key that the agent knows: its own stand here, those that its collector may set too come
 * from proto/afar_keys.h. */
#include "agent/settings/settings.h"
#include "agent/spool/spool.h"
#include "proto/afar.h"
#include "proto/afar_keys.h"

#define SPOOL_BYTES_MAX (1LL << 30) /* more than any router has */

#define AT(member) offsetof(struct settings, member)

/* The agent's own. */
#define OWN_TEXT(section_, key_, member, fallback_, help_)                                 \
	{                                                                                  \
		.section = section_, .key = key_, .type = CONF_TEXT, .offset = AT(member), \
		.fallback = fallback_, .help = help_                                       \
	}
#define OWN_NUMBER(section_, key_, member, fallback_, min_, max_, help_)                     \
	{                                                                                    \
		.section = section_, .key = key_, .type = CONF_NUMBER, .offset = AT(member), \
		.fallback = fallback_, .min = min_, .max = max_, .help = help_               \
	}

/* From afar too. */
#define TEXT(section_, key_, member, fallback_, rule, help_)                               \
	{                                                                                  \
		.section = section_, .key = key_, .type = CONF_TEXT, .offset = AT(member), \
		.fallback = fallback_, .from_afar = rule, .help = help_                    \
	}
#define NUMBER(section_, key_, member, fallback_, min_, max_, least_, most_, help_)          \
	{                                                                                    \
		.section = section_, .key = key_, .type = CONF_NUMBER, .offset = AT(member), \
		.fallback = fallback_, .min = min_, .max = max_, .from_afar = AFAR_FREE,     \
		.least = least_, .most = most_, .help = help_                                \
	}
#define CHOICE(section_, key_, member, fallback_, choices_, help_)                                \
	{                                                                                         \
		.section = section_, .key = key_, .type = CONF_CHOICE, .offset = AT(member),      \
		.fallback = fallback_, .choices = choices_, .from_afar = AFAR_FREE, .help = help_ \
	}
#define SWITCH(section_, key_, member, fallback_, help_)                                     \
	{                                                                                    \
		.section = section_, .key = key_, .type = CONF_SWITCH, .offset = AT(member), \
		.fallback = fallback_, .from_afar = AFAR_FREE, .help = help_                 \
	}
#define ROWS TEXT, NUMBER, CHOICE, SWITCH
#define KEYS(list, ...) list(__VA_ARGS__)

/* The keys of one WAN's section. */
#define WAN(section, index, name_)                                                      \
	OWN_TEXT(section, "name", wans[index].name, name_,                              \
		"the WAN's name in the records; empty: this section is off"),           \
		OWN_TEXT(section, "interface", wans[index].interface, "auto",           \
			"its interface; auto: that of the default route"),              \
		KEYS(AFAR_WAN_TARGETS, section, index, ROWS),                           \
		OWN_TEXT(section, "gateway_target", wans[index].gateway_target, "auto", \
			"auto (from the routing table), off, or an address"),           \
		KEYS(AFAR_WAN_FOUND, section, index, ROWS)

const struct conf_key settings_table[] = {
	OWN_TEXT("collector", "address", collector, "localhost:7443",
		"collectors to report to, tried in turn: HOST:PORT, separated by commas"),
	OWN_TEXT("collector", "server_name", server_name, "pantau-collector",
		"the name that the collector's certificate must bear"),
	OWN_TEXT("collector", "ca", ca, "/etc/pantau/ca.crt", "the private CA (PEM)"),
	OWN_TEXT("collector", "certificate", certificate, "/etc/pantau/agent.crt",
		"this agent's certificate (PEM)"),
	OWN_TEXT("collector", "key", key, "/etc/pantau/agent.key", "its private key (PEM)"),
	OWN_TEXT("agent", "state_folder", state_folder, "/var/lib/pantau-agent",
		"the counter of starts; must survive a reboot (on a router: on flash)"),
	OWN_TEXT("agent", "spool_folder", spool_folder, "/var/lib/pantau-agent/spool",
		"records wait here until they are acknowledged"),
	OWN_NUMBER("agent", "spool_bytes", spool_bytes, "2097152", SPOOL_BYTES_MIN, SPOOL_BYTES_MAX,
		"most bytes that the spool may take"),
	OWN_TEXT("agent", "runtime_folder", runtime_folder, "/run/pantau-agent",
		"status.json is written here, for `pantau-agent status`"),
	OWN_TEXT("agent", "helper", helper, "pantau-probe",
		"the program for HTTP and speed tests: a path, or a name beside the agent's own"),
	OWN_TEXT("agent", "user", user, "",
		"become this user once the sockets are open; empty: stay"),
	OWN_NUMBER("agent", "trial_s", trial_s, "600", 1, 3600,
		"seconds in which a configuration from afar must have reached the collector "
		"again; then it is given up"),
	KEYS(AFAR_AGENT, ROWS),
	WAN("wan", 0, "wan"),
	WAN("wan2", 1, ""),
	KEYS(AFAR_DNS, ROWS),
	KEYS(AFAR_HTTP, ROWS),
	KEYS(AFAR_SPEED, ROWS),
	KEYS(AFAR_STAMP, ROWS),
	OWN_TEXT("stamp", "key", stamp.key, "", "the key shared with it, in hexadecimal"),
	OWN_NUMBER("stamp", "identifier", stamp.identifier, "0", 0, 65535,
		"the number by which the reflector finds the key (RFC 8972's SSID)"),
	OWN_TEXT("evidence", "folder", evidence.folder, "/etc/pantau/evidence.d",
		"programs here are run, other files read, for `key=value` lines; empty: none"),
	KEYS(AFAR_EVIDENCE, ROWS),
	KEYS(AFAR_USAGE, ROWS),
	OWN_TEXT("usage", "leases", usage.leases, "/tmp/dhcp.leases",
		"the DHCP server's file of leases"),
	{.section = NULL},
};
