/* SPDX-License-Identifier: Apache-2.0 */
#include "web/open/tables.h"

#include <string.h>

#include "collector/closing/document.h"

const char *const open_languages[] = {"id", "en", NULL};
const char *const open_formats[] = {"csv", "json", NULL};

/* clang-format off */
/* Columns that several tables have. */
#define COLUMN_KODE \
	{"kode", FROM_ROW, "desa", "string", NULL, \
	{"Kode Kemendagri desa atau kelurahan, dengan titik", \
	"Kemendagri code of the desa or kelurahan, with its dots"}}
#define COLUMN_LINK \
	{"link", FROM_ROW, "link", "integer", NULL, \
	{"Nomor sambungan: satu langganan dari satu penyedia", \
	"Number of the link: one subscription from one provider"}}
#define COLUMN_PERIOD \
	{"period", FROM_PERIOD, NULL, "yearmonth", NULL, \
	{"Bulan, menurut zona waktu sambungan", \
	"Month, in the time zone of the link"}}
#define COLUMN_CONTRACT \
	{"contract", FROM_ROW, "contract", "integer", NULL, \
	{"Nomor kontrak yang berlaku; satu baris per kontrak", \
	"Number of the contract in force; one row a contract"}}
#define COLUMN_DESA_NAME \
	{"desa_name", FROM_DESA_NAME, NULL, "string", NULL, \
	{"Nama desa atau kelurahan", \
	"Name of the desa or kelurahan"}}
#define COLUMN_KECAMATAN \
	{"kecamatan", FROM_KECAMATAN, NULL, "string", NULL, \
	{"Kode kecamatan", \
	"Code of the kecamatan"}}
#define COLUMN_KECAMATAN_NAME \
	{"kecamatan_name", FROM_KECAMATAN_NAME, NULL, "string", NULL, \
	{"Nama kecamatan", \
	"Name of the kecamatan"}}
#define COLUMN_KABUPATEN \
	{"kabupaten", FROM_KABUPATEN, NULL, "string", NULL, \
	{"Kode kabupaten atau kota", \
	"Code of the kabupaten or kota"}}
#define COLUMN_KABUPATEN_NAME \
	{"kabupaten_name", FROM_KABUPATEN_NAME, NULL, "string", NULL, \
	{"Nama kabupaten atau kota", \
	"Name of the kabupaten or kota"}}
#define COLUMN_PROVIDER \
	{"provider", FROM_ROW, "provider", "string", NULL, \
	{"Penyedia layanan internet", \
	"Internet provider"}}
#define COLUMN_AS_OF \
	{"as_of", FROM_ROW, "as_of", "datetime", NULL, \
	{"Sampai kapan dihitung (UTC)", \
	"Counted up to here (UTC)"}}
#define COLUMN_S \
	{"s", FROM_ROW, "s", "integer", "s", \
	{"Lama masa yang dihitung", \
	"Length of what is counted"}}
#define COLUMN_E \
	{"e", FROM_ROW, "e", "integer", "s", \
	{"Dikecualikan menurut kontrak, misalnya pemeliharaan yang diumumkan", \
	"Excluded by the contract, such as announced maintenance"}}
#define COLUMN_U \
	{"u", FROM_ROW, "u", "integer", "s", {"Internet menyala", "Internet was up"}}
#define COLUMN_D \
	{"d", FROM_ROW, "d", "integer", "s", {"Internet mati", "Internet was down"}}
#define COLUMN_N \
	{"n", FROM_ROW, "n", "integer", "s", \
	{"Tidak dapat ditentukan. Selalu u + d + n + e = s", \
	"Not determined. Always u + d + n + e = s"}}
#define COLUMN_A_KNOWN \
	{"a_known", FROM_ROW, "a_known", "number", "%", \
	{"Menyala dari waktu yang diketahui: u / (u + d)", \
	"Up, of the time that is known: u / (u + d)"}}
#define COLUMN_A_LOW \
	{"a_low", FROM_ROW, "a_low", "number", "%", \
	{"Ketersediaan paling rendah: u / (s - e)", \
	"Least availability: u / (s - e)"}}
#define COLUMN_A_HIGH \
	{"a_high", FROM_ROW, "a_high", "number", "%", \
	{"Ketersediaan paling tinggi: (u + n) / (s - e)", \
	"Greatest availability: (u + n) / (s - e)"}}
#define COLUMN_COVERAGE \
	{"coverage", FROM_ROW, "coverage", "number", "%", \
	{"Bagian waktu yang diketahui: (u + d) / (s - e)", \
	"Share of time that is known: (u + d) / (s - e)"}}
