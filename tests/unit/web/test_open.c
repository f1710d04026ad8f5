/* SPDX-License-Identifier: Apache-2.0 */
/* Open data: the dictionary, words for citizens, dates and tags, plain pages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "web/html.h"
#include "web/open/answer.h"
#include "web/open/metadata.h"
#include "web/open/words.h"

/* ---- the dictionary */

static const struct open_column *find_column(const struct open_table *table, const char *key)
{
	for (const struct open_column *column = table->columns; column->key; column++) {
		if (!strcmp(column->key, key))
			return column;
	}
	return NULL;
}

static void every_column_is_explained_once(void **state)
{
	for (int i = 0; i < OPEN_TABLES; i++) {
		const struct open_table *table = &open_tables[i];

		for (const struct open_column *column = table->columns; column->key; column++) {
			assert_ptr_equal(find_column(table, column->key), column);
			assert_true(column->about[OPEN_ID][0] && column->about[OPEN_EN][0]);
			assert_int_equal(!column->source,
				column->from != FROM_ROW && column->from != FROM_LINK &&
					column->from != FROM_CONTRACT);
		}
		for (const char *const *key = table->key; *key; key++) {
			assert_non_null(find_column(table, *key));
			assert_false(find_column(table, *key)->money);
		}
		assert_int_equal(open_table_find(table->name, strlen(table->name)), i);
	}
	assert_int_equal(open_table_find("link", 4), -1);
	assert_int_equal(open_table_find("linksx", 6), -1);
	assert_int_equal(open_table_find("", 0), -1);
}

static void money_is_shown_where_it_is_wanted(void **state)
{
	static const char *const keys[] = {"fee", "restitution_low", "restitution_high"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const struct open_column *column = find_column(&open_tables[OPEN_LINKS], keys[i]);

		assert_non_null(column);
		assert_false(open_column_shown(column, false));
		assert_true(open_column_shown(column, true));
	}
	assert_true(open_column_shown(find_column(&open_tables[OPEN_LINKS], "kode"), false));
}

/* ---- dates and tags */

static void dates_are_those_of_http(void **state)
{
	char text[OPEN_DATE_BYTES];
	int64_t at_s = 0;

	open_date(784111777, text);
	assert_string_equal(text, "Sun, 06 Nov 1994 08:49:37 GMT");
	assert_int_equal(open_date_parse(text, &at_s), 0);
	assert_int_equal(at_s, 784111777);
	for (int64_t s = 0; s < 4102444800; s += 86400 * 27 + 3601) {
		open_date(s, text);
		assert_int_equal(open_date_parse(text, &at_s), 0);
		assert_int_equal(at_s, s);
	}
}

static void what_is_no_date_is_refused(void **state)
{
	static const char *const texts[] = {"", "yesterday", "Sun, 06 Nov 1994 08:49:37",
		"Sun, 06 Nov 1994 08:49:37 GMT+1", "Sun, 06 Xxx 1994 08:49:37 GMT",
		"Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 0004 08:49:37 GMT", "784111777"};
	int64_t at_s = 5;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_int_not_equal(open_date_parse(texts[i], &at_s), 0);
	assert_int_equal(at_s, 5);
}

static unsigned status_for(const char *tags, const char *since, int64_t modified_s)
{
	const struct request request = {.if_none_match = tags, .if_modified_since = since};
	const struct open_version version = {"\"abc\"", modified_s, OPEN_CACHE_FINAL};
	struct response response;
	bool known;
	unsigned status;

	response_init(&response);
	known = open_is_known(&request, &version, &response);
	status = response.status;
	assert_int_equal(known, status == 304);
	assert_string_equal(response.extras[0].value, "\"abc\"");
	response_done(&response);
	return status;
}

