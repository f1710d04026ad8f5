/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/monthly/xlsx/xlsx.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/report/monthly/xlsx/sheet.h"

#define DEFINITIONS_HEIGHT 80 /* points */
#define XLSX_BYTES_MAX (512 * 1024 * 1024)

/* ---- formats */

static lxw_format *new_format(struct book *book, const char *number, bool right)
{
	lxw_format *format = workbook_add_format(book->workbook);

	format_set_num_format(format, number);
	format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
	format_set_align(format, right ? LXW_ALIGN_RIGHT : LXW_ALIGN_LEFT);
	return format;
}

static lxw_format *new_colour(struct book *book, lxw_color_t text, lxw_color_t ground)
{
	lxw_format *format = workbook_add_format(book->workbook);

	format_set_font_color(format, text);
	format_set_bg_color(format, ground);
	return format;
}

static void make_formats(struct book *book)
{
	book->formats[GRID_ID] = new_format(book, "0", true);
	book->formats[GRID_COUNT] = new_format(book, "#,##0", true);
	book->formats[GRID_SECONDS] = new_format(book, "[h]:mm:ss", true);
	book->formats[GRID_RUPIAH] = new_format(book, "#,##0", true);
	book->formats[GRID_PERCENT] = new_format(book, "0.000000", true);
	book->formats[GRID_TIME] = new_format(book, "yyyy-mm-dd hh:mm:ss", true);
	book->text = new_format(book, "@", false);
	book->wrap = new_format(book, "@", false);
	format_set_text_wrap(book->wrap);
	book->title = workbook_add_format(book->workbook);
	format_set_bold(book->title);
	format_set_font_size(book->title, 14);
	book->label = workbook_add_format(book->workbook);
	format_set_bold(book->label);
	format_set_align(book->label, LXW_ALIGN_VERTICAL_TOP);
	book->head = new_colour(book, LXW_COLOR_WHITE, 0x1F3A5F);
	format_set_bold(book->head);
	format_set_text_wrap(book->head);
	format_set_align(book->head, LXW_ALIGN_VERTICAL_CENTER);
	book->met = new_colour(book, 0x1B5E20, 0xDDF0DD);
	book->missed = new_colour(book, 0x9B1C1C, 0xFBDCD9);
	book->undecided = new_colour(book, 0x7A5200, 0xFFF0CC);
	book->warning = new_colour(book, 0x9B1C1C, 0xFFF0CC);
	format_set_bold(book->warning);
}

/* ---- the first sheet: what this is */

struct front {
	struct book *book;
	lxw_worksheet *sheet;
	lxw_row_t row;
	struct say say;
};

static const char *pick(const struct front *front, const char *id, const char *en)
{
	return front->say.language == REPORT_ID ? id : en;
}

static void put_words(
	const struct front *front, lxw_col_t column, const char *text, lxw_format *format)
{
	const struct sheet_place place = {front->sheet, front->row, column};

	sheet_text(&place, text, format);
}

static void put_fact(struct front *front, const char *label, const char *value)
{
	put_words(front, 0, label, front->book->label);
	put_words(front, 1, value, front->book->wrap);
	front->row++;
}

static void put_figure(
	struct front *front, const char *label, enum grid_kind kind, struct grid_cell cell)
{
	const struct sheet_place place = {front->sheet, front->row, 1};

	put_words(front, 0, label, front->book->label);
	sheet_number(front->book, &place, &cell, kind);
	front->row++;
}

static void put_number(struct front *front, const char *label, enum grid_kind kind, int64_t number)
{
	put_figure(front, label, kind, (struct grid_cell){.number = number});
}

static struct grid_cell share(int64_t part, int64_t whole)
{
	if (!whole)
		return (struct grid_cell){.empty = true};
	return (struct grid_cell){.number = (int64_t)((__int128)part * 100000000 / whole)};
}

