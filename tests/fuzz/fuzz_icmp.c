/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what the network or the kernel hands to an ICMP socket: a reply is believed when it
 * is one to a request of this socket, whole, whatever is in front of it. */
#include "agent/probes/icmp_socket.c"
#include "tests/fuzz/fuzz.h"

static void check(const struct icmp_socket *icmp, const uint8_t *bytes, size_t size)
{
	size_t header = icmp->raw && icmp->family == AF_INET && size ? (bytes[0] & 15) * 4U : 0;
	struct icmp_echo echo = {.cookie = 1};
	const uint8_t *reply = bytes + header;

	if (!read_reply(icmp, bytes, size, &echo)) {
		FUZZ_CHECK(echo.cookie == 1 && !echo.sequence);
		return;
	}
	FUZZ_CHECK(size - header == sizeof(struct packet));
	FUZZ_CHECK(reply[0] == (icmp->family == AF_INET ? 0 : 129) && reply[1] == 0);
	FUZZ_CHECK(memcmp(reply + 4, &icmp->id, sizeof(icmp->id)) == 0);
	FUZZ_CHECK(echo.sequence == (reply[6] << 8 | reply[7]));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const int families[] = {AF_INET, AF_INET6};

	for (size_t i = 0; i < 4; i++) {
		const struct icmp_socket icmp = {
			.fd = -1, .family = families[i / 2], .raw = i % 2, .id = 0x2a2a};

		check(&icmp, bytes, size < PACKET_MAX ? size : PACKET_MAX);
	}
	return 0;
}