static void who_has_it_is_told_so(void **state)
{
	static const char then[] = "Sun, 06 Nov 1994 08:49:37 GMT";

	assert_int_equal(status_for(NULL, NULL, 784111777), 200);
	assert_int_equal(status_for("\"abc\"", NULL, 784111777), 304);
	assert_int_equal(status_for("W/\"abc\"", NULL, 784111777), 304);
	assert_int_equal(status_for("\"x\", \"abc\"", NULL, 784111777), 304);
	assert_int_equal(status_for("*", NULL, 784111777), 304);
	assert_int_equal(status_for("\"ab\"", NULL, 784111777), 200);
	assert_int_equal(status_for(NULL, then, 784111777), 304);
	assert_int_equal(status_for(NULL, then, 784111776), 304);
	assert_int_equal(status_for(NULL, then, 784111778), 200);
	assert_int_equal(status_for(NULL, then, 0), 200); /* not known when */
	assert_int_equal(status_for(NULL, "x", 784111777), 200);
	assert_int_equal(status_for("\"x\"", then, 784111777), 200); /* the tag decides */
}

/* ---- words */

static void durations_have_two_units_at_most(void **state)
{
	static const struct {
		int64_t seconds;
		const char *id, *en;
	} cases[] = {{0, "0 detik", "0 seconds"}, {1, "1 detik", "1 second"},
		{60, "1 menit", "1 minute"}, {125, "2 menit 5 detik", "2 minutes 5 seconds"},
		{3600, "1 jam", "1 hour"}, {3605, "1 jam", "1 hour"}, {18000, "5 jam", "5 hours"},
		{90061, "1 hari 1 jam", "1 day 1 hour"}, {2592000, "30 hari", "30 days"}};
	char text[SAY_BYTES];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_string_equal(open_duration(OPEN_ID, cases[i].seconds, text), cases[i].id);
		assert_string_equal(open_duration(OPEN_EN, cases[i].seconds, text), cases[i].en);
	}
}

static void shares_are_truncated_not_rounded_up(void **state)
{
	const struct say id = {REPORT_ID, 28800}, en = {REPORT_EN, 28800};
	char text[SAY_BYTES];

	assert_string_equal(open_percent(&id, 2591999, 2592000, text), "99,99");
	assert_string_equal(open_percent(&en, 2591999, 2592000, text), "99.99");
	assert_string_equal(open_percent(&id, 1, 1, text), "100,00");
	assert_string_equal(open_percent(&id, 0, 0, text), "0,00");
}

static void names_in_capitals_are_written_as_people_write_them(void **state)
{
	char text[REGISTRY_NAME_BYTES];

	assert_string_equal(open_name("KALIMANTAN TIMUR", text), "Kalimantan Timur");
	assert_string_equal(open_name("KABUPATEN KUTAI-TIMUR", text), "Kabupaten Kutai-Timur");
	assert_string_equal(open_name("Kerayaan", text), "Kerayaan");
	assert_string_equal(open_name("", text), "");
}

static void both_languages_say_everything(void **state)
{
	const char *const *id = (const char *const *)&open_words[OPEN_ID];
	const char *const *en = (const char *const *)&open_words[OPEN_EN];

	for (size_t i = 0; i < sizeof(struct open_words) / sizeof(char *); i++) {
		size_t in_id = 0, in_en = 0;

		assert_non_null(id[i]);
		assert_non_null(en[i]);
		for (const char *at = id[i]; (at = strstr(at, "%s")); at++)
			in_id++;
		for (const char *at = en[i]; (at = strstr(at, "%s")); at++)
			in_en++;
		assert_int_equal(in_id, in_en);
	}
	assert_non_null(open_cause(OPEN_ID, "provider"));
	assert_null(open_cause(OPEN_ID, "silent"));
}

static void one_speed_is_not_none(void **state)
{
	for (int language = 0; language < OPEN_LANGUAGES; language++) {
		const struct open_words *words = &open_words[language];

		assert_ptr_equal(open_speed_words(words, true, true), words->speed);
		assert_ptr_equal(open_speed_words(words, true, false), words->speed_down);
		assert_ptr_equal(open_speed_words(words, false, true), words->speed_up);
		assert_ptr_equal(open_speed_words(words, false, false), words->no_speed);
	}
}

/* ---- what is kept */

