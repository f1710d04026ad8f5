/* SPDX-License-Identifier: Apache-2.0 */
/* What `sla` and `outages` have in common: the month, the filter, the formats, both databases. */
#ifndef PANTAU_CLI_LISTING_H
#define PANTAU_CLI_LISTING_H

#include "cli/cmd.h"
#include "collector/store/ledger_db.h"
#include "collector/store/sla.h"

extern const char *const listing_formats[]; /* by enum cmd_format */

/* The first rows of both tables of options. */
/* clang-format off */
#define LISTING_OPTIONS \
	{"month", OPT_TEXT, OPT_REQUIRED, "YYYY-MM", "the month, in each link's own zone"}, \
	{"as-of", OPT_TEXT, 0, "TIME", "the month as seen from TIME (default: now)"}, \
	{"kabupaten", OPT_TEXT, 0, "KODE", "only this kabupaten or kota"}, \
	{"kecamatan", OPT_TEXT, 0, "KODE", "only this kecamatan"}, \
	{"desa", OPT_TEXT, 0, "KODE", "only this desa"}, \
	{"provider", OPT_TEXT, 0, "NAME", "only this provider"}, \
	{"link", OPT_NUMBER, 0, "ID", "only this link", NULL, 1, INT64_MAX}, \
	{"format", OPT_CHOICE, 0, NULL, "how it is printed (default table)", listing_formats}
/* clang-format on */

struct listing {
	struct registry *registry;
	struct ledger_db *ledger; /* NULL: nothing was ever heard */
	struct sla_query sla;
	enum cmd_format format;
};

/* Reads the options and opens both databases. */
enum cmd_exit listing_open(struct cmd *cmd, struct listing *ret_listing);
void listing_close(struct listing *listing);

/* --format and --json as one. */
enum cmd_exit listing_format(struct cmd *cmd, enum cmd_format *ret_format);
/* The ledger for reading; NULL when nothing was ever heard. 0 or a negative errno with words. */
int listing_ledger(struct cmd *cmd, struct ledger_db **ret_ledger);

#endif
