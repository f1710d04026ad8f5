/* SPDX-License-Identifier: Apache-2.0 */
/* Every outage, exclusion and open question; of very many the longest, and where the rest is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/report/monthly/paper/parts.h"

#define ANNEX_ROWS_MAX 2000 /* forty to sixty pages: more than anybody reads, less than a book */

/* clang-format off */
static const struct paper_column outage_columns[] = {
	{4, NULL, NULL, LOOK_PLAIN, "No", "No"},
	{16, "desa_name", "desa", LOOK_STRONG, NULL, NULL},
	{5, "link", NULL, LOOK_PLAIN, NULL, NULL},
	{14, "provider", NULL, LOOK_PLAIN, NULL, NULL},
	{14, "start", "zone", LOOK_PLAIN, NULL, NULL},
	{14, "end", "zone", LOOK_PLAIN, NULL, NULL},
	{9, "d", NULL, LOOK_PLAIN, NULL, NULL},
	{9, "d_n", NULL, LOOK_PLAIN, NULL, NULL},
	{14, "cause", NULL, LOOK_PLAIN, NULL, NULL},
	{14, "first_lost", "first_answered", LOOK_PLAIN, "Bukti: hilang / jawab pertama",
		"Evidence: first lost / answered"},
	{12, "note", NULL, LOOK_PLAIN, NULL, NULL},
	{9, "ticket", "objection", LOOK_PLAIN, "Tiket / keberatan", "Ticket / objection"},
	{0},
};

static const struct paper_column exclusion_columns[] = {
	{5, "exclusion", NULL, LOOK_PLAIN, NULL, NULL},
	{11, "reason", NULL, LOOK_STRONG, NULL, NULL},
	{9, "scope", NULL, LOOK_PLAIN, NULL, NULL},
	{14, "place", "value", LOOK_PLAIN, NULL, NULL},
	{6, "links", NULL, LOOK_PLAIN, NULL, NULL},
	{13, "from", "zone", LOOK_PLAIN, NULL, NULL},
	{13, "to", "zone", LOOK_PLAIN, NULL, NULL},
	{13, "entered", NULL, LOOK_PLAIN, NULL, NULL},
	{14, "by", "second", LOOK_PLAIN, "Pejabat / kedua", "Officer / second"},
	{24, "note", "document", LOOK_PLAIN, NULL, NULL},
	{12, "state", NULL, LOOK_PLAIN, NULL, NULL},
	{0},
};

static const struct paper_column question_columns[] = {
	{4, NULL, NULL, LOOK_PLAIN, "No", "No"},
	{16, "matter", NULL, LOOK_STRONG, NULL, NULL},
	{16, "desa_name", "desa", LOOK_PLAIN, NULL, NULL},
	{5, "link", NULL, LOOK_PLAIN, NULL, NULL},
	{14, "provider", NULL, LOOK_PLAIN, NULL, NULL},
	{14, "from", "zone", LOOK_PLAIN, NULL, NULL},
	{14, "to", "zone", LOOK_PLAIN, NULL, NULL},
	{10, "seconds", NULL, LOOK_PLAIN, NULL, NULL},
	{11, "rupiah", NULL, LOOK_PLAIN, NULL, NULL},
	{32, "words", NULL, LOOK_PLAIN, NULL, NULL},
	{0},
};
/* clang-format on */

struct choice { /* a row, and what it weighs */
	int64_t weight;
	size_t row;
};

static int heaviest(const void *left, const void *right)
{
	const struct choice *a = left, *b = right;

	if (a->weight != b->weight)
		return a->weight < b->weight ? 1 : -1;
	return a->row < b->row ? -1 : 1;
}

