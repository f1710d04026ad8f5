/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server's one configuration file, read by pantau-collector and pantau-web. The table in
 * settings.c is where a key is born: the parser, --print-config, the sample file deploy/pantau.conf
 * and the manual all follow it.
 */
#ifndef PANTAU_COLLECTOR_SETTINGS_H
#define PANTAU_COLLECTOR_SETTINGS_H

#include <stdbool.h>

#include "common/conf.h"

#define SETTINGS_FILE "/etc/pantau/pantau.conf"
#define SETTINGS_STATE "/var/lib/pantau"

enum settings_clock { CLOCK_SYSTEM, CLOCK_TRUSTED };
enum settings_export_api { EXPORT_API_1, EXPORT_API_2, EXPORT_API_3, EXPORT_API_VICTORIA };
enum settings_gzip { GZIP_AUTO, GZIP_YES, GZIP_NO };
enum settings_language { SETTINGS_ID, SETTINGS_EN };

struct settings {
	/* [collector] */
	char *listen; /* "0.0.0.0:7443 [::]:7443" */
	long long connections_max, connections_mib;
	long long handshake_s, idle_s;
	int clock; /* enum settings_clock */
	long long journal_segment_kib;
	long long journal_keep_hours, journal_max_mib;
	long long reserve_mib, reserve_inodes;
	long long speed_tests_at_once, speed_tests_per_provider;
	int log_level; /* enum log_level */
	char *heartbeat_url; /* "": none is sent */
	long long heartbeat_s;
	/* [ledger] */
	long long batch_mib;
	long long keep_months; /* 0: for ever */
	/* [reflector] */
	char *reflector_listen; /* "" none */
	/* [export] */
	char *export_url; /* "" no export */
	int export_api; /* enum settings_export_api */
	char *export_database, *export_org, *export_user;
	char *export_password_file, *export_token_file;
	int export_gzip; /* enum settings_gzip */
	long long export_batch;
	long long export_outbox_rows;
	long long export_timeout_s;
	/* [alert]; texts: "" none */
	int alert_language; /* enum settings_language */
	int alert_zone; /* hours east of UTC, less 7 */
	char *alert_quiet; /* "22:00-06:00" */
	long long alert_quiet_links;
	long long alert_down_s, alert_silent_s, alert_calm_s, alert_escalate_s;
	char *alert_telegram_chat, *alert_telegram_above;
	char *alert_telegram_token_file, *alert_telegram_url;
	char *alert_mail_to, *alert_mail_above, *alert_mail_from;
	char *alert_smtp_url, *alert_smtp_user, *alert_smtp_password_file;
	char *alert_webhook_url, *alert_webhook_secret_file;
	char *alert_alertmanager_url;
	/* [report]; texts: "" none */
	char *report_province, *report_office, *report_address;
	char *report_logo; /* path of a PNG */
	char *report_city, *report_number;
	/* [web] */
	char *web_listen; /* "127.0.0.1:8080" */
	char *web_trusted_proxy; /* "127.0.0.1 ::1" */
	long long web_session_idle_s, web_session_max_s;
	bool web_metrics_public;
	char *web_tiles; /* "" none */
	char *web_boundaries; /* "" none */
	char *web_speed_listen; /* "": no speed tests are served */
	long long web_speed_streams;
	char *web_public_url; /* "": not known */
	char *web_banner; /* "": none */
	/* [open]; texts: "" none */
	char *open_title, *open_publisher, *open_contact;
	char *open_licence; /* a URL */
	bool open_money;
};

extern const struct conf_key settings_table[];

/* `path` NULL: SETTINGS_FILE, or the defaults when that file does not exist. */
int settings_load(const char *path, struct settings *ret_settings, struct err *err);
/* Whether it can be loaded, and the files that it names can be read. */
int settings_check(const char *path, struct err *err);
void settings_done(struct settings *settings);
/* Whether [alert] names a channel at all. */
bool settings_want_alerts(const struct settings *settings);

#endif