static void who_unpacks_says_so(void **state)
{
	static const char *const yes[] = {
		"gzip", "GZIP", "*", "deflate, gzip;q=0.5", "br,gzip", "*;q=0, gzip"};
	static const char *const no[] = {"", "gzip;q=0", "gzip; q=0.000", "gzip;q=0, *",
		"*, gzip;q=0", "br, deflate", "gzipped", "x-gzip", "identity"};
	struct request request = {0};

	assert_false(request_unpacks(&request));
	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++) {
		request.accept_encoding = yes[i];
		assert_true(request_unpacks(&request));
	}
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++) {
		request.accept_encoding = no[i];
		assert_false(request_unpacks(&request));
	}
}

static void a_paper_is_kept_for_what_it_was_made_of(void **state)
{
	struct shelf shelf = {.uses = 0};
	const struct packed *packed;
	struct buf bytes;

	buf_init(&bytes, 100);
	buf_append(&bytes, "isi", 3);
	assert_null(shelf_paper(&shelf, PAPER_PLACES, "1"));
	assert_int_equal(shelf_keep(&shelf, PAPER_PLACES, "1", &bytes), 0);
	packed = shelf_paper(&shelf, PAPER_PLACES, "1");
	assert_non_null(packed);
	assert_int_equal(packed->length, 3);
	assert_ptr_equal(shelf_paper(&shelf, PAPER_PLACES, "1"), packed);
	assert_null(shelf_paper(&shelf, PAPER_PLACES, "2"));
	assert_null(shelf_paper(&shelf, PAPER_CATALOGUE, "1"));
	assert_int_equal(shelf_keep(&shelf, PAPER_PLACES, "2", &bytes), 0);
	assert_null(shelf_paper(&shelf, PAPER_PLACES, "1"));
	assert_non_null(shelf_paper(&shelf, PAPER_PLACES, "2"));
	shelf_done(&shelf);
	buf_done(&bytes);
}

/* ---- who publishes */

static void what_is_not_configured_has_a_fallback(void **state)
{
	struct publisher publisher = {"", "", "", "", false, "", "", "", ""};
	char room[PUBLISHER_TEXT_BYTES], url[OPEN_URL_BYTES];

	assert_string_equal(publisher_name(&publisher), "Pantau Desa");
	assert_string_equal(publisher_title(&publisher, "", room), "Internet desa");
	assert_string_equal(publisher_url(&publisher, "/open", url), "/open");
	publisher.province = "Provinsi Uji";
	assert_string_equal(publisher_name(&publisher), "Provinsi Uji");
	publisher.office = "Dinas Uji";
	assert_string_equal(publisher_name(&publisher), "Dinas Uji");
	publisher.name = "Penerbit";
	assert_string_equal(publisher_name(&publisher), "Penerbit");
	publisher.base = "https://x.example.id//";
	assert_string_equal(publisher_url(&publisher, "/open", url), "https://x.example.id/open");
	assert_string_equal(licence_title("https://creativecommons.org/licenses/by/4.0/"),
		"Creative Commons Attribution 4.0");
	assert_string_equal(licence_title("https://x.example.id"), "https://x.example.id");
}

static void odd_terms_are_refused(void **state)
{
	struct publisher publisher = {"", "", "a@b.id", "https://x.id/", false, "", "", "", ""};
	static const char *const contacts[] = {"a", "@b.id", "a@b", "a b@c.id", "a@b@c.id"};
	static const char *const licences[] = {"CC BY", "javascript:x", "https://x\" y"};

	assert_int_equal(publisher_check(&publisher, NULL), 0);
	for (size_t i = 0; i < sizeof(contacts) / sizeof(*contacts); i++) {
		publisher.contact = contacts[i];
		assert_int_not_equal(publisher_check(&publisher, NULL), 0);
	}
	publisher.contact = "";
	for (size_t i = 0; i < sizeof(licences) / sizeof(*licences); i++) {
		publisher.licence = licences[i];
		assert_int_not_equal(publisher_check(&publisher, NULL), 0);
	}
}

/* ---- searching */

