/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plain structs of what travels. No pointers: a record can be copied and compared. The values
 * of the enums are those of pantau.proto; PROTOCOL.md says what each field means.
 */
#ifndef PANTAU_PROTO_MODEL_H
#define PANTAU_PROTO_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/limits.h"

enum target_class {
	CLASS_GATEWAY = 1,
	CLASS_EDGE = 2,
	CLASS_PROVIDER = 3,
	CLASS_INTERNET = 4,
};
#define CLASS_COUNT 5 /* indexable by class */

enum probe_kind { PROBE_ICMP = 1, PROBE_TCP = 2, PROBE_STAMP = 3 };
enum outcome { OUTCOME_ANSWERED = 1, OUTCOME_LOST = 2, OUTCOME_REFUSED = 3 };
enum refusal {
	REFUSAL_NONE,
	REFUSAL_CARRIER,
	REFUSAL_ADDRESS,
	REFUSAL_ROUTE,
	REFUSAL_OTHER,
};
enum carrier { CARRIER_UNKNOWN, CARRIER_UP, CARRIER_DOWN };
enum neighbour { NEIGHBOUR_UNKNOWN, NEIGHBOUR_RESOLVED, NEIGHBOUR_FAILED };
enum event_kind { EVENT_CARRIER_UP = 1, EVENT_CARRIER_DOWN = 2, EVENT_CLOCK_STEP = 3 };
enum anchor_source { ANCHOR_NTP = 1, ANCHOR_COLLECTOR = 2, ANCHOR_MANUAL = 3 };

struct address {
	uint8_t length; /* 0 none, 4 or 16 */
	uint8_t bytes[16];
};

struct target {
	enum target_class class;
	struct address address;
	uint16_t port; /* 0: ICMP */
};

struct probe {
	uint32_t offset_ms; /* from the slot's start to the sending */
	uint32_t rtt_us; /* ANSWERED only */
	uint16_t round;
	uint8_t target; /* index into the slot's targets */
	uint8_t kind; /* enum probe_kind */
	uint8_t outcome;
	uint8_t refusal;
	bool follow_up; /* asked because the round was about to be lost */
};

struct event {
	uint8_t kind; /* enum event_kind */
	uint32_t offset_ms;
	int64_t value;
};

struct wan_facts {
	uint8_t carrier; /* enum carrier, at the slot's end */
	uint8_t gateway; /* enum neighbour */
	struct address address;
	uint64_t rx_bytes, tx_bytes, rx_packets, tx_packets, errors; /* within the slot */
	uint32_t clients_plus_one; /* devices behind the router; 0: not counted */
};

enum dns_question { DNS_PRESENT = 1, DNS_ABSENT = 2 };
enum dns_outcome {
	DNS_ANSWERED = 1, /* with an address */
	DNS_NXDOMAIN,
	DNS_SERVFAIL,
	DNS_REFUSED, /* by the resolver */
	DNS_TIMEOUT,
	DNS_HIJACKED, /* an address where NXDOMAIN is due */
	DNS_MALFORMED, /* an answer that is none */
	DNS_EMPTY, /* no error and no address */
	DNS_UNSENT, /* the router itself could not send it */
	DNS_OUTCOME_COUNT
};

struct dns {
	uint32_t offset_ms;
	uint32_t rtt_us; /* of an answer, whatever it says */
	struct address resolver;
	uint8_t question; /* enum dns_question */
	uint8_t outcome; /* enum dns_outcome */
};

struct stamp { /* test packets of the slot; sent 0: no STAMP target was asked, and then all is 0 */
	uint32_t sent;
	uint32_t lost_out; /* never reached the reflector */
	uint32_t lost_back; /* reached it, and the answer was lost */
	uint32_t forged; /* answers that were not signed with the key */
};

struct slot {
	uint8_t boot[BOOT_BYTES];
	uint64_t start_us; /* monotonic */
	uint32_t length_ms;
	char wan[WAN_NAME_MAX + 1];
	uint16_t rounds_due;
	uint16_t target_count, probe_count, event_count, dns_count;
	struct target targets[SLOT_TARGETS_MAX];
	struct probe probes[SLOT_PROBES_MAX];
	struct event events[SLOT_EVENTS_MAX];
	struct dns dns[SLOT_DNS_MAX];
	struct stamp stamp;
	struct wan_facts facts;
};

struct anchor {
	uint8_t boot[BOOT_BYTES];
	uint64_t mono_us;
	int64_t utc_us;
	uint64_t error_us;
	uint8_t source; /* enum anchor_source */
};

struct dropped {
	uint8_t boot[BOOT_BYTES];
	uint32_t last, records;
	uint64_t from_us, to_us; /* monotonic */
};

/* How the machine came to start, as far as it knows. */
enum reset { RESET_UNKNOWN, RESET_POWER_ON, RESET_WATCHDOG, RESET_PANIC, RESET_COUNT };

struct start {
	uint8_t boot[BOOT_BYTES];
	uint64_t mono_us;
	uint64_t nonce;
	char software[SOFTWARE_MAX + 1];
	uint8_t reset; /* enum reset */
};

struct stop {
	uint8_t boot[BOOT_BYTES];
	uint64_t mono_us;
};

