/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/monthly/grids.h"

#include <string.h>

const char *const grid_tables[] = {
	"links", "desa", "kecamatan", "providers", "outages", "exclusions", "questions", NULL};

static const struct {
	const char *id, *en;
} titles[TABLE_OF_COUNT] = {
	[TABLE_OF_LINKS] = {"Rincian link", "Links"},
	[TABLE_OF_DESA] = {"Rekap desa", "Desa"},
	[TABLE_OF_KECAMATAN] = {"Rekap kecamatan", "Kecamatan"},
	[TABLE_OF_PROVIDERS] = {"Penyedia", "Providers"},
	[TABLE_OF_OUTAGES] = {"Gangguan", "Outages"},
	[TABLE_OF_EXCLUSIONS] = {"Pengecualian", "Exclusions"},
	[TABLE_OF_QUESTIONS] = {"Pertanyaan terbuka", "Open questions"},
};

const char *grid_table_title(enum grid_table table, enum report_language language)
{
	return language == REPORT_ID ? titles[table].id : titles[table].en;
}

const char *grids_word(const struct grid_word *word, enum report_language language)
{
	if (language == REPORT_KEYS)
		return word->key;
	return language == REPORT_ID ? word->id : word->en;
}

static const char *translate(
	const struct grid_word *words, size_t count, const char *key, enum report_language language)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(words[i].key, key))
			return grids_word(&words[i], language);
	}
	return key;
}

const char *grids_cause(const char *cause, enum report_language language)
{
	static const struct grid_word words[] = {
		{"local", "kabel/sinyal di router", "cable or signal at the router"},
		{"cpe", "perangkat penyedia di lokasi", "provider's box on the premises"},
		{"access", "jaringan akses", "access network"},
		{"provider", "jaringan penyedia", "provider's network"},
		{"upstream", "hulu (internet)", "upstream (internet)"},
	};

	return translate(words, sizeof(words) / sizeof(*words), cause, language);
}

const char *grids_reason(const char *reason, enum report_language language)
{
	static const struct grid_word words[] = {
		{"maintenance", "pemeliharaan", "maintenance"},
		{"force-majeure", "keadaan kahar", "force majeure"},
		{"power", "listrik padam", "no power"},
		{"customer", "sebab di pelanggan", "customer's cause"},
	};

	return translate(words, sizeof(words) / sizeof(*words), reason, language);
}

static const struct grid_column *columns_of(enum grid_table table)
{
	switch (table) {
	case TABLE_OF_LINKS: return links_columns;
	case TABLE_OF_OUTAGES: return outages_columns;
	case TABLE_OF_EXCLUSIONS: return exclusions_columns;
	case TABLE_OF_QUESTIONS: return questions_columns;
	default: return sums_columns;
	}
}

int grids_make(const struct report *report, enum grid_table table, enum report_language language,
	struct grid *ret_grid)
{
	grid_init(ret_grid, grid_tables[table], columns_of(table));
	ret_grid->id = titles[table].id;
	ret_grid->en = titles[table].en;
	switch (table) {
	case TABLE_OF_LINKS: links_fill(report, ret_grid); break;
	case TABLE_OF_DESA: sums_fill(report, &report->desa, ret_grid); break;
	case TABLE_OF_KECAMATAN: sums_fill(report, &report->kecamatan, ret_grid); break;
	case TABLE_OF_PROVIDERS: sums_fill(report, &report->providers, ret_grid); break;
	case TABLE_OF_OUTAGES: outages_fill(report, language, ret_grid); break;
	case TABLE_OF_EXCLUSIONS: exclusions_fill(report, language, ret_grid); break;
	default: questions_fill(report, language, ret_grid);
	}
	return ret_grid->failed;
}