static void put_about(struct front *front)
{
	const struct report *report = front->book->report;
	char text[SAY_BYTES];

	put_words(front, 0,
		pick(front, "Laporan bulanan ketersediaan internet desa",
			"Monthly report: availability of the villages' internet"),
		front->book->title);
	front->row++;
	if (!report->closed)
		put_words(front, 0,
			pick(front, "SEMENTARA: bulan ini belum ditutup; angka masih dapat berubah",
				"PROVISIONAL: this month is not closed; figures may change"),
			front->book->warning);
	front->row += 1;
	front->row++;
	put_fact(front, pick(front, "Instansi", "Office"), front->book->style->office);
	put_fact(front, pick(front, "Kabupaten/kota", "Kabupaten or kota"), report->kabupaten.name);
	put_fact(front, pick(front, "Kode", "Code"), report->kabupaten.code);
	put_fact(front, pick(front, "Provinsi", "Province"), report->provinsi.name);
	put_fact(front, pick(front, "Periode", "Period"),
		say_month(&front->say, report->month, text));
	put_fact(front, pick(front, "Status", "Status"), report->revision);
	put_fact(front, pick(front, "Dihitung sampai", "Counted to"),
		say_moment(&front->say, report->as_of_s, text));
	if (report->closed)
		put_fact(front, "SHA-256", report->issue.hash);
	put_fact(front, pick(front, "Zona waktu", "Time zone"), say_zone(report->offset_s, text));
}

static void put_total(struct front *front)
{
	const struct report_row *total = &front->book->report->total;
	const struct month_row *month = &total->sla.month;
	int64_t judged = month->s - month->e;

	front->row++;
	put_number(front, "Link", GRID_COUNT, (int64_t)total->links);
	put_number(front, pick(front, "Memenuhi", "Met"), GRID_COUNT, total->sla.links_met);
	put_number(front, pick(front, "Tidak memenuhi", "Missed"), GRID_COUNT,
		total->sla.links_missed);
	put_number(front, pick(front, "Data tidak cukup", "Undecided"), GRID_COUNT,
		total->sla.links_undecided);
	put_number(front, pick(front, "Belum pernah terdengar", "Never heard"), GRID_COUNT,
		total->sla.links_never);
	put_number(front, "S", GRID_SECONDS, month->s);
	put_number(front, "E", GRID_SECONDS, month->e);
	put_number(front, "U", GRID_SECONDS, month->u);
	put_number(front, "D", GRID_SECONDS, month->d);
	put_number(front, "N", GRID_SECONDS, month->n);
	put_figure(front, pick(front, "A terendah %", "A lowest %"), GRID_PERCENT,
		share(month->u, judged));
	put_figure(front, pick(front, "A tertinggi %", "A highest %"), GRID_PERCENT,
		share(month->u + month->n, judged));
	put_figure(front, pick(front, "Cakupan %", "Coverage %"), GRID_PERCENT,
		share(month->u + month->d, judged));
	put_number(front, pick(front, "Restitusi terbukti (Rp)", "Restitution proven (Rp)"),
		GRID_RUPIAH, month->restitution_low);
	put_number(front, pick(front, "Restitusi mungkin (Rp)", "Restitution possible (Rp)"),
		GRID_RUPIAH, month->restitution_high);
}

static void put_definitions(struct front *front)
{
	front->row++;
	worksheet_set_row(front->sheet, front->row, DEFINITIONS_HEIGHT, NULL);
	put_fact(front, pick(front, "Definisi", "Definitions"),
		pick(front,
			"S seluruh waktu kontrak dalam bulan; E dikecualikan; U tersedia; D mati; "
			"N "
			"tak tentu. U + D + N + E = S. A terendah = U / (S - E); A tertinggi = "
			"(U + N) / (S - E); cakupan = (U + D) / (S - E). Persentase dipotong, "
			"tidak "
			"dibulatkan.",
			"S all contracted time of the month; E excluded; U up; D down; N "
			"undetermined. U + D + N + E = S. A lowest = U / (S - E); A highest = "
			"(U + N) / (S - E); coverage = (U + D) / (S - E). Percentages are "
			"truncated, never rounded."));
}

static int add_front(struct book *book, struct err *err)
{
	struct front front = {.book = book, .say = {book->style->language, book->report->offset_s}};

	front.sheet = workbook_add_worksheet(book->workbook, pick(&front, "Ringkasan", "Summary"));
	if (!front.sheet)
		return err_errno(err, -ENOMEM, "sheet of the summary");
	worksheet_set_column(front.sheet, 0, 0, 30, NULL);
	worksheet_set_column(front.sheet, 1, 1, 72, NULL);
	put_about(&front);
	put_total(&front);
	put_definitions(&front);
	sheet_page(book, front.sheet);
	return 0;
}

/* ---- the providers' chart */

