/* SPDX-License-Identifier: Apache-2.0 */
/* Tells the service manager how it goes: a datagram to NOTIFY_SOCKET, as systemd documents it. */
#ifndef PANTAU_COMMON_NOTIFY_H
#define PANTAU_COMMON_NOTIFY_H

#include <stdint.h>

/* "READY=1", "STOPPING=1", "WATCHDOG=1". Without a service manager nothing happens. 0 or a negative
 * errno, which is nobody's reason to stop. */
int notify_send(const char *text);

/* "STATUS=...": one line for people, as `systemctl status` shows it; cut when it is long. */
int notify_status(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* How often "WATCHDOG=1" must come, in ms: half of what the manager grants; 0: it does not ask. */
uint64_t notify_watchdog_ms(void);

#endif
