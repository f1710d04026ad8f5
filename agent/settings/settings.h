/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The agent's configuration: one table of keys, and the lists in its texts made into addresses. A
 * second WAN is a second section, [wan2], off while its name is empty.
 */
#ifndef PANTAU_AGENT_SETTINGS_H
#define PANTAU_AGENT_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/conf.h"
#include "proto/model.h"

#define SETTINGS_WANS 2 /* sections [wan] and [wan2] */
#define SETTINGS_COLLECTORS 4 /* a collector, its twin, and both by another name */

struct settings_wan {
	char *name, *interface;
	char *internet_targets, *tcp_target, *gateway_target, *provider_targets, *edge_targets;
};

enum settings_profile { PROFILE_DEFAULT, PROFILE_METERED };

struct settings {
	char *collector, *server_name, *ca, *certificate, *key;
	char *state_folder, *spool_folder, *runtime_folder, *user;
	char *helper; /* the program for HTTP and speed tests */
	int profile; /* enum settings_profile; decides what the file leaves at 0 */
	long long spool_bytes, slot_s, round_s, near_s, report_s, trial_s;
	int log_level; /* enum log_level */
	struct settings_wan wans[SETTINGS_WANS]; /* the first is always on */
	struct {
		long long interval_s;
		char *resolvers, *name;
	} dns;
	struct {
		long long interval_s;
		char *url, *expect;
		bool public_only; /* the URL came from afar */
	} http;
	struct {
		long long interval_s, down_bytes, up_bytes, month_bytes, busy_kbps;
		char *server;
		bool public_only; /* the URL came from afar */
	} speed;
	struct {
		long long interval_s, identifier;
		char *target, *key;
	} stamp;
	struct {
		long long interval_s;
		char *folder;
	} evidence;
	struct {
		bool clients;
		char *leases;
	} usage;
};

/* The table, for documents and tests. */
extern const struct conf_key settings_table[];
/* The section of each WAN. */
extern const char *const settings_wan_sections[SETTINGS_WANS];

/* Loads, fills in what the profile decides, and checks. On failure *ret_settings holds nothing. */
int settings_load(struct settings *ret_settings, const char *path, struct err *err);
/* The own file's text, and over it what the collector asks for (NULL: nothing), within the
 * ceilings. */
int settings_load_afar(struct settings *ret_settings, const struct conf_text *own,
	const struct conf_text *afar, struct err *err);
/* Fills in what the profile decides and checks what the table cannot: the end of each load. On
 * failure the settings hold nothing. */
int settings_finish(struct settings *settings, struct err *err);
/* The defaults alone. */
int settings_default(struct settings *ret_settings, struct err *err);
void settings_print(const struct settings *settings, FILE *out);
void settings_done(struct settings *settings);

/* Against the compiled-in ceilings: of the own file (own NULL), or of what comes from afar.
 * -EDQUOT. */
int settings_check_load(
	const struct settings *settings, const struct settings *own, struct err *err);

struct settings_target { /* one WAN's targets, as configured */
	bool gateway_auto, provider_auto, edge_auto;
	size_t count;
	struct target targets[SLOT_TARGETS_MAX];
};
int settings_wan_targets(const struct settings *settings, size_t index,
	struct settings_target *ret_targets, struct err *err);

#define SETTINGS_STAMP_KEY_BYTES 16

struct settings_stamp {
	struct target target; /* port 0: none */
	char collector[256]; /* its name: `target` lacks the address, which is where that answers */
	uint8_t key[SETTINGS_STAMP_KEY_BYTES];
	uint16_t identifier;
	uint64_t every_us;
};
int settings_stamp(
	const struct settings *settings, struct settings_stamp *ret_stamp, struct err *err);

#define SETTINGS_RESOLVERS 4 /* both questions to each of them fill a slot */

struct settings_dns {
	bool is_auto;
	size_t count; /* 0 and not is_auto: nobody is asked */
	struct address resolvers[SETTINGS_RESOLVERS];
};
int settings_dns(const struct settings *settings, struct settings_dns *ret_dns, struct err *err);

/* "ADDRESS:PORT", "[ADDRESS]:PORT": fills in address and port. -EINVAL. */
int settings_parse_endpoint(const char *text, struct target *ret_target);

/* "host:port", "[::1]:7443" or a bare host with the protocol's port. */
struct settings_collector {
	char host[256], port[6];
};
int settings_collectors(const struct settings *settings,
	struct settings_collector ret_collectors[SETTINGS_COLLECTORS], size_t *ret_count,
	struct err *err);

#endif