enum speed_outcome { SPEED_DONE = 1, SPEED_SKIPPED, SPEED_FAILED };
enum speed_reason {
	SPEED_REASON_NONE, /* DONE only */
	SPEED_REASON_BUSY, /* others were using the WAN */
	SPEED_REASON_BUDGET, /* the data budget is spent */
	SPEED_REASON_DOWN, /* the WAN was not up */
	SPEED_REASON_NAME, /* the server's name did not resolve */
	SPEED_REASON_CONNECT, /* no connection, or not the server's certificate */
	SPEED_REASON_REFUSED, /* the server would not */
	SPEED_REASON_TIMEOUT, /* it took longer than a test may */
	SPEED_REASON_INTERRUPTED, /* the connection broke, or the agent was stopped */
	SPEED_REASON_OTHER,
	SPEED_REASON_LEASE, /* the collector said: later */
	SPEED_REASON_IMPOSTOR, /* what came was not the endpoint's: a cache, or a proxy */
	SPEED_REASON_COUNT
};

/* An agent draws none beyond: 18 decimal digits always hold it, which digits_parse() reads. */
#define SPEED_NONCE_MAX ((1ULL << 59) - 1)

struct speed_run { /* one direction; bytes 0: not measured, and then all is 0 */
	uint32_t kbps; /* of TCP's payload */
	uint32_t duration_ms;
	uint64_t bytes; /* of payload */
	uint32_t rtt_us; /* TCP's own at the end; 0: unknown */
	uint32_t retransmissions;
	uint64_t nonce; /* by which its endpoint knows the stream; 0: it has none */
};

struct speed {
	uint8_t boot[BOOT_BYTES];
	uint64_t start_us; /* monotonic */
	char wan[WAN_NAME_MAX + 1];
	uint8_t outcome; /* enum speed_outcome */
	uint8_t reason; /* enum speed_reason */
	char server[SPEED_SERVER_MAX + 1];
	struct address address; /* of the server */
	uint16_t port;
	struct speed_run down, up;
	uint32_t rtt_idle_us, rtt_loaded_us; /* 0: unknown */
	uint64_t other_rx_bytes, other_tx_bytes; /* of everyone else on the WAN */
};

enum http_outcome {
	HTTP_DONE = 1, /* the status and the content that were expected */
	HTTP_STATUS, /* the server answered with another status */
	HTTP_PORTAL, /* a captive portal stands in between */
	HTTP_IMPOSTOR, /* someone else answered */
	HTTP_NAME, /* the name did not resolve */
	HTTP_CONNECT, /* no connection */
	HTTP_TLS, /* not the server's certificate, or no TLS at all */
	HTTP_TIMEOUT,
	HTTP_BROKEN, /* the connection broke */
	HTTP_FAILED, /* the helper could not run, or died */
	HTTP_OUTCOME_COUNT
};

struct http { /* times of each step by itself; 0: it was not reached */
	uint8_t boot[BOOT_BYTES];
	uint64_t start_us; /* monotonic */
	char wan[WAN_NAME_MAX + 1];
	char url[HTTP_URL_MAX + 1]; /* as it was configured */
	uint8_t outcome; /* enum http_outcome */
	uint16_t status; /* 100 to 599; 0: none came */
	struct address address; /* the server's */
	uint16_t port;
	uint32_t name_us, connect_us, tls_us;
	uint32_t first_byte_us; /* from the request to the answer's first byte */
	uint32_t total_us; /* from the beginning to the end */
	uint64_t bytes; /* of content */
};

struct observation_item {
	char key[OBSERVATION_KEY_MAX + 1]; /* [a-z0-9_.-] */
	char value[OBSERVATION_VALUE_MAX + 1]; /* printable ASCII */
};

struct observation { /* what a source beside the probes said */
	uint8_t boot[BOOT_BYTES];
	uint64_t mono_us;
	char source[OBSERVATION_SOURCE_MAX + 1]; /* [a-z0-9_.-] */
	uint16_t item_count;
	struct observation_item items[OBSERVATION_ITEMS_MAX];
};

enum record_kind {
	RECORD_SLOT = 1,
	RECORD_ANCHOR,
	RECORD_DROPPED,
	RECORD_START,
	RECORD_STOP,
	RECORD_SPEED,
	RECORD_HTTP,
	RECORD_OBSERVATION,
};

struct record { /* about 12 KiB: keep it on the heap or in a long-lived struct */
	enum record_kind kind;
	union {
		struct slot slot;
		struct anchor anchor;
		struct dropped dropped;
		struct start start;
		struct stop stop;
		struct speed speed;
		struct http http;
		struct observation observation;
	};
};

struct record_key { /* with the agent, a record's identity */
	uint32_t run, sequence;
};

struct held_run { /* of HELLO */
	uint32_t run;
	uint64_t nonce;
	uint32_t first, last;
};

enum reject_code { REJECT_MALFORMED = 1, REJECT_INVALID = 2, REJECT_UNSUPPORTED = 3 };
enum refuse_code {
	REFUSE_PROTOCOL = 1,
	REFUSE_UNKNOWN_AGENT = 2,
	REFUSE_REVOKED = 3,
	REFUSE_BUSY = 4,
	REFUSE_REPLACED = 5,
};

#endif
