/* SPDX-License-Identifier: Apache-2.0 */
/* A file of its own: the kernel's tcp.h and the C library's cannot stand in one. */
#include "collector/ingest/tcp_look.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

static void put_ip(struct address *address, const struct sockaddr_storage *from)
{
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)from;

	if (from->ss_family == AF_INET) {
		address->length = 4;
		memcpy(address->bytes, &((const struct sockaddr_in *)from)->sin_addr, 4);
	} else if (from->ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) {
		address->length = 4;
		memcpy(address->bytes, v6->sin6_addr.s6_addr + 12, 4);
	} else if (from->ss_family == AF_INET6) {
		address->length = 16;
		memcpy(address->bytes, &v6->sin6_addr, 16);
	}
}

int tcp_look(int fd, struct sighting *ret_sighting)
{
	struct sighting sighting = {.min_rtt_us = 0};
	struct sockaddr_storage peer, own;
	socklen_t peer_size = sizeof(peer), own_size = sizeof(own);
	struct tcp_info tcp = {0};
	socklen_t size = sizeof(tcp);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &tcp, &size) < 0 ||
		getpeername(fd, (struct sockaddr *)&peer, &peer_size) < 0 ||
		getsockname(fd, (struct sockaddr *)&own, &own_size) < 0)
		return -errno;
	put_ip(&sighting.peer, &peer);
	put_ip(&sighting.own, &own);
	/* before it knows one it says more than any can be */
	sighting.min_rtt_us = tcp.tcpi_min_rtt == UINT32_MAX ? 0 : tcp.tcpi_min_rtt;
	sighting.rtt_us = tcp.tcpi_rtt;
	sighting.sent_again = tcp.tcpi_total_retrans;
	*ret_sighting = sighting;
	return 0;
}