#define COLUMN_REVISION \
	{"revision", FROM_STATUS, NULL, "string", NULL, \
	{"final, Revisi ke-n, atau sementara (bulan belum ditutup: angka masih dapat " \
	"berubah)", \
	"final, Revisi ke-n (nth revision), or sementara (provisional: the month is not " \
	"closed, figures may change)"}}

static const struct open_column link_columns[] = {
	COLUMN_KODE,
	COLUMN_LINK,
	COLUMN_PERIOD,
	COLUMN_CONTRACT,
	COLUMN_DESA_NAME,
	COLUMN_KECAMATAN,
	COLUMN_KECAMATAN_NAME,
	COLUMN_KABUPATEN,
	COLUMN_KABUPATEN_NAME,
	COLUMN_PROVIDER,
	{"kind", FROM_LINK, "kind", "string", NULL,
		{"Jenis sambungan: fibre, 4g, vsat, starlink, wireless",
		 "Kind of link: fibre, 4g, vsat, starlink, wireless"}},
	{"zone", FROM_LINK, "zone", "string", NULL,
		{"Zona waktu: WIB (UTC+7), WITA (UTC+8), WIT (UTC+9)",
		 "Time zone: WIB (UTC+7), WITA (UTC+8), WIT (UTC+9)"}},
	COLUMN_AS_OF,
	{"segment_start", FROM_ROW, "segment_start", "datetime", NULL,
		{"Awal masa yang dihitung dalam bulan ini (UTC)",
		 "Beginning of what is counted in this month (UTC)"}},
	{"segment_end", FROM_ROW, "segment_end", "datetime", NULL,
		{"Akhir masa yang dihitung (UTC)",
		 "End of what is counted (UTC)"}},
	COLUMN_S,
	COLUMN_E,
	COLUMN_U,
	COLUMN_D,
	COLUMN_N,
	COLUMN_A_KNOWN,
	COLUMN_A_LOW,
	COLUMN_A_HIGH,
	COLUMN_COVERAGE,
	{"target", FROM_ROW, "target", "number", "%",
		{"Ketersediaan yang dijanjikan",
		 "Availability promised"}},
	{"verdict", FROM_ROW, "verdict", "string", NULL,
		{"MEMENUHI, TIDAK MEMENUHI, DATA TIDAK CUKUP, atau TIDAK DINILAI",
		 "MEMENUHI (met), TIDAK MEMENUHI (missed), DATA TIDAK CUKUP (too little data) or "
		 "TIDAK DINILAI (not judged)"}},
	{"outages", FROM_ROW, "outages", "integer", NULL,
		{"Banyaknya gangguan",
		 "Number of outages"}},
	{"longest_s", FROM_ROW, "longest_s", "integer", "s",
		{"Gangguan terlama dalam bulan ini",
		 "Longest outage in this month"}},
	{"high_loss_intervals", FROM_ROW, "high_loss_intervals", "integer", NULL,
		{"Selang dengan banyak paket hilang yang terlalu singkat untuk disebut mati",
		 "Intervals of high loss, too short to be called down"}},
	{"n_power", FROM_ROW, "n_power", "integer", "s",
		{"Bagian n: listrik padam",
		 "Part of n: power cut"}},
	{"n_restart", FROM_ROW, "n_restart", "integer", "s",
		{"Bagian n: router dimulai ulang",
		 "Part of n: router restarted"}},
	{"n_agent", FROM_ROW, "n_agent", "integer", "s",
		{"Bagian n: alat ukur berhenti",
		 "Part of n: the meter stopped"}},
	{"n_dropped", FROM_ROW, "n_dropped", "integer", "s",
		{"Bagian n: data terbuang karena penuh",
		 "Part of n: data dropped, storage was full"}},
	{"n_clock", FROM_ROW, "n_clock", "integer", "s",
		{"Bagian n: jam tidak pasti",
		 "Part of n: clock not certain"}},
	{"n_local", FROM_ROW, "n_local", "integer", "s",
		{"Bagian n: kabel di tempat",
		 "Part of n: local cable"}},
	{"n_disputed", FROM_ROW, "n_disputed", "integer", "s",
		{"Bagian n: data bertentangan",
		 "Part of n: data in conflict"}},
	{"n_edge", FROM_ROW, "n_edge", "integer", "s",
		{"Bagian n: di sekitar waktu yang tidak diketahui",
		 "Part of n: beside time that is not known"}},
	{"n_silent", FROM_ROW, "n_silent", "integer", "s",
		{"Bagian n: belum ada kabar",
		 "Part of n: no news yet"}},
	{"d_local", FROM_ROW, "d_local", "integer", "s",
		{"Bagian d: kabel di tempat",
		 "Part of d: local cable"}},
	{"d_cpe", FROM_ROW, "d_cpe", "integer", "s",
		{"Bagian d: perangkat di tempat",
		 "Part of d: device on the premises"}},
	{"d_access", FROM_ROW, "d_access", "integer", "s",
		{"Bagian d: jalur akses",
		 "Part of d: access line"}},
	{"d_provider", FROM_ROW, "d_provider", "integer", "s",
		{"Bagian d: jaringan penyedia",
		 "Part of d: network of the provider"}},
	{"d_upstream", FROM_ROW, "d_upstream", "integer", "s",
		{"Bagian d: di luar penyedia",
		 "Part of d: beyond the provider"}},
	{"rtt_median_us", FROM_ROW, "rtt_median_us", "integer", "us",
		{"Waktu bolak-balik, nilai tengah",
		 "Round-trip time, median"}},
	{"rtt_p95_us", FROM_ROW, "rtt_p95_us", "integer", "us",
		{"Waktu bolak-balik, persentil ke-95",
		 "Round-trip time, 95th percentile"}},
	{"loss_ppm", FROM_ROW, "loss_ppm", "integer", "ppm",
		{"Paket hilang saat internet menyala",
		 "Packets lost while up"}},
	{"pdv_p95_us", FROM_ROW, "pdv_p95_us", "integer", "us",
		{"Ragam waktu tunda, persentil ke-95",
		 "Delay variation, 95th percentile"}},
	{"down_median_kbps", FROM_ROW, "down_median_kbps", "integer", "kbit/s",
		{"Kecepatan unduh terukur, nilai tengah",
		 "Measured download speed, median"}},
	{"up_median_kbps", FROM_ROW, "up_median_kbps", "integer", "kbit/s",
		{"Kecepatan unggah terukur, nilai tengah",
		 "Measured upload speed, median"}},
	{"speed_tests", FROM_ROW, "speed_tests", "integer", NULL,
		{"Banyaknya uji kecepatan",
		 "Number of speed tests"}},
	{"contract_down_kbps", FROM_CONTRACT, "kbps_down", "integer", "kbit/s",
		{"Kecepatan unduh yang dijanjikan",
		 "Download speed promised"}},
	{"contract_up_kbps", FROM_CONTRACT, "kbps_up", "integer", "kbit/s",
		{"Kecepatan unggah yang dijanjikan",
		 "Upload speed promised"}},
	{"speed_verdict", FROM_ROW, "speed_verdict", "string", NULL,
		{"Putusan kecepatan, jika kontrak menilainya",
		 "Verdict on speed, where the contract judges it"}},
	COLUMN_REVISION,
	{"fee", FROM_CONTRACT, "fee", "integer", "IDR",
		{"Biaya bulanan sebelum PPN",
		 "Monthly fee before VAT"}, true},
	{"restitution_low", FROM_ROW, "restitution_low", "integer", "IDR",
		{"Restitusi yang terbukti",
		 "Restitution proven"}, true},
	{"restitution_high", FROM_ROW, "restitution_high", "integer", "IDR",
		{"Restitusi yang mungkin",
		 "Restitution possible"}, true},
	{NULL},
};