static int by_row(const void *left, const void *right)
{
	const size_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* The heaviest rows by this column, in the grid's own order; caller frees. Without memory for it:
 * the first ones. */
static size_t *choose(const struct grid *grid, const char *key, size_t count)
{
	size_t all = grid_rows(grid), column = (size_t)grid_find(grid, key);
	struct choice *choices = calloc(all, sizeof(*choices));
	size_t *rows = choices ? calloc(count, sizeof(*rows)) : NULL;

	for (size_t i = 0; choices && i < all; i++)
		choices[i] = (struct choice){grid_cell(grid, i, column)->number, i};
	if (choices)
		qsort(choices, all, sizeof(*choices), heaviest);
	for (size_t i = 0; choices && rows && i < count; i++)
		rows[i] = choices[i].row;
	if (choices && rows)
		qsort(rows, count, sizeof(*rows), by_row);
	free(choices);
	return rows;
}

static void say_cut(struct job *job, enum grid_table table)
{
	char shown[SAY_BYTES], all[SAY_BYTES], text[400];

	snprintf(text, sizeof(text),
		job_pick(job,
			"Lampiran ini memuat %s yang terberat dari %s. Semuanya ada dalam berkas "
			"XLSX dan CSV: pantau report --month %s --kabupaten %s --format csv "
			"--table %s",
			"This annex has the %s weightiest of %s. All of them are in the XLSX and "
			"the CSV: pantau report --month %s --kabupaten %s --format csv --table %s"),
		say_count(&job->say, ANNEX_ROWS_MAX, shown),
		say_count(&job->say, (int64_t)grid_rows(&job->grids[table]), all),
		job->report->month, job->report->kabupaten.code, grid_tables[table]);
	paper_paragraph(job->paper, text);
}

struct annex {
	enum grid_table table;
	const struct paper_column *columns;
	const char *weight; /* of a row, where there are too many; NULL: as they stand */
	const char *nothing;
};

static void draw(struct job *job, const struct annex *annex)
{
	const struct grid *grid = &job->grids[annex->table];
	struct table_view view = {grid, annex->columns, NULL, grid_rows(grid), job->say};
	size_t *rows = NULL;

	if (grid_rows(grid) > ANNEX_ROWS_MAX) {
		say_cut(job, annex->table);
		view.row_count = ANNEX_ROWS_MAX;
		rows = annex->weight ? choose(grid, annex->weight, ANNEX_ROWS_MAX) : NULL;
		view.rows = rows;
	}
	if (view.row_count)
		table_draw(job->paper, &view);
	else
		paper_paragraph(job->paper, annex->nothing);
	free(rows);
}

static void begin(struct job *job, enum section section, const char *words)
{
	const char *const *title = section_titles[section];

	job_section(job, true, job_pick(job, title[0], title[1]));
	paper_paragraph(job->paper, words);
}

void part_annex(struct job *job)
{
	const struct annex outages = {TABLE_OF_OUTAGES, outage_columns, "d_n",
		job_pick(job, "Tidak ada gangguan.", "There was no outage.")};
	const struct annex exclusions = {TABLE_OF_EXCLUSIONS, exclusion_columns, NULL,
		job_pick(job, "Tidak ada pengecualian.", "There is no exclusion.")};
	const struct annex questions = {TABLE_OF_QUESTIONS, question_columns, NULL,
		job_pick(job, "Tidak ada pertanyaan terbuka.", "There is no open question.")};

	begin(job, SECTION_OUTAGES,
		job_pick(job,
			"Waktu setempat link. Lama sebuah gangguan adalah selang: sedikitnya D, "
			"sebanyaknya D + N. Awal dan akhir sebagaimana dihitung, seutuhnya, juga "
			"bila melampaui bulan.",
			"The link's local time. An outage's length is an interval: at least D, at "
			"most D + N. Beginning and end as counted, whole, beyond the month too."));
	draw(job, &outages);
	begin(job, SECTION_EXCLUSIONS,
		job_pick(job,
			"Pengecualian yang berlaku dan mengenai link kabupaten ini; yang dicabut "
			"tidak dimuat. E dalam rekapitulasi dapat juga berasal dari kontrak yang "
			"mengecualikan padam listrik.",
			"Exclusions in force that reach a link of this kabupaten; revoked ones "
			"are not here. E in the recap can also come from contracts that exclude "
			"time without power."));
	draw(job, &exclusions);
	begin(job, SECTION_QUESTIONS,
		job_pick(job,
			"Yang masih harus diputuskan orang, termahal lebih dahulu. Selisih "
			"restitusi mungkin dan terbukti bergantung padanya.",
			"What people have yet to decide, the dearest first. The difference "
			"between possible and proven restitution hangs on it."));
	draw(job, &questions);
}
