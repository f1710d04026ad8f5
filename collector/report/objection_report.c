/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/objection_report.h"

#include "common/civil.h"

static const struct table_column columns[] = {
	{"objection", "Nomor", TABLE_NUMBER},
	{"link", "Link", TABLE_NUMBER},
	{"at", "Detik"},
	{"provider", "Penyedia"},
	{"by", "Oleh"},
	{"note", "Keberatan"},
	{"document", "Dokumen"},
	{"entered", "Dicatat"},
	{"answer", "Jawaban"},
	{"answered", "Dijawab"},
	{"answered_by", "oleh"},
	{"answer_note", "karena"},
	{NULL},
};

static const char *answer_word(const struct registry_objection *objection)
{
	if (!objection->answered_s)
		return "";
	return objection->accepted ? "accepted" : "rejected";
}

static void put_time(struct table *table, int64_t utc_s)
{
	char text[CIVIL_TIME_BYTES] = "";

	if (utc_s)
		civil_format(utc_s, text);
	table_text(table, text);
}

struct table *objection_report_new(void)
{
	return table_new(columns);
}

void objection_report_add(struct table *table, const struct registry_objection *objection)
{
	table_number(table, objection->id);
	table_number(table, objection->link);
	put_time(table, objection->at_s);
	table_text(table, objection->provider);
	table_text(table, objection->by);
	table_text(table, objection->note);
	table_text(table, objection->document);
	put_time(table, objection->entered_s);
	table_text(table, answer_word(objection));
	put_time(table, objection->answered_s);
	table_text(table, objection->answered_by);
	table_text(table, objection->answer_note);
}
