/* SPDX-License-Identifier: Apache-2.0 */
/* What `sla` and `outages` have in common: the month, the filter, the formats, both databases. */
#ifndef PANTAU_CLI_LISTING_H
#define PANTAU_CLI_LISTING_H

#include "cli/cmd.h"
#include "collector/store/ledger_db.h"
#include "collector/store/sla.h"

enum listing_format { LISTING_TABLE, LISTING_CSV, LISTING_JSON };
extern const char *const listing_formats[];

#define LISTING_OPTIONS                                                                         \
	{"month", OPT_TEXT, OPT_REQUIRED, "YYYY-MM", "the month, in each link's own zone"},     \
		{"as-of", OPT_TEXT, 0, "TIME", "as it was known to stand then (default: now)"}, \
		{"kabupaten", OPT_TEXT, 0, "KODE", "only this kabupaten or kota"},              \
		{"kecamatan", OPT_TEXT, 0, "KODE", "only this kecamatan"},                      \
		{"desa", OPT_TEXT, 0, "KODE", "only this desa"},                                \
		{"provider", OPT_TEXT, 0, "NAME", "only this provider"},                        \
		{"link", OPT_NUMBER, 0, "ID", "only this link", NULL, 1, INT64_MAX},            \
	{                                                                                       \
		"format", OPT_CHOICE, 0, NULL, "how it is printed (default table)",             \
			listing_formats                                                         \
	}

struct listing {
	struct registry *registry;
	struct ledger_db *ledger; /* NULL: nothing was ever heard */
	struct sla_query sla;
	enum listing_format format;
};

/* Reads the options and opens both databases. */
enum cmd_exit listing_open(struct cmd *cmd, struct listing *ret_listing);
void listing_close(struct listing *listing);

/* Prints by the format. In text, `after` stands below the table ("" nothing). Frees the table. */
enum cmd_exit listing_print(
	struct cmd *cmd, const struct listing *listing, struct table *table, const char *after);

#endif
