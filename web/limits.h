/* SPDX-License-Identifier: Apache-2.0 */
/* Every limit of the web, with its reason. */
#ifndef PANTAU_WEB_LIMITS_H
#define PANTAU_WEB_LIMITS_H

#define HTTP_TARGET_MAX 2048 /* the longest sensible query has ten filters of 20 bytes */
#define HTTP_PARAMS_MAX 16 /* one of each that any resource knows, and some to spare */
#define HTTP_SEGMENTS_MAX 3 /* parts of a path that a resource reads: a month and a file */
#define HTTP_SEGMENT_BYTES 112 /* each: a provider's name is the longest */
#define HTTP_UPLOAD_MAX (256 * 1024) /* a body: a bad month's decisions, 2000 items of 100 bytes */
#define HTTP_UPLOAD_WASTE_MAX (4 * 1024 * 1024) /* of a longer one read before it is cut off */
#define HTTP_ADDRESS_BYTES 64 /* the longest IPv6 address with its scope */
#define HTTP_EXTRAS_MAX 10 /* headers that one answer has and others have not */
#define HTTP_EXTRA_BYTES 256 /* of each: a cookie is the longest */
#define HTTP_POLICY_BYTES 512 /* Content-Security-Policy, with the host of the map's tiles */
#define HTTP_MEMORY_MAX (32 * 1024) /* a connection's headers and output window */
#define HTTP_CONNECTIONS_MAX 1024 /* of them EVENTS_CLIENTS_MAX may be pages that watch */
#define HTTP_TIMEOUT_S 30 /* a peer that neither sends nor takes a byte for so long */
#define HTTP_THREADS 4 /* a month's figures of the province keep one busy for 50 ms */
#define HTTP_BODY_MAX (64 * 1024 * 1024) /* 84,000 villages at 600 bytes, and room */

#define PACK_MIN 1400 /* bytes of an answer: less goes in one packet anyhow */
#define PACK_MAX (16 * 1024 * 1024) /* 10,000 links are 6 MB: 40 ms of the thread that made them */

#define LANE_PASSWORD_THREADS 2 /* checks of passwords at once: 32 MiB and a processor each */
#define LANE_PASSWORD_WAITING 16 /* people who may wait for theirs: under two seconds */
#define LANE_REPORT_THREADS 2 /* documents at once: one processor stays free on the smallest */
#define LANE_REPORT_WAITING 32 /* every kabupaten's officer on the first of the month, twice */
#define LANE_REPORT_NICE 5 /* after who only wants to see a page */
#define LANE_OPEN_THREADS 1 /* the public never takes a second processor */
#define LANE_OPEN_WAITING 64 /* most are answered from memory: 10,000 a second */
#define LANE_OPEN_NICE 10 /* after whoever works here */
#define LANE_RETRY_S 5 /* told to who finds a lane full */

#define SESSION_SEEN_S \
	60 /* how exactly is known when somebody was last there: one write a minute */
#define STREAM_GUARD_S 5 /* how long a stream outlives its session */
#define THROTTLE_ENTRIES 4096 /* names and addresses with failures, 80 bytes each */
#define THROTTLE_KNOWN 1024 /* names and the addresses from which they came in well */
#define THROTTLE_NAME_BURST 10 /* failures of a name from anywhere, and then */
#define THROTTLE_NAME_S 60 /* one in so many seconds: 1,500 guesses a day */
#define THROTTLE_ADDRESS_BURST 30 /* failures from an address: an office shares one, and then */
#define THROTTLE_ADDRESS_S 20 /* one in so many seconds */
#define PROXIES_MAX 8 /* addresses that may speak for others */

#define PAGE_ROWS_DEFAULT 2000 /* rows of a list when `limit` is not given: the whole province */
#define PAGE_ROWS_MAX 10000 /* more is asked for in pages */
#define PAGE_OFFSET_MAX 1000000 /* beyond every village of the country */

