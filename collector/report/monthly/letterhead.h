/* SPDX-License-Identifier: Apache-2.0 */
/* What stands at the head of the paper, and where it is signed: [report] of pantau.conf. */
#ifndef PANTAU_REPORT_MONTHLY_LETTERHEAD_H
#define PANTAU_REPORT_MONTHLY_LETTERHEAD_H

struct letterhead { /* borrowed; "" where nothing was configured */
	const char *province; /* "Pemerintah Provinsi Kalimantan Timur" */
	const char *office; /* "Dinas Komunikasi dan Informatika" */
	const char *address; /* lines, with | between */
	const char *logo; /* path of a PNG */
	const char *city; /* where it is signed */
	const char *number; /* how the document is numbered: see LETTERHEAD_NUMBER */
	const char *public_url; /* where the public verifies it: "https://pantau.example.id" */
};

#define LETTERHEAD_NUMBER "{nomor}/PANTAU/{kode}/{bulan}/{tahun}"

#endif
