/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/desa: the live state of every desa, one row a link. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/civil.h"
#include "common/clock.h"
#include "web/board.h"
#include "web/live_json.h"
#include "web/params.h"
#include "web/site.h"

static void write_region(
	struct json *json, const char *code_key, const char *name_key, const struct region *region)
{
	json_text(json, code_key, region->code);
	json_text(json, name_key, region->name[0] ? region->name : NULL);
}

static void write_position(struct json *json, const struct registry_link *link)
{
	char text[32];

	if (!link->has_position) {
		json_null(json, "lat");
		json_null(json, "lon");
		return;
	}
	snprintf(text, sizeof(text), "%.6f", link->lat);
	json_decimal(json, "lat", text);
	snprintf(text, sizeof(text), "%.6f", link->lon);
	json_decimal(json, "lon", text);
}

static void write_if(struct json *json, const char *key, bool known, int64_t value)
{
	if (known)
		json_number(json, key, value);
	else
		json_null(json, key);
}

static void write_limits(struct json *json, const char *key, const struct limit_terms *limits)
{
	json_object(json, key);
	json_number(json, "rtt_us", limits->rtt_us);
	json_number(json, "loss_ppm", limits->loss_ppm);
	json_number(json, "pdv_us", limits->pdv_us);
	json_object_end(json);
}

static const struct limit_terms usual_limits = {
	TERMS_LIMIT_RTT_US, TERMS_LIMIT_LOSS_PPM, TERMS_LIMIT_PDV_US};

/* Limits that are the usual ones are not said for every link of a country. */
static void write_day(struct json *json, const struct sla_day *day)
{
	const struct limit_terms *limits = &day->limits;

	if (!day->link || day->u + day->d + day->n + day->e == 0) {
		json_null(json, "day");
	} else {
		json_object(json, "day");
		json_number(json, "u", day->u);
		json_number(json, "d", day->d);
		json_number(json, "n", day->n);
		json_number(json, "e", day->e);
		json_object_end(json);
	}
	if (!day->link ||
		(limits->rtt_us == usual_limits.rtt_us &&
			limits->loss_ppm == usual_limits.loss_ppm &&
			limits->pdv_us == usual_limits.pdv_us))
		json_null(json, "limits");
	else
		write_limits(json, "limits", limits);
}

/* Speeds that are enough are not said for every link of a country. */
static void write_slow(struct json *json, const struct sla_lately *lately)
{
	if (!sla_lately_is_slow(lately)) {
		json_null(json, "slow");
		return;
	}
	json_object(json, "slow");
	write_if(json, "down_kbps", lately->has_down, lately->down_kbps);
	write_if(json, "up_kbps", lately->has_up, lately->up_kbps);
	json_number(json, "least_down_kbps", lately->least_down_kbps);
	json_number(json, "least_up_kbps", lately->least_up_kbps);
	json_object_end(json);
}

/* Rows go by desa: mostly it lies where the one before did. */
static int find_place(
	struct registry *registry, const char *desa, struct region_place *place, struct err *err)
{
	char kecamatan[REGION_CODE_BYTES];

	if (strcmp(place->desa.code, desa) == 0)
		return 0;
	region_parent(desa, REGION_KECAMATAN, kecamatan);
	return strcmp(place->kecamatan.code, kecamatan) == 0
		? registry_region_get(registry, desa, &place->desa, err)
		: registry_place(registry, desa, place, err);
}

static void write_row(
	struct json *json, const struct region_place *place, const struct board_row *row)
{
	json_object(json, NULL);
	json_number(json, "link", row->link.id);
	write_region(json, "desa", "desa_name", &place->desa);
	write_region(json, "kecamatan", "kecamatan_name", &place->kecamatan);
	write_region(json, "kabupaten", "kabupaten_name", &place->kabupaten);
	json_text(json, "provider", row->link.provider);
	json_text(json, "kind", link_kind_name(row->link.kind));
	json_text(json, "zone", row->link.zone);
	live_json(json, &row->live);
	json_text(json, "desa_state", live_state_name(row->desa_state));
	write_position(json, &row->link);
	write_day(json, &row->day);
	write_if(json, "pdv_us", row->day.lately.has_pdv, row->day.lately.pdv_us);
	write_slow(json, &row->day.lately);
	json_object_end(json);
}

static int write_rows(struct json *json, struct registry *registry, const struct board *board,
	const struct page *page, struct err *err)
{
	struct region_place place = {.desa = {.code = ""}};
	int r = 0;

	for (size_t i = page->offset; r == 0 && i < board->count && i - page->offset < page->limit;
		i++) {
		r = find_place(registry, board->rows[i].link.desa, &place, err);
		if (r == 0)
			write_row(json, &place, &board->rows[i]);
	}
	return r;
}

static int write_board(struct response *ret, struct registry *registry, const struct board *board,
	const struct page *page, struct err *err)
{
	char now[CIVIL_TIME_BYTES];
	struct json json;
	int r;

	civil_format(clock_utc_us() / 1000000, now);
	ret->packs = true;
	response_json(ret, &json);
	json_text(&json, "as_of", now);
	json_number(&json, "event", board->event_id);
	json_number(&json, "total", (int64_t)board->count);
	json_number(&json, "limit", (int64_t)page->limit);
	json_number(&json, "offset", (int64_t)page->offset);
	write_limits(&json, "limits", &usual_limits);
	json_array(&json, "rows");
	r = write_rows(&json, registry, board, page, err);
	json_array_end(&json);
	response_json_end(ret, &json);
	return r;
}

void api_desa(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {
		"kabupaten", "kecamatan", "desa", "provider", "link", "limit", "offset", NULL};
	struct registry_filter filter;
	struct err err = {0};
	struct books books;
	struct board board;
	struct page page;
	int r;

	if (!params_known(request, known, ret) || !filter_read(request, &filter, ret) ||
		!param_page(request, &page, ret) ||
		!books_open_for(site->state, request, filter.link, &books, ret))
		return;
	r = board_read(&books, &filter, &board, &err);
	if (r == 0) {
		board_add_days(&board, site->daybook);
		r = write_board(ret, books.registry, &board, &page, &err);
		board_done(&board);
	}
	if (r < 0)
		books_failed("desa", &err, ret);
	books_close(&books);
}