#define EVENTS_CLIENTS_MAX 512 /* open pages; each costs about 40 KiB */
#define EVENTS_ACCOUNT_MAX 64 /* of one account: a room of screens, and not all there are */
#define EVENTS_RING 1024 /* batches kept in memory; older ones come from the ledger */
#define EVENTS_RING_BYTES (8 * 1024 * 1024) /* of them all: a full batch takes 40 KiB */
#define EVENTS_BATCH 256 /* rows read from the ledger at a time: a transaction of about 1 ms */
#define EVENTS_LINKS 1024 /* whose figures are told at a time */
#define EVENTS_BATCH_BYTES \
	(192 * 1024) /* their text; a row takes 200 bytes, a link's figures 100 */
#define EVENTS_LAG_MAX 100000 /* rows: who missed more is told to start over */
#define EVENTS_POLL_MS 500 /* how late a change may be shown */
#define EVENTS_HEARTBEAT_S 15 /* proxies cut what is silent for a minute */
#define EVENTS_RETRY_MS 3000 /* a browser's wait before it comes back */

#define DAYBOOK_POLL_MS 500 /* how late after the start the last day is counted */
#define DAYBOOK_EVERY_S 60 /* a day moves on by a thousandth in that time */
#define DAYBOOK_REST 19 /* of the time one core works for it at most a twentieth */
#define DAYBOOK_BEFORE_S 180 /* slots of a minute, sent when they end, judged with those after */

#define YEARBOOK_MONTHS 26 /* in memory: two years, and those that run; 20 KB each of a province */
#define YEARBOOK_FRESH_S 60 /* how old an open month's sums may be: they say up to when */
#define YEARBOOK_REST 19 /* of the time one core works for open months at most a twentieth */

#define HEALTH_POLL_MS 1000 /* how late a fault may be known */
#define HEALTH_BEHIND_MAX \
	10000 /* records: ten minutes of a province, seven seconds of the country */
#define HEALTH_STALL_S 180 /* the ledger commits once a minute at the least when there is work */

#define OPEN_LIVE_S 5 /* how old the public's live state may be; a phone is not a wall */
#define OPEN_FRESH_S 120 /* how old an open month's figures may be: they say up to when */
#define OPEN_REST 19 /* of the time one core works for the public at most a twentieth */
#define OPEN_MONTHS_MAX 25 /* open months that are shown: as long as slots are kept */
#define OPEN_FILE_MAX (256 * 1024 * 1024) /* the country's links of a month as JSON */
#define OPEN_EDITIONS 32 /* months held in memory: two years, and some asked for now and then */
#define OPEN_BYTES_MAX (96 * 1024 * 1024) /* of them all; a month of a province takes 3 MiB */
#define OPEN_FOUND_MAX 50 /* desa that a search shows */
#define OPEN_PAGE_MONTHS 6 /* closed months that a desa's page reads: 50 ms each of a province */
#define OPEN_PAGE_UNCLOSED \
	3 /* months that are over and not closed: a quarter that is decided late */

#define SPEED_BYTES_MAX_A_STREAM (256LL << 20) /* the most that an agent may be told to fetch */
#define SPEED_SECONDS_MAX 30 /* an agent cuts its own after 12 */
#define SPEED_BLOCK_BYTES (64 * 1024) /* content made at a time: 50 us of a thread */
#define SPEED_KEPT 256 /* streams whose count may still be asked for */
#define SPEED_KEPT_S 120 /* for so long */
#define SPEED_ADDRESS_STREAMS 4 /* at once from one address: villages share one behind CGNAT */
#define SPEED_ADDRESS_MINUTE 16 /* begun in a minute from one address */
#define SPEED_NOTES_MS 500 /* how late a stream is noted: none is asked for before its day ends */
#define SPEED_NOTES_MAX 4096 /* that wait for the disk, 32 bytes each: half a province's day */
#define SPEED_THREADS 2 /* of their own, so that a page never waits for a test */

#define METRICS_LINKS_MAX 20000 /* series of one gauge that a scrape may cost */

#endif
