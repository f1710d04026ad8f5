/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_lot.h"

#include "collector/store/ledger_private.h"

#define LOT_END "lot" /* positions: segment, record; */
#define LOT_PART "lot_part" /* part, parts */

int ledger_lot(struct ledger_db *db, struct lot *ret_lot, struct err *err)
{
	int64_t segment, record, part, parts;
	int r = position_get(db->db, LOT_END, &segment, &record, err);

	if (r == 0)
		r = position_get(db->db, LOT_PART, &part, &parts, err);
	if (r < 0)
		return r;
	*ret_lot = (struct lot){.end = {(uint64_t)segment, (uint64_t)record},
		.part = (uint32_t)part,
		.parts = (uint32_t)parts};
	return 0;
}

int ledger_put_lot(struct ledger_writer *writer, const struct lot *lot, struct err *err)
{
	int r = position_put(
		writer->db, LOT_END, (int64_t)lot->end.segment, (int64_t)lot->end.record, err);

	return r < 0 ? r : position_put(writer->db, LOT_PART, lot->part, lot->parts, err);
}
