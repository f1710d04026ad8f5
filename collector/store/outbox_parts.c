/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/outbox_parts.h"

#include <string.h>

void pack_live(struct pack *pack, const struct ledger_live *live)
{
	pack_u8(pack, (uint8_t)live->state);
	pack_u64(pack, (uint64_t)live->since_s);
	pack_u64(pack, (uint64_t)live->heard_us);
	pack_u64(pack, (uint64_t)live->slot_to_s);
	pack_u32(pack, (uint32_t)live->rtt_us);
	pack_u32(pack, (uint32_t)live->loss_ppm);
	pack_bytes(pack, live->cause, sizeof(live->cause));
	pack_bytes(pack, live->dns, sizeof(live->dns));
}

void unpack_live(struct unpack *unpack, struct ledger_live *ret_live)
{
	const uint8_t *cause, *dns;

	ret_live->state = (enum live_state)unpack_u8(unpack);
	ret_live->since_s = (int64_t)unpack_u64(unpack);
	ret_live->heard_us = (int64_t)unpack_u64(unpack);
	ret_live->slot_to_s = (int64_t)unpack_u64(unpack);
	ret_live->rtt_us = (int32_t)unpack_u32(unpack);
	ret_live->loss_ppm = (int32_t)unpack_u32(unpack);
	cause = unpack_bytes(unpack, sizeof(ret_live->cause));
	if (cause)
		memcpy(ret_live->cause, cause, sizeof(ret_live->cause));
	ret_live->cause[sizeof(ret_live->cause) - 1] = '\0';
	dns = unpack_bytes(unpack, sizeof(ret_live->dns));
	if (dns)
		memcpy(ret_live->dns, dns, sizeof(ret_live->dns));
	ret_live->dns[sizeof(ret_live->dns) - 1] = '\0';
	if (ret_live->state >= LIVE_COUNT)
		unpack->failed = true;
}

void pack_speed(struct pack *pack, const struct outbox_speed *speed)
{
	pack_varint(pack, speed->down_kbps);
	pack_varint(pack, speed->up_kbps);
	pack_varint(pack, speed->loaded_rtt_us);
	pack_varint(pack, speed->bytes);
}

void unpack_speed(struct unpack *unpack, struct outbox_speed *ret_speed)
{
	ret_speed->down_kbps = (uint32_t)unpack_varint(unpack);
	ret_speed->up_kbps = (uint32_t)unpack_varint(unpack);
	ret_speed->loaded_rtt_us = (uint32_t)unpack_varint(unpack);
	ret_speed->bytes = unpack_varint(unpack);
}
