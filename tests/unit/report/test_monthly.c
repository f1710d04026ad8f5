/* SPDX-License-Identifier: Apache-2.0 */
/* Grids, CSV, XLSX and paper of a report that is made by hand. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/report/monthly/csv.h"
#include "collector/report/monthly/monthly.h"

#define OUTAGES 10000
#define ANNEX_PAGES_MAX 140 /* 2,000 rows of two or three lines */
#define OCTOBER_S 1790784000 /* 2026-10-01 in WITA */

static const struct grid_column columns[] = {
	{"name", GRID_TEXT, "Nama", "Name"},
	{"share", GRID_PERCENT, "Bagian %", "Share %"},
	{"time", GRID_TIME, "Waktu", "Time"},
	{"long", GRID_SECONDS, "Lama", "Length"},
	{"fee", GRID_RUPIAH, "Biaya", "Fee"},
	{NULL},
};

static void add_row(struct grid *grid, const char *name, int64_t part, int64_t whole)
{
	grid_text(grid, name);
	grid_share(grid, part, whole);
	grid_time(grid, 1793426709, 8 * 3600);
	grid_number(grid, 43201);
	grid_number(grid, -1200000);
}

static void expect_csv(const struct grid *grid, bool excel, const char *wanted)
{
	const struct csv_style style = {excel, REPORT_ID};
	struct buf out;

	buf_init(&out, 65536);
	assert_int_equal(csv_write(grid, &style, &out), 0);
	assert_int_equal(buf_append(&out, "", 1), 0);
	assert_string_equal((const char *)buf_peek(&out), wanted);
	buf_done(&out);
}

static void plain_csv_is_that_of_rfc_4180(void **state)
{
	struct grid grid;

	grid_init(&grid, "uji", columns);
	add_row(&grid, "=1+1", 12961, 2592000);
	add_row(&grid, "PT \"Dua\", Tbk", 0, 0);
	expect_csv(&grid, false,
		"name,share,time,long,fee\r\n"
		"=1+1,0.500038,2026-10-31T06:05:09Z,43201,-1200000\r\n"
		"\"PT \"\"Dua\"\", Tbk\",,2026-10-31T06:05:09Z,43201,-1200000\r\n");
	grid_done(&grid);
}

static void csv_for_excel_is_indonesian_and_guards_formulas(void **state)
{
	struct grid grid;

	grid_init(&grid, "uji", columns);
	add_row(&grid, "=1+1", 2579039, 2592000);
	add_row(&grid, "a;b", 1, 1);
	add_row(&grid, "-\";", 1, 1);
	expect_csv(&grid, true,
		"\xef\xbb\xbf"
		"Nama;Bagian %;Waktu;Lama (detik);Biaya\r\n"
		"'=1+1;99,499961;2026-10-31 14:05:09;43201;-1200000\r\n"
		"\"a;b\";100,000000;2026-10-31 14:05:09;43201;-1200000\r\n"
		"\"'-\"\";\";100,000000;2026-10-31 14:05:09;43201;-1200000\r\n");
	grid_done(&grid);
}

static void what_a_spreadsheet_would_calculate_is_known(void **state)
{
	static const char *const formulas[] = {"=1", "+62 812", "-1", "@SUM(A1)", "\tx", "\rx",
		"  =1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x"};
	static const char *const texts[] = {"", "Desa", "a=1", "1+1", "'=1", "<script>", "\u2014"};

	for (size_t i = 0; i < sizeof(formulas) / sizeof(*formulas); i++)
		assert_true(csv_is_formula(formulas[i]));
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_false(csv_is_formula(texts[i]));
}

static void texts_that_are_none_are_replaced(void **state)
{
	struct grid grid;

	grid_init(&grid, "uji", columns);
	grid_text(&grid, "a\xff\x01\nb");
	assert_string_equal(grid_text_of(&grid, grid_cell(&grid, 0, 0)), "a?  b");
	grid_done(&grid);
}

/* ---- a whole report */

struct made {
	struct report report;
	struct report_row rows[2];
	struct report_outage *outages;
};

static struct report_row make_row(const char *name, int64_t down_s)
{
	struct report_row row = {.desa = name,
		.kecamatan = "Sangatta Utara",
		.links = 1,
		.kind = "4g",
		.zone = "WITA",
		.offset_s = 8 * 3600,
		.heard = true};

	strcpy(row.sla.period, "2026-10");
	strcpy(row.sla.desa, "64.08.05.2001");
	strcpy(row.sla.provider, name);
	row.sla.link = down_s + 1;
	row.sla.has_verdict = true;
	row.sla.month.s = 2678400;
	row.sla.month.d = down_s;
	row.sla.month.u = 2678400 - down_s;
	row.sla.month.verdict = down_s ? VERDICT_MISSED : VERDICT_MET;
	row.sla.month.has_restitution = true;
	row.sla.month.restitution_low = row.sla.month.restitution_high = down_s;
	return row;
}

