/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/settings.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "common/http_url.h"

/* A secret's file, which this user can read. */
static const char *secret_there(const char *path)
{
	return access(path, R_OK) == 0 ? NULL : "is not there, or may not be read by this user";
}

static const char *const clock_choices[] = {"system", "trusted", NULL};
static const char *const api_choices[] = {"1", "2", "3", "victoria", NULL};
static const char *const gzip_choices[] = {"auto", "yes", "no", NULL};
static const char *const language_choices[] = {"id", "en", NULL};
static const char *const zone_choices[] = {"WIB", "WITA", "WIT", NULL};
static const char *const log_choices[] = {"error", "warn", "info", "debug", NULL};

#define AT(member) offsetof(struct settings, member)

const struct conf_key settings_table[] = {
	{"collector", "listen", CONF_TEXT, AT(listen), "0.0.0.0:7443 [::]:7443", .max = 0,
		.help = "addresses for agents, separated by spaces"},
	{"collector", "connections_max", CONF_NUMBER, AT(connections_max), "20000", 1, 1000000,
		.help = "agents connected at once; open files may lower it"},
	{"collector", "connections_mib", CONF_NUMBER, AT(connections_mib), "512", 8, 65536,
		.help = "memory that what agents and strangers send may hold; beyond it they must "
			"come again"},
	{"collector", "handshake_s", CONF_NUMBER, AT(handshake_s), "15", 1, 300,
		.help = "seconds from connecting to a finished greeting"},
	{"collector", "idle_s", CONF_NUMBER, AT(idle_s), "1200", 5, 86400,
		.help = "seconds of silence after which a connection is closed"},
	{"collector", "clock", CONF_CHOICE, AT(clock), "system", .choices = clock_choices,
		.help = "give agents the time: when the kernel says it is synchronised, or always"},
	{"collector", "journal_segment_kib", CONF_NUMBER, AT(journal_segment_kib), "65536", 64,
		1048576, .help = "KiB of one journal file; the unit of trimming"},
	{"collector", "journal_keep_hours", CONF_NUMBER, AT(journal_keep_hours), "48", 0, 87600,
		.help = "hours that the journal is kept after the ledger has read it"},
	{"collector", "journal_max_mib", CONF_NUMBER, AT(journal_max_mib), "0", 0, 1 << 30,
		.help = "MiB that the journal may hold; at it nothing is accepted. 0: what the "
			"disk has"},
	{"collector", "reserve_mib", CONF_NUMBER, AT(reserve_mib), "16", 0, 1048576,
		.help = "MiB of disk left free: below it nothing is accepted"},
	{"collector", "reserve_inodes", CONF_NUMBER, AT(reserve_inodes), "64", 0, 1000000,
		.help = "inodes left free: below it nothing is accepted"},
	{"collector", "speed_tests_at_once", CONF_NUMBER, AT(speed_tests_at_once), "20", 0, 1000,
		.help = "speed tests that may run at once; 0: none"},
	{"collector", "speed_tests_per_provider", CONF_NUMBER, AT(speed_tests_per_provider), "4", 0,
		1000, .help = "the same over the links of one provider"},
	{"collector", "log_level", CONF_CHOICE, AT(log_level), "info", .choices = log_choices,
		.help = "least important message that is logged"},
	{"collector", "heartbeat_url", CONF_TEXT, AT(heartbeat_url), "",
		.help = "fetched while all is well, for a watcher elsewhere; empty: none"},
	{"collector", "heartbeat_s", CONF_NUMBER, AT(heartbeat_s), "60", 1, 86400,
		.help = "seconds between two heartbeats"},
	{"ledger", "batch_mib", CONF_NUMBER, AT(batch_mib), "64", 1, 256,
		.help = "MiB of records taken at once: less saves memory, more saves time"},
	{"ledger", "keep_months", CONF_NUMBER, AT(keep_months), "25", 0, 1200,
		.help = "months that slots are kept; what was derived of them stays; 0: for ever"},
	{"reflector", "listen", CONF_TEXT, AT(reflector_listen), "0.0.0.0:8620 [::]:8620",
		.help = "UDP addresses for the agents' STAMP questions; empty: none are answered"},
	{"export", "url", CONF_TEXT, AT(export_url), "", .fault = http_url_fault,
		.help = "time-series store, such as http://127.0.0.1:8086; empty: no export"},
	{"export", "api", CONF_CHOICE, AT(export_api), "1", .choices = api_choices,
		.help = "1: InfluxDB 1.x (/write), 2 and 3: InfluxDB 2.x, 3.x (/api/v2/write), "
			"victoria: VictoriaMetrics (/write)"},
	{"export", "database", CONF_TEXT, AT(export_database), "pantau", .max = 64,
		.help = "database; with api 2 and 3 the bucket; victoria has none"},
	{"export", "org", CONF_TEXT, AT(export_org), "", .max = 64,
		.help = "organisation, with api 2"},
	{"export", "user", CONF_TEXT, AT(export_user), "", .max = 64,
		.help = "user, with api 1; empty: none"},
	{"export", "password_file", CONF_TEXT, AT(export_password_file), "", .there = secret_there,
		.help = "file whose first line is the user's password"},
	{"export", "token_file", CONF_TEXT, AT(export_token_file), "", .there = secret_there,
		.help = "file whose first line is the token, with api 2 and 3"},
	{"export", "gzip", CONF_CHOICE, AT(export_gzip), "auto", .choices = gzip_choices,
		.help = "compress what is sent; auto: unless the store is on this machine"},
	{"export", "batch", CONF_NUMBER, AT(export_batch), "5000", 1, 50000,
		.help = "points in one request"},
	{"export", "timeout_s", CONF_NUMBER, AT(export_timeout_s), "30", 1, 600,
		.help = "seconds for a request; a store that takes longer is asked again later"},
	{"export", "outbox_rows", CONF_NUMBER, AT(export_outbox_rows), "20000000", 100, 1000000000,
		.help = "rows that wait for a store that is away; beyond it the oldest go"},
	{"alert", "language", CONF_CHOICE, AT(alert_language), "id", .choices = language_choices,
		.help = "of the messages"},
	{"alert", "zone", CONF_CHOICE, AT(alert_zone), "WITA", .choices = zone_choices,
		.help = "in which the quiet hours are meant"},
	{"alert", "quiet", CONF_TEXT, AT(alert_quiet), "", .max = 16,
		.help = "hours such as 22:00-06:00 in which small incidents wait; empty: none"},
	{"alert", "quiet_links", CONF_NUMBER, AT(alert_quiet_links), "5", 1, 100000,
		.help = "links that are down together and do not wait"},
	{"alert", "down_s", CONF_NUMBER, AT(alert_down_s), "120", 0, 86400,
		.help = "seconds that a link alone is down before a message goes out"},
	{"alert", "silent_s", CONF_NUMBER, AT(alert_silent_s), "900", 0, 86400,
		.help = "seconds without news of a link alone before a message goes out"},
	{"alert", "calm_s", CONF_NUMBER, AT(alert_calm_s), "300", 0, 86400,
		.help = "seconds that all are back before a message is closed"},
	{"alert", "escalate_s", CONF_NUMBER, AT(alert_escalate_s), "3600", 0, 604800,
		.help = "seconds after which those above are told if nobody acknowledges; 0: "
			"never"},
	{"alert", "telegram_chat", CONF_TEXT, AT(alert_telegram_chat), "", .max = 64,
		.help = "chat that gets the messages, such as -1001234567890; empty: none"},
	{"alert", "telegram_above", CONF_TEXT, AT(alert_telegram_above), "", .max = 64,
		.help = "chat of those above; empty: none"},
	{"alert", "telegram_token_file", CONF_TEXT, AT(alert_telegram_token_file), "",
		.there = secret_there, .help = "file whose first line is the bot's token"},
	{"alert", "telegram_url", CONF_TEXT, AT(alert_telegram_url), "https://api.telegram.org",
		.max = 200, .help = "the Bot API, or a server of your own"},
	{"alert", "mail_to", CONF_TEXT, AT(alert_mail_to), "",
		.help = "addresses, separated by spaces; empty: no mail"},
	{"alert", "mail_above", CONF_TEXT, AT(alert_mail_above), "",
		.help = "addresses of those above; empty: none"},
	{"alert", "mail_from", CONF_TEXT, AT(alert_mail_from), "", .max = 200,
		.help = "address that the mails come from"},
	{"alert", "smtp_url", CONF_TEXT, AT(alert_smtp_url), "", .max = 200,
		.help = "smtps://mail.example.id or smtp://mail.example.id:587 (then STARTTLS)"},
	{"alert", "smtp_user", CONF_TEXT, AT(alert_smtp_user), "", .max = 200,
		.help = "user at the mail server; empty: none"},
	{"alert", "smtp_password_file", CONF_TEXT, AT(alert_smtp_password_file), "",
		.there = secret_there, .help = "file whose first line is the user's password"},
	{"alert", "webhook_url", CONF_TEXT, AT(alert_webhook_url), "",
		.help = "gets each message as JSON, signed; empty: none"},
	{"alert", "webhook_secret_file", CONF_TEXT, AT(alert_webhook_secret_file), "",
		.there = secret_there, .help = "file whose first line signs it"},
	{"alert", "alertmanager_url", CONF_TEXT, AT(alert_alertmanager_url), "", .max = 200,
		.help = "Prometheus' Alertmanager, such as http://127.0.0.1:9093; empty: none"},
	{"report", "province", CONF_TEXT, AT(report_province), "", .max = 100,
		.help = "first line of the reports' letterhead; empty: none"},
	{"report", "office", CONF_TEXT, AT(report_office), "", .max = 160,
		.help = "second line of the letterhead: the office that reports"},
	{"report", "address", CONF_TEXT, AT(report_address), "", .max = 400,
		.help = "lines below it, with | between them"},
	{"report", "logo", CONF_TEXT, AT(report_logo), "",
		.help = "PNG at the left of the letterhead; empty: none"},
	{"report", "city", CONF_TEXT, AT(report_city), "", .max = 60,
		.help = "where the reports are signed"},
	{"report", "number", CONF_TEXT, AT(report_number), "{nomor}/PANTAU/{kode}/{bulan}/{tahun}",
		.max = 100, .help = "how reports are numbered, of nomor, kode, bulan and tahun"},
	{"web", "listen", CONF_TEXT, AT(web_listen), "127.0.0.1:8080", .max = 64,
		.help = "address and port of the page and its API; HTTPS is the proxy's in front"},
	{"web", "trusted_proxy", CONF_TEXT, AT(web_trusted_proxy), "127.0.0.1 ::1", .max = 512,
		.help = "addresses of proxies whose X-Forwarded-For and -Proto are believed"},
	{"web", "session_idle_s", CONF_NUMBER, AT(web_session_idle_s), "43200", 2, 2592000,
		.help = "seconds without a sign of life after which a login ends"},
	{"web", "session_max_s", CONF_NUMBER, AT(web_session_max_s), "604800", 2, 2592000,
		.help = "seconds after which a login ends in any case"},
	{"web", "metrics_public", CONF_SWITCH, AT(web_metrics_public), "no",
		.help = "/metrics for everybody; otherwise for this machine, noc and admin"},
	{"web", "tiles", CONF_TEXT, AT(web_tiles), "", .max = 200,
		.help = "map tiles, such as https://tile.example/{z}/{x}/{y}.png; empty: none"},
	{"web", "boundaries", CONF_TEXT, AT(web_boundaries), "", .max = 200,
		.help = "GeoJSON drawn beneath the links on the map; empty: none"},
	{"web", "speed_listen", CONF_TEXT, AT(web_speed_listen), "", .max = 64,
		.help = "address and port at which agents measure their speed; empty: none"},
	{"web", "speed_streams", CONF_NUMBER, AT(web_speed_streams), "8", 1, 64,
		.help = "speed tests served at once; who comes then is told to come again"},
	{"web", "public_url", CONF_TEXT, AT(web_public_url), "", .max = 200,
		.help = "what people type to get here, such as https://pantau.example.go.id"},
	{"web", "banner", CONF_TEXT, AT(web_banner), "", .max = 160,
		.help = "a line across every page, for a demonstration or an exercise; empty: "
			"none"},
	{"open", "title", CONF_TEXT, AT(open_title), "", .max = 120,
		.help = "of the open data; empty: Internet desa, and the province's name"},
	{"open", "publisher", CONF_TEXT, AT(open_publisher), "", .max = 120,
		.help = "who publishes it; empty: [report] office or province"},
	{"open", "contact", CONF_TEXT, AT(open_contact), "", .max = 120,
		.help = "e-mail address for questions; catalogues ask for one; empty: none"},
	{"open", "licence", CONF_TEXT, AT(open_licence),
		"https://creativecommons.org/licenses/by/4.0/", .max = 200,
		.help = "address of the licence under which it may be used"},
	{"open", "money", CONF_SWITCH, AT(open_money), "no",
		.help = "publish fees and restitution too"},
	{NULL},
};

int settings_check(const char *path, struct err *err)
{
	struct settings settings;
	int r;

	if (!path && access(SETTINGS_FILE, F_OK) != 0)
		return 0;
	memset(&settings, 0, sizeof(settings));
	r = conf_check(settings_table, &settings, path ? path : SETTINGS_FILE, err);
	if (r == 0)
		settings_done(&settings);
	return r;
}

int settings_load(const char *path, struct settings *ret_settings, struct err *err)
{
	struct settings settings;
	int r;

	memset(&settings, 0, sizeof(settings));
	if (!path && access(SETTINGS_FILE, F_OK) != 0)
		r = conf_defaults(settings_table, &settings, err);
	else
		r = conf_load(settings_table, &settings, path ? path : SETTINGS_FILE, err);
	if (r < 0)
		return r;
	*ret_settings = settings;
	return 0;
}

void settings_done(struct settings *settings)
{
	if (settings)
		conf_done(settings_table, settings);
}

bool settings_want_alerts(const struct settings *settings)
{
	return settings->alert_telegram_chat[0] || settings->alert_mail_to[0] ||
		settings->alert_webhook_url[0] || settings->alert_alertmanager_url[0];
}