static void add_series(lxw_chart *chart, const struct grid *grid, const char *sheet,
	const char *key, lxw_color_t colour)
{
	lxw_col_t names = (lxw_col_t)grid_find(grid, "provider");
	lxw_col_t values = (lxw_col_t)grid_find(grid, key);
	lxw_row_t last = (lxw_row_t)grid_rows(grid);
	lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
	lxw_chart_fill fill = {.color = colour};

	chart_series_set_categories(series, sheet, 1, names, last, names);
	chart_series_set_values(series, sheet, 1, values, last, values);
	chart_series_set_name_range(series, sheet, 0, values);
	chart_series_set_fill(series, &fill);
}

static int add_chart(struct book *book, const struct grid *grid, lxw_worksheet *sheet)
{
	bool id = book->style->language == REPORT_ID;
	const char *name = id ? grid->id : grid->en;
	lxw_chart *chart;

	if (!grid_rows(grid))
		return 0;
	chart = workbook_add_chart(book->workbook, LXW_CHART_BAR_STACKED_PERCENT);
	if (!chart)
		return -ENOMEM;
	add_series(chart, grid, name, "u", 0x2E7D4F);
	add_series(chart, grid, name, "n", 0xE0A526);
	add_series(chart, grid, name, "d", 0xB3362B);
	chart_title_set_name(
		chart, id ? "Waktu yang dinilai, menurut penyedia" : "Judged time by provider");
	chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
	worksheet_insert_chart(sheet, (lxw_row_t)grid_rows(grid) + 3, 1, chart);
	return 0;
}

/* ---- the workbook */

static int add_tables(struct book *book, struct err *err)
{
	int r = 0;

	for (int i = 0; r == 0 && i < TABLE_OF_COUNT; i++) {
		lxw_worksheet *sheet;
		struct grid grid;

		r = grids_make(book->report, (enum grid_table)i, book->style->language, &grid);
		if (r < 0)
			err_errno(err, r, "table %s", grid_tables[i]);
		else
			r = sheet_add(book, &grid, &sheet, err);
		if (r == 0 && i == TABLE_OF_PROVIDERS && add_chart(book, &grid, sheet) < 0)
			r = err_errno(err, -ENOMEM, "chart of the providers");
		grid_done(&grid);
	}
	return r;
}

static void set_properties(struct book *book)
{
	bool id = book->style->language == REPORT_ID;
	/* copied by the library, which lacks the const */
	lxw_doc_properties properties = {
		.title = (char *)(id ? "Laporan bulanan ketersediaan internet desa"
				     : "Monthly report: availability of the villages' internet"),
		.subject = (char *)book->report->month,
		.author = (char *)"Pantau Desa",
		.comments = (char *)(book->report->closed ? book->report->issue.hash : "SEMENTARA"),
		.created = (time_t)book->report->dated_s,
	};

	workbook_set_properties(book->workbook, &properties);
}

static int fill(struct book *book, struct err *err)
{
	lxw_error failed;
	int r;

	make_formats(book);
	set_properties(book);
	r = add_front(book, err);
	if (r == 0)
		r = add_tables(book, err);
	failed = workbook_close(book->workbook); /* frees it, too */
	if (r == 0 && failed)
		r = err_set(
			err, -EIO, "the workbook could not be written: %s", lxw_strerror(failed));
	return r;
}

static int read_back(int fd, struct buf *out, struct err *err)
{
	struct stat stat;
	uint8_t *room;
	ssize_t got;
	int r = fstat(fd, &stat) < 0 ? -errno : 0;

	if (r == 0 && stat.st_size > XLSX_BYTES_MAX)
		r = -EFBIG;
	if (r == 0)
		r = buf_reserve(out, (size_t)stat.st_size, &room);
	if (r < 0)
		return err_errno(err, r, "workbook");
	for (off_t at = 0; at < stat.st_size; at += got) {
		got = pread(fd, room + at, (size_t)(stat.st_size - at), at);
		if (got <= 0)
			return err_errno(err, got < 0 ? -errno : -EIO, "workbook");
	}
	buf_commit(out, (size_t)stat.st_size);
	return 0;
}

/* The library writes files: this one is in memory. */
int xlsx_write(const struct report *report, const struct xlsx_style *style, struct buf *out,
	struct err *err)
{
	struct book book = {.report = report, .style = style};
	int fd = memfd_create("workbook", MFD_CLOEXEC), r;
	char path[40];

	if (fd < 0)
		return err_errno(err, -errno, "memory for the workbook");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	book.workbook = workbook_new(path);
	r = book.workbook ? fill(&book, err) : err_errno(err, -ENOMEM, "workbook");
	if (r == 0)
		r = read_back(fd, out, err);
	close(fd);
	return r;
}
