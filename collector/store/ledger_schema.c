/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/closed_month.h"
#include "collector/store/kept_figures.h"
#include "collector/store/forget_link.h"
#include "collector/store/ledger_mend.h"
#include "collector/store/ledger_flag.h"
#include "collector/store/ledger_private.h"
#include "collector/store/ledger_sample.h"
#include "collector/store/ledger_settlement.h"
#include "collector/store/ledger_twin.h"
#include "collector/store/own_outage.h"
#include "collector/store/said_day.h"

#define SCHEMA_VERSION 7

/* All of a page but its body: where a boot's slots are is looked up without reading them. */
#define PAGE_PLACE                                                                  \
	"CREATE INDEX page_place ON page(boot, packed, start_us, end_us, run, wan," \
	" received_from, received_to, slots, unbound, ever);"

/*
 * Facts, as they came: page, anchor_day, mark, dropped, sample (one key is in one of them),
 * conflict, rejected, heard. What is said of them and can be made anew: boot, agent_run, link_ever.
 * Times are UTC; mono columns are microseconds of the boot.
 *
 * A page has slots of one run, boot and WAN: as they came (hot.h) or packed (page.h). It lies where
 * its boot's anchors and its WAN's bindings say, which is found out when it is read.
 */
static const char schema[] =
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
	/* from_s, to_s: all of it lies between; none of a boot that has no place */
	"CREATE TABLE boot(id INTEGER PRIMARY KEY, agent INTEGER NOT NULL, boot BLOB NOT NULL,"
	"  first_run INTEGER NOT NULL, last_run INTEGER NOT NULL, from_s INTEGER, to_s INTEGER,"
	"  UNIQUE(agent, boot)) STRICT;"
	"CREATE INDEX boot_place ON boot(agent, to_s);"
	"CREATE INDEX boot_unplaced ON boot(agent) WHERE to_s IS NULL;"
	"CREATE TABLE agent_run(agent INTEGER NOT NULL, run INTEGER NOT NULL, boot INTEGER NOT "
	"NULL,"
	"  seen BLOB NOT NULL, last_sequence INTEGER NOT NULL, stop_sequence INTEGER NOT NULL,"
	"  records INTEGER NOT NULL, slots INTEGER NOT NULL, received_us INTEGER NOT NULL,"
	"  PRIMARY KEY(agent, run, boot)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE page(id INTEGER PRIMARY KEY, boot INTEGER NOT NULL, run INTEGER NOT NULL,"
	"  wan TEXT NOT NULL, packed INTEGER NOT NULL, start_us INTEGER NOT NULL,"
	"  end_us INTEGER NOT NULL, received_from INTEGER NOT NULL,"
	"  received_to INTEGER NOT NULL, slots INTEGER NOT NULL, unbound INTEGER NOT NULL,"
	"  ever INTEGER NOT NULL, crc INTEGER NOT NULL DEFAULT -1, body BLOB NOT NULL) "
	"STRICT;" PAGE_PLACE "CREATE INDEX page_hot ON page(packed) WHERE packed = 0;"
	"CREATE INDEX page_unbound ON page(unbound) WHERE unbound > 0;"
	"CREATE TABLE anchor_day(boot INTEGER NOT NULL, day INTEGER NOT NULL, body BLOB NOT NULL,"
	"  PRIMARY KEY(boot, day)) STRICT, WITHOUT ROWID;"
	/* reset: of a start, enum reset */
	"CREATE TABLE mark(agent INTEGER NOT NULL, run INTEGER NOT NULL,"
	"  sequence INTEGER NOT NULL, kind TEXT NOT NULL, boot INTEGER NOT NULL,"
	"  mono_us INTEGER NOT NULL, reset INTEGER, hash BLOB NOT NULL, received_us INTEGER NOT "
	"NULL,"
	"  disputed INTEGER NOT NULL, record BLOB NOT NULL,"
	"  PRIMARY KEY(agent, run, sequence)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE dropped(agent INTEGER NOT NULL, run INTEGER NOT NULL,"
	"  sequence INTEGER NOT NULL, last INTEGER NOT NULL, records INTEGER NOT NULL,"
	"  boot INTEGER NOT NULL, from_us INTEGER NOT NULL, to_us INTEGER NOT NULL,"
	"  hash BLOB NOT NULL, received_us INTEGER NOT NULL, disputed INTEGER NOT NULL,"
	"  record BLOB NOT NULL, PRIMARY KEY(agent, run, sequence)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE conflict(agent INTEGER NOT NULL, run INTEGER NOT NULL,"
	"  sequence INTEGER NOT NULL, hash BLOB NOT NULL, received_us INTEGER NOT NULL,"
	"  via_wan TEXT NOT NULL, record BLOB NOT NULL,"
	"  PRIMARY KEY(agent, run, sequence, hash)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE rejected(agent INTEGER NOT NULL, run INTEGER NOT NULL,"
	"  sequence INTEGER NOT NULL, hash BLOB NOT NULL, code INTEGER NOT NULL,"
	"  received_us INTEGER NOT NULL, record BLOB NOT NULL,"
	"  PRIMARY KEY(agent, run, sequence, hash)) STRICT, WITHOUT ROWID;"
	/* agents of which something was refused or contradicted */
	"CREATE TABLE heard(agent INTEGER PRIMARY KEY, conflicts INTEGER NOT NULL,"
	"  rejected INTEGER NOT NULL, received_us INTEGER NOT NULL) STRICT;"
	"CREATE TABLE binding(id INTEGER PRIMARY KEY, agent INTEGER NOT NULL, wan TEXT NOT NULL,"
	"  link INTEGER NOT NULL, from_s INTEGER NOT NULL, to_s INTEGER) STRICT;"
	"CREATE INDEX binding_link ON binding(link);"
	"CREATE INDEX binding_wan ON binding(agent, wan);"
	"CREATE TABLE link_ever(link INTEGER PRIMARY KEY, ever INTEGER NOT NULL,"
	"  first_s INTEGER NOT NULL) STRICT;"
	"CREATE TABLE link_state(link INTEGER PRIMARY KEY, state TEXT NOT NULL,"
	"  since_s INTEGER NOT NULL, cause TEXT NOT NULL, heard_us INTEGER NOT NULL,"
	"  slot_to_s INTEGER NOT NULL, rtt_us INTEGER, loss_ppm INTEGER,"
	"  dns TEXT NOT NULL, dns_s INTEGER NOT NULL, run_up INTEGER,"
	"  run_since_s INTEGER) STRICT;"
	"CREATE TABLE position(name TEXT PRIMARY KEY, a INTEGER NOT NULL, b INTEGER NOT NULL)"
	"  STRICT, WITHOUT ROWID;"
	"CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL)"
	"  STRICT, WITHOUT ROWID;"
	/* the states that the outbox has said of a link's slots */
	"CREATE TABLE said(link INTEGER NOT NULL, from_s INTEGER NOT NULL, to_s INTEGER NOT NULL,"
	"  up INTEGER NOT NULL, PRIMARY KEY(link, from_s)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE outbox(id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL,"
	"  link INTEGER NOT NULL, at_s INTEGER NOT NULL, payload BLOB NOT NULL) STRICT;";

/* What brings a file of an older version up (db.h): a row a version, the last one this one. */
static const struct db_step steps[] = {
	{.from = 5, .sql = "DROP INDEX page_boot;" PAGE_PLACE},
	{.from = 5, .sql = "ALTER TABLE page ADD COLUMN crc INTEGER NOT NULL DEFAULT -1"},
	{.from = 5, .sql = ledger_mend_schema},
	{.from = 5, .sql = own_outage_schema},
	{.from = 5, .sql = outbox_schema},
	{.from = 6, .sql = said_day_schema},
	{.from = 6, .sql = said_day_raise},
	{.from = 6, .sql = ledger_twin_schema},
	{.from = 6, .sql = ledger_flag_schema},
	{.from = SCHEMA_VERSION},
};

int ledger_schema(struct db *db, enum db_may may, struct err *err)
{
	const char *const create[] = {schema, ledger_sample_schema, ledger_settlement_schema,
		derived_schema, forget_schema, kept_figures_schema, closed_month_schema,
		ledger_mend_schema, outbox_schema, own_outage_schema, said_day_schema,
		ledger_twin_schema, ledger_flag_schema, NULL};
	const struct db_tables tables = {create, SCHEMA_VERSION, steps};

	return db_schema(db, &tables, may, err);
}