static void make(struct made *made, const char *name, size_t outages)
{
	*made = (struct made){.rows = {make_row(name, 7200), make_row(name, 0)}};
	strcpy(made->report.month, "2026-10");
	strcpy(made->report.revision, "sementara");
	strcpy(made->report.kabupaten.code, "64.08");
	snprintf(made->report.kabupaten.name, sizeof(made->report.kabupaten.name), "%s", name);
	made->report.as_of_s = made->report.dated_s = OCTOBER_S + 86400;
	made->report.offset_s = 8 * 3600;
	made->report.links = made->report.desa = (struct report_rows){made->rows, 2};
	made->report.kecamatan = made->report.providers = made->report.links;
	made->report.total = made->rows[0];
	made->outages = calloc(outages + 1, sizeof(*made->outages));
	assert_non_null(made->outages);
	for (size_t i = 0; i < outages; i++)
		made->outages[i] = (struct report_outage){.link = 1,
			.desa_code = "64.08.05.2001",
			.desa = name,
			.kecamatan = "",
			.provider = name,
			.zone = "WITA",
			.offset_s = 8 * 3600,
			.start_s = OCTOBER_S + (int64_t)i * 600,
			.end_s = OCTOBER_S + (int64_t)i * 600 + 300,
			.cause = "provider",
			.note = "",
			.ticket = "",
			.objection = "",
			.d_s = 300 + (int64_t)i};
	made->report.outages = made->outages;
	made->report.outage_count = outages;
}

static void render(const struct made *made, enum monthly_format format, struct buf *out)
{
	const struct monthly_style style = {
		.format = format, .letterhead = {"", "", "", "", "", "", ""}};
	struct err err = {0};

	buf_init(out, MONTHLY_BYTES_MAX);
	if (monthly_render(&made->report, &style, out, &err) < 0)
		fail_msg("%s", err.text);
}

static size_t count_pages(const struct buf *pdf)
{
	static const char mark[] = "/Type /Page ";
	const uint8_t *at = buf_peek(pdf), *end = at + buf_length(pdf);
	size_t count = 0;

	while ((at = memmem(at, (size_t)(end - at), mark, sizeof(mark) - 1)) != NULL) {
		count++;
		at++;
	}
	return count;
}

static void very_many_outages_take_a_bounded_annex(void **state)
{
	struct made few, many;
	struct buf short_pdf, long_pdf;

	make(&few, "Desa Uji", 1);
	make(&many, "Desa Uji", OUTAGES);
	render(&few, MONTHLY_PDF, &short_pdf);
	render(&many, MONTHLY_PDF, &long_pdf);
	assert_true(count_pages(&short_pdf) >= 8);
	assert_true(count_pages(&long_pdf) > count_pages(&short_pdf) + 20);
	assert_true(count_pages(&long_pdf) < count_pages(&short_pdf) + ANNEX_PAGES_MAX);
	buf_done(&short_pdf);
	buf_done(&long_pdf);
	/* the CSV has them all */
	render(&many, MONTHLY_XLSX, &long_pdf);
	buf_done(&long_pdf);
	free(few.outages);
	free(many.outages);
}

static void the_same_report_is_the_same_bytes(void **state)
{
	struct made made;
	struct buf first, second;

	make(&made, "Desa Uji", 50);
	for (int format = MONTHLY_PDF; format <= MONTHLY_CSV; format++) {
		render(&made, (enum monthly_format)format, &first);
		render(&made, (enum monthly_format)format, &second);
		assert_int_equal(buf_length(&first), buf_length(&second));
		assert_memory_equal(buf_peek(&first), buf_peek(&second), buf_length(&first));
		buf_done(&first);
		buf_done(&second);
	}
	free(made.outages);
}

/* Longer than any column, with nowhere to break; and bytes that are no text. */
static void no_name_is_too_long_or_too_strange(void **state)
{
	static const char *const names[] = {
		"Wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww",
		"\xff\xfe\xef\xbf\xbf\xed\xa0\x80", "<r><t>x</t></r>",
		"&lt;\u0627\u0644\u05d0\u202e", ""};
	struct made made;
	struct buf out;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		make(&made, names[i], 3);
		for (int format = MONTHLY_PDF; format <= MONTHLY_CSV; format++) {
			render(&made, (enum monthly_format)format, &out);
			assert_true(buf_length(&out) > 100);
			buf_done(&out);
		}
		free(made.outages);
	}
}

static void a_month_without_contracts_has_its_pages_too(void **state)
{
	struct made made;
	struct buf out;

	make(&made, "Desa Uji", 0);
	made.report.links.count = made.report.desa.count = 0;
	made.report.kecamatan.count = made.report.providers.count = 0;
	made.report.total = (struct report_row){.desa = "", .kecamatan = ""};
	for (int format = MONTHLY_PDF; format <= MONTHLY_CSV; format++) {
		render(&made, (enum monthly_format)format, &out);
		assert_true(buf_length(&out) > 100);
		buf_done(&out);
	}
	free(made.outages);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_csv_is_that_of_rfc_4180),
		cmocka_unit_test(csv_for_excel_is_indonesian_and_guards_formulas),
		cmocka_unit_test(what_a_spreadsheet_would_calculate_is_known),
		cmocka_unit_test(texts_that_are_none_are_replaced),
		cmocka_unit_test(very_many_outages_take_a_bounded_annex),
		cmocka_unit_test(the_same_report_is_the_same_bytes),
		cmocka_unit_test(no_name_is_too_long_or_too_strange),
		cmocka_unit_test(a_month_without_contracts_has_its_pages_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
