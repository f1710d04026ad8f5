/* SPDX-License-Identifier: Apache-2.0 */
/* Every limit on what travels, with its reason. PROTOCOL.md repeats them for other languages. */
#ifndef PANTAU_PROTO_LIMITS_H
#define PANTAU_PROTO_LIMITS_H

#define PROTO_PORT 7443

#define FRAME_MAX (64 * 1024) /* fixed by the protocol: bounds what a connection can cost */
#define UNPACK_BUDGET (512 * 1024) /* protobuf-c turns a hostile frame into 100 times its size */
#define RECORD_MAX (16 * 1024) /* an encoded record: the fullest slot takes 9 KiB */
#define ENTRIES_MAX 256 /* records in a report: 64 KiB of the smallest ones that occur */
#define RUNS_MAX 512 /* runs in a HELLO: a week of a router that restarts every 20 min */

#define SLOT_TARGETS_MAX 16 /* gateway, edge, 2 resolvers, and internet targets to spare */
#define SLOT_PROBES_MAX 480 /* a round every second, with a full set of follow-ups for 30 */
#define SLOT_EVENTS_MAX 32 /* a carrier that flaps every other second */
#define SLOT_LENGTH_MIN_MS 1000
#define SLOT_LENGTH_MAX_MS 60000
#define SLOT_ROUNDS_MAX 60 /* one a second */
#define OFFSET_MAX_MS 120000 /* a round's last question leaves after its slot's end */
#define RTT_MAX_US 3000000 /* later answers are lost: RFC 2681 threshold of 3.0 s */

#define SPEED_SERVER_MAX 128 /* a host name or a short URL */
#define SPEED_KBPS_MAX 100000000 /* 100 Gbit/s: no village has more */
#define SPEED_DURATION_MAX_MS 600000 /* nobody loads a shared link for longer than 10 minutes */
#define SPEED_BYTES_MAX (1ULL << 43) /* what 100 Gbit/s move in 10 minutes, 7.5 TB */
#define SPEED_RTT_MAX_US 60000000 /* a queue of a minute */

#define SLOT_DNS_MAX 8 /* both questions to each of four resolvers */
#define SLOT_STAMP_MAX 6000 /* a hundred test packets a second */
#define CLIENTS_MAX 65535 /* a network of 16 bits behind the router */

#define HTTP_URL_MAX 128 /* a short URL, as it is configured */
#define HTTP_TIME_MAX_US 120000000 /* a page that takes two minutes has failed */

#define OBSERVATION_SOURCE_MAX 32
#define OBSERVATION_ITEMS_MAX 32 /* a modem tells 12 things, a certificate of installation 25 */
#define OBSERVATION_KEY_MAX 32
#define OBSERVATION_VALUE_MAX 96 /* a person's name, an address, a version */

#define CONFIGURATION_MAX 4096 /* bytes of text: every key that may come from afar, four times */
#define CONFIGURATION_TROUBLE_MAX 160
#define COMEBACK_MAX_S 600 /* 360,000 agents, at 600 a second */
#define LEASE_SECONDS_MAX 3600 /* six times what a speed test may take */

#define WAN_NAME_MAX 16
#define SOFTWARE_MAX 64
#define BOOT_BYTES 16

#define UTC_MIN_US 1577836800000000LL /* 2020-01-01: before it there was no agent */
#define UTC_MAX_US 4102444800000000LL /* 2100-01-01 */
#define MONO_MAX_US (100ULL * 366 * 86400 * 1000000) /* an uptime of a century */

#define ANCHOR_ERROR_MAX_US (86400ULL * 1000000) /* a day; nothing is placed beyond 10 s */

#define UNACKED_MAX_BYTES (48 * 1024) /* in flight per session: a quarter second at 1.5 Mbit/s */

#endif
