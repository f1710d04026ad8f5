/* SPDX-License-Identifier: Apache-2.0 */
/* Samples that have a record of their own: pages, speed tests, observations. */
#include <errno.h>

#include "collector/report/sample_report.h"
#include "collector/store/ledger_sample.h"
#include "common/scratch.h"
#include "proto/codec.h"
#include "proto/names.h"

typedef void put_row(
	struct sample_list *list, const struct ledger_sample *sample, const struct record *record);

struct putting {
	struct sample_list *list;
	put_row *put;
};

static int put_one(void *arg, const struct ledger_sample *sample)
{
	const struct putting *putting = arg;
	SCRATCH struct record record;

	/* what is kept was sound */
	if (codec_record_decode(sample->record, sample->record_length, &record, NULL) != 0)
		return -EBADMSG;
	putting->put(putting->list, sample, &record);
	return 0;
}

static int put_all(
	const struct sample_rows *rows, enum record_kind kind, put_row *put, struct err *err)
{
	struct putting putting = {rows->list, put};
	const struct sample_query query = {rows->list->span, kind};
	int r = ledger_samples(rows->ledger, &query, put_one, &putting, err);

	return r == -EBADMSG ? err_errno(err, r, "samples of a link") : r;
}

/* ---- pages */

const struct table_column http_columns[] = {
	{"at", "Waktu"},
	{"wan"},
	{"url"},
	{"outcome"},
	{"status", NULL, TABLE_NUMBER},
	{"address"},
	{"name_us", NULL, TABLE_NUMBER},
	{"connect_us", NULL, TABLE_NUMBER},
	{"tls_us", NULL, TABLE_NUMBER},
	{"first_byte_us", NULL, TABLE_NUMBER},
	{"total_us", NULL, TABLE_NUMBER},
	{"bytes", NULL, TABLE_NUMBER},
	{"disputed", "Sengketa"},
	{NULL},
};

static void put_http(
	struct sample_list *list, const struct ledger_sample *sample, const struct record *record)
{
	const struct http *http = &record->http;
	struct table *table = list->table;

	if (!sample_row_begin(list, sample->at_us))
		return;
	table_text(table, http->wan);
	table_text(table, http->url);
	table_text(table, http_outcome_name(http->outcome));
	sample_put_some(table, http->status);
	sample_put_address(table, &http->address, http->port);
	sample_put_some(table, http->name_us);
	sample_put_some(table, http->connect_us);
	sample_put_some(table, http->tls_us);
	sample_put_some(table, http->first_byte_us);
	sample_put_some(table, http->total_us);
	table_number(table, (int64_t)http->bytes);
	sample_put_disputed(table, sample->disputed);
}

int http_rows(const struct sample_rows *rows, struct err *err)
{
	return put_all(rows, RECORD_HTTP, put_http, err);
}

/* ---- speed tests */

const struct table_column speed_columns[] = {
	{"at", "Waktu"},
	{"wan"},
	{"outcome"},
	{"reason"},
	{"down_kbps", NULL, TABLE_NUMBER},
	{"up_kbps", NULL, TABLE_NUMBER},
	{"down_bytes", NULL, TABLE_NUMBER},
	{"up_bytes", NULL, TABLE_NUMBER},
	{"down_ms", NULL, TABLE_NUMBER},
	{"up_ms", NULL, TABLE_NUMBER},
	{"down_retransmissions", NULL, TABLE_NUMBER},
	{"up_retransmissions", NULL, TABLE_NUMBER},
	{"rtt_idle_us", NULL, TABLE_NUMBER},
	{"rtt_loaded_us", NULL, TABLE_NUMBER},
	{"other_rx_bytes", NULL, TABLE_NUMBER},
	{"other_tx_bytes", NULL, TABLE_NUMBER},
	{"server"},
	{"address"},
	{"disputed", "Sengketa"},
	{NULL},
};

/* Of a direction that was measured. */
static void put_measured(struct table *table, const struct speed_run *run, uint64_t value)
{
	if (run->bytes)
		table_number(table, (int64_t)value);
	else
		table_empty(table);
}

static void put_speed(
	struct sample_list *list, const struct ledger_sample *sample, const struct record *record)
{
	const struct speed *speed = &record->speed;
	struct table *table = list->table;

	if (!sample_row_begin(list, sample->at_us))
		return;
	table_text(table, speed->wan);
	table_text(table, speed_outcome_name(speed->outcome));
	table_text(table, speed_reason_name(speed->reason));
	put_measured(table, &speed->down, speed->down.kbps);
	put_measured(table, &speed->up, speed->up.kbps);
	put_measured(table, &speed->down, speed->down.bytes);
	put_measured(table, &speed->up, speed->up.bytes);
	put_measured(table, &speed->down, speed->down.duration_ms);
	put_measured(table, &speed->up, speed->up.duration_ms);
	put_measured(table, &speed->down, speed->down.retransmissions);
	put_measured(table, &speed->up, speed->up.retransmissions);
	sample_put_some(table, speed->rtt_idle_us);
	sample_put_some(table, speed->rtt_loaded_us);
	table_number(table, (int64_t)speed->other_rx_bytes);
	table_number(table, (int64_t)speed->other_tx_bytes);
	table_text(table, speed->server);
	sample_put_address(table, &speed->address, speed->port);
	sample_put_disputed(table, sample->disputed);
}

int speed_rows(const struct sample_rows *rows, struct err *err)
{
	return put_all(rows, RECORD_SPEED, put_speed, err);
}

/* ---- observations */

const struct table_column observation_columns[] = {
	{"at", "Waktu"},
	{"source", "Sumber"},
	{"key", "Kunci"},
	{"value", "Nilai"},
	{"disputed", "Sengketa"},
	{NULL},
};

static void put_observation(
	struct sample_list *list, const struct ledger_sample *sample, const struct record *record)
{
	const struct observation *observation = &record->observation;

	for (uint16_t i = 0; i < observation->item_count; i++) {
		if (!sample_row_begin(list, sample->at_us))
			continue;
		table_text(list->table, observation->source);
		table_text(list->table, observation->items[i].key);
		table_text(list->table, observation->items[i].value);
		sample_put_disputed(list->table, sample->disputed);
	}
}

int observation_rows(const struct sample_rows *rows, struct err *err)
{
	return put_all(rows, RECORD_OBSERVATION, put_observation, err);
}