static const struct open_column outage_columns[] = {
	COLUMN_KODE,
	COLUMN_LINK,
	COLUMN_PERIOD,
	{"start", FROM_ROW, "start", "datetime", NULL,
		{"Awal gangguan (UTC)",
		 "Beginning of the outage (UTC)"}},
	{"end", FROM_ROW, "end", "datetime", NULL,
		{"Akhir gangguan (UTC); kosong: masih berlangsung",
		 "End of the outage (UTC); empty: it goes on"}},
	COLUMN_CONTRACT,
	COLUMN_DESA_NAME,
	COLUMN_KECAMATAN,
	COLUMN_KECAMATAN_NAME,
	COLUMN_KABUPATEN,
	COLUMN_KABUPATEN_NAME,
	COLUMN_PROVIDER,
	{"cause", FROM_ROW, "cause", "string", NULL,
		{"Sebab menurut bukti: local, cpe, access, provider, upstream",
		 "Cause by evidence: local, cpe, access, provider, upstream"}},
	{"d", FROM_ROW, "d", "integer", "s",
		{"Pasti mati, seluruh gangguan",
		 "Certainly down, of the whole outage"}},
	{"n", FROM_ROW, "n", "integer", "s",
		{"Mungkin mati di sekitarnya: lamanya antara d dan d + n",
		 "Possibly down beside it: it lasted between d and d + n"}},
	{"first_lost", FROM_ROW, "first_lost", "datetime", NULL,
		{"Pertanyaan pertama yang tidak terjawab (UTC)",
		 "First question that was not answered (UTC)"}},
	{"first_answered", FROM_ROW, "first_answered", "datetime", NULL,
		{"Jawaban pertama sesudahnya (UTC)",
		 "First answer after it (UTC)"}},
	{"ttr_min_s", FROM_ROW, "ttr_min_s", "integer", "s",
		{"Waktu pemulihan paling singkat",
		 "Least time to repair"}},
	{"ttr_max_s", FROM_ROW, "ttr_max_s", "integer", "s",
		{"Waktu pemulihan paling lama",
		 "Greatest time to repair"}},
	{"note", FROM_ROW, "note", "string", NULL,
		{"perlu klarifikasi, masih berlangsung, atau kosong",
		 "perlu klarifikasi (to be clarified), masih berlangsung (it goes on), or empty"}},
	COLUMN_REVISION,
	{NULL},
};

