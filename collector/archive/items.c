/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/archive/items.h"

#include <errno.h>

#include "common/pack.h"

int item_write(enum item_kind kind, const void *bytes, size_t length, struct buf *out)
{
	struct pack pack;
	uint8_t *room;
	int r = buf_reserve(out, ITEM_HEAD_BYTES + length, &room);

	if (r < 0)
		return r;
	pack_init(&pack, room, ITEM_HEAD_BYTES + length);
	pack_u8(&pack, (uint8_t)kind);
	pack_u32(&pack, (uint32_t)length);
	pack_bytes(&pack, bytes, length);
	buf_commit(out, ITEM_HEAD_BYTES + length);
	return 0;
}

int items_next(struct items *items, struct item *ret_item)
{
	struct item item;
	struct unpack unpack;

	if (items->at == items->length)
		return 0;
	unpack_init(&unpack, items->bytes + items->at, items->length - items->at);
	item.kind = unpack_u8(&unpack);
	item.length = unpack_u32(&unpack);
	item.bytes = unpack_bytes(&unpack, item.length);
	if (unpack.failed)
		return -EBADMSG;
	items->at += ITEM_HEAD_BYTES + item.length;
	items->next++;
	*ret_item = item;
	return 1;
}