static void a_search_finds_every_word_somewhere(void **state)
{
	struct region regions[] = {{"64.08", REGION_KABUPATEN, "KABUPATEN KUTAI TIMUR"},
		{"64.08.05", REGION_KECAMATAN, "Sangkulirang"},
		{"64.08.05.2001", REGION_DESA, "Kerayaan"}};
	const struct gazetteer gazetteer = {.regions = regions, .region_count = 3};
	const struct region *desa = gazetteer_region(&gazetteer, "64.08.05.2001");

	assert_non_null(desa);
	assert_null(gazetteer_region(&gazetteer, "64.08.05.2002"));
	assert_true(gazetteer_matches(&gazetteer, desa, "kerayaan"));
	assert_true(gazetteer_matches(&gazetteer, desa, "  RAYA\tsangku kutai "));
	assert_true(gazetteer_matches(&gazetteer, desa, "05.2001"));
	assert_true(gazetteer_matches(&gazetteer, desa, ""));
	assert_false(gazetteer_matches(&gazetteer, desa, "kerayaan berau"));
	assert_false(gazetteer_matches(&gazetteer, desa, "kerayaann"));
}

/* ---- plain pages */

static void what_people_entered_is_escaped(void **state)
{
	const struct html_frame frame = {.language = "id", .title = "<b>"};
	static const char wanted[] = "&lt;script&gt;&amp;&quot;&#39;100%|a b|50% x";
	struct response response;
	struct html html;

	response_init(&response);
	html_begin(&html, &frame, &response);
	html_put(&html, "%s100%%|", "<script>&\"'");
	html_fill(&html, "%s %s|50%% %s", HTML_TEXTS("a", "b", "x"));
	html_fill(&html, "%s%s", HTML_TEXTS("")); /* one text too few is no text */
	html_end(&html, &response);
	assert_non_null(memmem(
		buf_peek(&response.body), buf_length(&response.body), wanted, sizeof(wanted) - 1));
	assert_null(memmem(buf_peek(&response.body), buf_length(&response.body), "<b>", 3));
	assert_int_equal(response.status, 200);
	response_done(&response);
}

static void an_address_is_encoded(void **state)
{
	static const char wanted[] = "/publik/64.08%3Fx%3D%25%20%26%22%C3%A9~";
	struct html html;
	struct buf out;

	buf_init(&out, 100);
	html = (struct html){.out = &out};
	html_url(&html, "/publik/64.08?x=% &\"\xc3\xa9~");
	assert_int_equal(buf_length(&out), sizeof(wanted) - 1);
	assert_memory_equal(buf_peek(&out), wanted, sizeof(wanted) - 1);
	buf_done(&out);
}

static void a_blob_lives_as_long_as_somebody_has_it(void **state)
{
	struct blob *blob = blob_new("abc", 3), *other = blob_take(blob);

	assert_ptr_equal(blob, other);
	blob_drop(blob);
	assert_memory_equal(other->bytes, "abc", 3);
	blob_drop(other);
	blob_drop(NULL);
	blob = blob_new(NULL, 0);
	assert_int_equal(blob->length, 0);
	blob_drop(blob);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_column_is_explained_once),
		cmocka_unit_test(money_is_shown_where_it_is_wanted),
		cmocka_unit_test(dates_are_those_of_http),
		cmocka_unit_test(what_is_no_date_is_refused),
		cmocka_unit_test(who_has_it_is_told_so),
		cmocka_unit_test(durations_have_two_units_at_most),
		cmocka_unit_test(shares_are_truncated_not_rounded_up),
		cmocka_unit_test(names_in_capitals_are_written_as_people_write_them),
		cmocka_unit_test(both_languages_say_everything),
		cmocka_unit_test(one_speed_is_not_none),
		cmocka_unit_test(who_unpacks_says_so),
		cmocka_unit_test(a_paper_is_kept_for_what_it_was_made_of),
		cmocka_unit_test(an_address_is_encoded),
		cmocka_unit_test(what_is_not_configured_has_a_fallback),
		cmocka_unit_test(odd_terms_are_refused),
		cmocka_unit_test(a_search_finds_every_word_somewhere),
		cmocka_unit_test(what_people_entered_is_escaped),
		cmocka_unit_test(a_blob_lives_as_long_as_somebody_has_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