static const struct open_column desa_columns[] = {
	COLUMN_KODE,
	COLUMN_PERIOD,
	COLUMN_DESA_NAME,
	COLUMN_KECAMATAN,
	COLUMN_KECAMATAN_NAME,
	COLUMN_KABUPATEN,
	COLUMN_KABUPATEN_NAME,
	COLUMN_AS_OF,
	COLUMN_S,
	COLUMN_E,
	COLUMN_U,
	COLUMN_D,
	COLUMN_N,
	COLUMN_A_KNOWN,
	COLUMN_A_LOW,
	COLUMN_A_HIGH,
	COLUMN_COVERAGE,
	{"links_met", FROM_ROW, "links_met", "integer", NULL,
		{"Sambungan yang memenuhi janji",
		 "Links that kept their promise"}},
	{"links_missed", FROM_ROW, "links_missed", "integer", NULL,
		{"Sambungan yang tidak memenuhi janji",
		 "Links that did not"}},
	{"links_undecided", FROM_ROW, "links_undecided", "integer", NULL,
		{"Sambungan yang datanya tidak cukup",
		 "Links with too little data"}},
	{"links_never", FROM_ROW, "links_never", "integer", NULL,
		{"Sambungan yang belum pernah memberi data",
		 "Links never heard of"}},
	COLUMN_REVISION,
	{NULL},
};
/* clang-format on */

static const char *const link_key[] = {"kode", "link", "period", "contract", NULL};
static const char *const outage_key[] = {"kode", "link", "period", "start", NULL};
static const char *const desa_key[] = {"kode", "period", NULL};

const struct open_table open_tables[OPEN_TABLES] = {
	[OPEN_LINKS] = {"links", TABLE_ROWS,
		{"Ketersediaan internet per sambungan", "Availability of each link"},
		{"Satu baris per sambungan dan kontrak dalam sebulan: detik menyala, mati, tidak "
		 "diketahui dan dikecualikan, janji, putusan, sebab, mutu dan kecepatan.",
			"A row a link and contract in the month: seconds up, down, unknown and "
			"excluded, the promise, the verdict, causes, quality and speed."},
		link_key, link_columns},
	[OPEN_OUTAGES] = {"outages", TABLE_OUTAGES, {"Gangguan internet", "Outages"},
		{"Satu baris per gangguan yang menyentuh bulan ini, dengan sebab menurut bukti.",
			"A row an outage that touches the month, with its cause by evidence."},
		outage_key, outage_columns},
	[OPEN_DESA] = {"desa", TABLE_DESA,
		{"Ketersediaan internet per desa", "Availability of each desa"},
		{"Satu baris per desa: menyala bila salah satu sambungannya menyala.",
			"A row a desa: up where any of its links is up."},
		desa_key, desa_columns},
};

int open_table_find(const char *name, size_t length)
{
	for (int i = 0; i < OPEN_TABLES; i++) {
		if (strlen(open_tables[i].name) == length &&
			!strncmp(open_tables[i].name, name, length))
			return i;
	}
	return -1;
}

bool open_column_shown(const struct open_column *column, bool money)
{
	return money || !column->money;
}
