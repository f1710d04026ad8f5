/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/errands/speed_wan.h"

#include <errno.h>

#define BITS 8
#define US_PER_MS 1000

int speed_wan_counters(int netlink, const struct errand_wan *wan, struct link *ret_link)
{
	return link_by_name(netlink, wan_interface_name(wan->wan), ret_link);
}

void speed_wan_choose_echo(const struct errand_wan *wan, struct probe_request *ret_request)
{
	struct wan_way way;

	for (size_t i = 0; i < wan->targets->count; i++) {
		struct target target = wan->targets->targets[i];

		if (target.class != CLASS_INTERNET || target.port ||
			!wan_map(wan->wan, &target, &target) ||
			wan_way(wan->wan, &target.address, &way) != REFUSAL_NONE)
			continue;
		*ret_request = (struct probe_request){
			.target = target, .interface = way.interface, .source = way.source};
		return;
	}
}

bool speed_wan_is_mute(const struct errand_wan *wan)
{
	struct probe_request echo = {0};
	bool has_targets = false;

	for (size_t i = 0; i < wan->targets->count; i++)
		has_targets |= wan->targets->targets[i].class == CLASS_INTERNET;
	speed_wan_choose_echo(wan, &echo);
	return has_targets && !echo.target.address.length;
}

int speed_wan_traffic(const struct link *first, const struct link *now, uint64_t elapsed_us,
	struct speed_traffic *ret_traffic)
{
	struct speed_traffic traffic;
	uint64_t most;

	if (first->index != now->index || now->rx_bytes < first->rx_bytes ||
		now->tx_bytes < first->tx_bytes)
		return -ESTALE;
	traffic.rx_bytes = now->rx_bytes - first->rx_bytes;
	traffic.tx_bytes = now->tx_bytes - first->tx_bytes;
	most = traffic.rx_bytes > traffic.tx_bytes ? traffic.rx_bytes : traffic.tx_bytes;
	traffic.kbps = (long long)(most * BITS * US_PER_MS / (elapsed_us + 1));
	*ret_traffic = traffic;
	return 0;
}
