/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/outbox_parts.h"

#include <string.h>

#include "collector/ledger/hist.h"

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

void pack_day(struct pack *pack, const struct outbox_day *day)
{
	pack_varint(pack, (uint64_t)day->u);
	pack_varint(pack, (uint64_t)day->d);
	pack_varint(pack, (uint64_t)day->n);
	pack_varint(pack, (uint64_t)day->e);
	pack_u8(pack, day->again);
}

void unpack_day(struct unpack *unpack, struct outbox_day *ret_day)
{
	ret_day->u = (int64_t)unpack_varint(unpack);
	ret_day->d = (int64_t)unpack_varint(unpack);
	ret_day->n = (int64_t)unpack_varint(unpack);
	ret_day->e = (int64_t)unpack_varint(unpack);
	ret_day->again = unpack_u8(unpack);
}

/* ---- slots */

struct outbox_slot outbox_figures(const struct slot *slot)
{
	struct evidence evidence = evidence_of(slot);
	struct outbox_slot figures = {.rounds = evidence.made, .lost = evidence.lost};
	uint64_t sum_us = 0;

	for (size_t i = 0; i < slot->probe_count; i++) {
		const struct probe *probe = &slot->probes[i];
		uint32_t rtt_us = hist_step(probe->rtt_us);
		if (!evidence_publishes(slot, probe))
			continue;
		figures.sent++;
		if (probe->outcome != OUTCOME_ANSWERED)
			continue;
		sum_us += rtt_us;
		if (!figures.received || rtt_us < figures.rtt_min_us)
			figures.rtt_min_us = rtt_us;
		if (rtt_us > figures.rtt_max_us)
			figures.rtt_max_us = rtt_us;
		figures.received++;
	}
	if (figures.received)
		figures.rtt_avg_us = (uint32_t)(sum_us / figures.received);
	return figures;
}

struct outbox_wan outbox_wan_of(const struct slot *slot)
{
	return (struct outbox_wan){slot->facts.rx_bytes, slot->facts.tx_bytes, slot->facts.carrier};
}

void pack_slot(struct pack *pack, int64_t after_s, const struct slot *slot)
{
	struct outbox_slot figures = outbox_figures(slot);

	pack_signed(pack, after_s);
	pack_varint(pack, figures.rounds);
	pack_varint(pack, figures.lost);
	pack_varint(pack, figures.sent);
	pack_varint(pack, figures.received);
	pack_varint(pack, figures.rtt_min_us);
	pack_varint(pack, figures.rtt_avg_us);
	pack_varint(pack, figures.rtt_max_us);
	pack_varint(pack, slot->facts.rx_bytes);
	pack_varint(pack, slot->facts.tx_bytes);
	pack_u8(pack, slot->facts.carrier);
}

void unpack_slot(struct unpack *unpack, struct outbox_slot *ret_slot, struct outbox_wan *ret_wan)
{
	ret_slot->rounds = (uint32_t)unpack_varint(unpack);
	ret_slot->lost = (uint32_t)unpack_varint(unpack);
	ret_slot->sent = (uint32_t)unpack_varint(unpack);
	ret_slot->received = (uint32_t)unpack_varint(unpack);
	ret_slot->rtt_min_us = (uint32_t)unpack_varint(unpack);
	ret_slot->rtt_avg_us = (uint32_t)unpack_varint(unpack);
	ret_slot->rtt_max_us = (uint32_t)unpack_varint(unpack);
	ret_wan->rx_bytes = unpack_varint(unpack);
	ret_wan->tx_bytes = unpack_varint(unpack);
	ret_wan->carrier = unpack_u8(unpack);
}
