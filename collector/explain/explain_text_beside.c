/* SPDX-License-Identifier: Apache-2.0 */
/* What the slot says beside its rounds, in words: resolvers, test packets, devices. */
#include <inttypes.h>

#include "collector/explain/explain_names.h"
#include "collector/explain/explain_text_private.h"
#include "collector/ledger/names_fail.h"

static const char *outcome_word(const struct words *words, uint8_t outcome)
{
	switch ((enum dns_outcome)outcome) {
	case DNS_ANSWERED: return words_pick(words, "dijawab", "answered");
	case DNS_NXDOMAIN: return words_pick(words, "tidak ada (NXDOMAIN)", "NXDOMAIN");
	case DNS_SERVFAIL: return words_pick(words, "resolver gagal (SERVFAIL)", "SERVFAIL");
	case DNS_REFUSED: return words_pick(words, "ditolak resolver", "refused by the resolver");
	case DNS_TIMEOUT: return words_pick(words, "tidak dijawab", "timeout");
	case DNS_HIJACKED:
		return words_pick(words, "dibajak: alamat palsu", "hijacked: an address is given");
	case DNS_MALFORMED: return words_pick(words, "jawaban rusak", "a malformed answer");
	case DNS_EMPTY: return words_pick(words, "tanpa alamat", "no address");
	default: return words_pick(words, "tidak terkirim dari router", "not sent by the router");
	}
}

static void say_question(struct words *words, const struct dns *dns)
{
	char resolver[NAMES_ADDRESS_BYTES];
	bool present = dns->question == DNS_PRESENT;

	names_address(&dns->resolver, 0, resolver);
	words_say(words, "  DNS %s, %s: %s", "  DNS %s, %s: %s", resolver,
		present ? words_pick(words, "nama yang ada", "a name that exists")
			: words_pick(words, "nama yang tidak ada", "a name that cannot exist"),
		outcome_word(words, dns->outcome));
	if (dns->outcome != DNS_TIMEOUT && dns->outcome != DNS_UNSENT)
		words_say(words, ", %" PRIu32 ".%03" PRIu32 " ms", ", %" PRIu32 ".%03" PRIu32 " ms",
			dns->rtt_us / 1000, dns->rtt_us % 1000);
	words_say(words, ".\n", ".\n");
}

void text_beside(struct words *words, const struct slot *slot)
{
	const struct stamp *stamp = &slot->stamp;

	for (uint16_t i = 0; i < slot->dns_count; i++)
		say_question(words, &slot->dns[i]);
	if (names_fail(slot))
		words_say(words,
			"  Nama gagal sementara alamat menjawab: gangguan DNS tersendiri, bukan "
			"D.\n",
			"  Names fail while addresses answer: a fault of DNS, which is no D.\n");
	if (stamp->sent)
		words_say(words,
			"  STAMP: %" PRIu32 " dikirim, %" PRIu32 " hilang ke sana, %" PRIu32
			" hilang kembali, %" PRIu32 " jawaban palsu.\n",
			"  STAMP: %" PRIu32 " sent, %" PRIu32 " lost on the way out, %" PRIu32
			" on the way back, %" PRIu32 " forged answers.\n",
			stamp->sent, stamp->lost_out, stamp->lost_back, stamp->forged);
	if (slot->facts.clients_plus_one)
		words_say(words, "  Perangkat di belakang router: %" PRIu32 ".\n",
			"  Devices behind the router: %" PRIu32 ".\n",
			slot->facts.clients_plus_one - 1);
}
