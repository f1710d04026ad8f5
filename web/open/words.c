/* SPDX-License-Identifier: Apache-2.0 */
#include "web/open/words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "web/open/publisher.h"

#define TARGET_DIGITS 4 /* a target such as 99,5 has its last digit far before ppm */

const struct open_words open_words[OPEN_LANGUAGES] = {
	[OPEN_ID] =
		{
			.other = "English",
			.other_code = "en",
			.tagline = "Internet desa",
			.skip = "Langsung ke isi",
			.data = "Data terbuka",
			.log_in = "Masuk",
			.faulty = "Ada gangguan pada sistem pemantauan itu sendiri. Keadaan di "
				  "bawah mungkin bukan yang terbaru.",
			.intro = "Lihat apakah internet gratis di desa Anda menyala, dan apakah "
				 "penyedianya "
				 "menepati janji.",
			.search_label = "Nama desa, kecamatan, kabupaten, atau kode",
			.search = "Cari",
			.found_none = "Tidak ada desa yang cocok. Periksa ejaannya, atau pilih "
				      "kabupaten di "
				      "bawah.",
			.found_many = "Hanya %s yang pertama diperlihatkan. Tambahkan nama "
				      "kecamatan atau "
				      "kabupaten.",
			.now = "Sekarang",
			.counts = {"%s desa belum pernah mengirim kabar", "%s desa menyala",
				"%s desa mati", "%s desa belum diketahui keadaannya",
				"%s desa tanpa kabar",
				"%s desa sedang dikecualikan (misalnya pemeliharaan)"},
			.choose_kabupaten = "Pilih kabupaten atau kota",
			.no_data = "Belum ada desa yang dipantau.",
			.desa_in = "Desa dan kelurahan",
			.kecamatan_in = "Kecamatan",
			.state = {"Belum pernah ada kabar", "Internet menyala", "Internet mati",
				"Tidak diketahui", "Tidak ada kabar", "Sedang dikecualikan"},
			.state_means = {"Alat ukur di desa ini belum pernah mengirim laporan. Kami "
					"tidak tahu "
					"apakah internetnya menyala.",
				"Alat ukur di desa ini mendapat jawaban dari internet.",
				"Alat ukur di desa ini bekerja, tetapi tidak mendapat jawaban dari "
				"internet.",
				"Laporan yang ada tidak cukup untuk mengatakan menyala atau mati.",
				"Alat ukur di desa ini tidak mengirim laporan. Itu belum tentu "
				"berarti internet mati: listrik mungkin padam, atau alatnya "
				"dicabut. "
				"Kami tidak tahu.",
				"Sedang ada pemeliharaan atau hal lain yang menurut kontrak tidak "
				"dihitung."},
			.no_link = "Belum dipantau",
			.no_link_means = "Di desa ini belum ada sambungan internet yang dipantau.",
			.since = "Sejak %s.",
			.cause = "Penyebab menurut bukti: %s.",
			.last_report = "Laporan terakhir: %s.",
			.names_fail = "Nama situs (DNS) sedang tidak dapat dicari, jadi situs "
				      "mungkin tidak terbuka. Itu gangguan tersendiri.",
			.seen_at = "Keadaan pada %s.",
			.link_heading = "Sambungan %s, penyedia %s",
			.several_links =
				"Desa ini punya %s sambungan. Internet desa menyala bila salah "
				"satunya menyala.",
			.promise_heading = "Yang dijanjikan",
			.promise =
				"%s berjanji internet menyala sedikitnya %s%% dari waktu, dengan "
				"kecepatan unduh %s Mbps dan unggah %s Mbps.",
			.no_promise = "Saat ini tidak ada kontrak yang berlaku, jadi tidak ada "
				      "yang dijanjikan.",
			.month_heading = "Bulan ini, sejauh ini",
			.closed_heading = "Bulan yang sudah lewat dan sudah ditutup",
			.no_month = "Bulan ini belum ada yang dihitung.",
			.no_closed = "Belum ada bulan yang ditutup.",
			.provisional = "Sementara: dihitung sampai %s. Angka masih dapat berubah.",
			.counted = "Dari %s yang dihitung, internet menyala %s (%s%%), mati %s "
				   "(%s%%), dan tidak diketahui %s (%s%%).",
			.excluded = "Selain itu, %s tidak dihitung karena dikecualikan menurut "
				    "kontrak.",
			.nothing_known = "Tidak ada yang diketahui tentang bulan ini.",
			.so_far = {"Sejauh ini janji %s%% ditepati.",
				"Sejauh ini di bawah janji %s%%."},
			.verdict = {"Janji %s%% ditepati.", "Janji %s%% tidak ditepati.",
				"Belum dapat dikatakan apakah janji %s%% ditepati: terlalu banyak "
				"yang "
				"tidak diketahui.",
				"Bulan ini tidak dinilai terhadap janji %s%%."},
			.outages = "Gangguan: %s kali, yang terlama %s.",
			.no_outage = "Tidak ada gangguan yang tercatat.",
			.speed = "Kecepatan terukur, median (nilai tengah): unduh %s Mbps, unggah "
				 "%s Mbps.",
			.no_speed =
				"Kecepatan tidak diketahui: tidak ada uji kecepatan yang berhasil.",
			.closed = "Sudah ditutup (%s): angkanya tetap.",
			.check = "Periksa keaslian angka bulan ini",
			.all_data = "Unduh semua angka ini (data terbuka)",
			.not_found = "Tidak ditemukan",
			.not_found_means =
				"Kode %s tidak dikenal di sini. Cari desa Anda menurut namanya.",
			.data_title = "Data terbuka",
			.data_intro =
				"Semua angka yang dihitung tiap bulan, untuk siapa saja. Tidak ada "
				"data pribadi di dalamnya.",
			.catalogue = "Katalog (DCAT) untuk portal data",
			.places =
				"Letak sambungan di peta (GeoJSON), dibulatkan ke sekitar 10 meter",
			.months = "Data per bulan",
			.month = "Bulan",
			.status = "Status",
			.files = "Berkas",
			.metadata = "Metadata",
			.dictionary = "Kamus data",
			.dictionary_intro =
				"Setiap tabel, kolomnya, dan artinya. Waktu dalam UTC; sel "
				"kosong berarti tidak ada atau tidak diketahui.",
			.column = "Kolom",
			.unit = "Jenis, satuan",
			.meaning = "Arti",
			.licence = "Lisensi",
			.publisher = "Penerbit",
			.contact = "Kontak",
			.api = "Keaslian angka sebuah bulan yang sudah ditutup dapat diperiksa: "
			       "klik statusnya.",
			.unclosed_heading = "Bulan yang sudah lewat, belum ditutup",
			.unclosed_means = "Bulan-bulan ini sudah selesai, tetapi angkanya belum "
					  "tetap: laporan yang terlambat masih ditunggu.",
			.no_unclosed = "Untuk sambungan ini belum ada yang dihitung.",
			.not_in_closed =
				"Sambungan ini tidak ada di bulan-bulan terakhir yang ditutup.",
			.not_closed = "Belum ditutup. Dihitung sampai akhir bulan, %s. Angka masih "
				      "dapat berubah.",
			.unreadable = "Angka bulan ini sedang tidak dapat dibaca. Silakan coba "
				      "lagi nanti.",
			.all_excluded = "Seluruh masa bulan ini (%s) dikecualikan menurut kontrak, "
					"jadi tidak ada yang dinilai.",
			.speed_down = "Kecepatan unduh terukur, median (nilai tengah): %s Mbps. "
				      "Kecepatan unggah tidak diketahui.",
			.speed_up = "Kecepatan unggah terukur, median (nilai tengah): %s Mbps. "
				    "Kecepatan unduh tidak diketahui.",
			.open_month = "sementara, belum ditutup",
			.odbl = odbl_notice_id,
		},
	[OPEN_EN] =
		{
			.other = "Bahasa Indonesia",
			.other_code = "id",
			.tagline = "Village internet",
			.skip = "Skip to the content",
			.data = "Open data",
			.log_in = "Log in",
			.faulty = "The monitoring system itself has a fault. What is shown below "
				  "may not be the latest.",
			.intro = "See whether the free internet of your village is up, and whether "
				 "its "
				 "provider keeps the promise.",
			.search_label = "Name of desa, kecamatan or kabupaten, or a code",
			.search = "Search",
			.found_none =
				"No desa matches. Check the spelling, or choose a kabupaten below.",
			.found_many =
				"Only the first %s are shown. Add the name of the kecamatan or "
				"kabupaten.",
			.now = "Now",
			.counts = {"No report so far: %s desa", "Up: %s desa", "Down: %s desa",
				"Not known: %s desa", "No news: %s desa",
				"Excluded for now: %s desa"},
			.choose_kabupaten = "Choose a kabupaten or kota",
			.no_data = "No desa is watched yet.",
			.desa_in = "Desa and kelurahan",
			.kecamatan_in = "Kecamatan",
			.state = {"No report so far", "The internet is up", "The internet is down",
				"Not known", "No news", "Excluded for now"},
			.state_means = {"The meter in this desa has never sent a report. We do not "
					"know whether "
					"its internet is up.",
				"The meter in this desa gets answers from the internet.",
				"The meter in this desa works, but gets no answer from the "
				"internet.",
				"What was reported is not enough to say up or down.",
				"The meter in this desa sends no reports. That does not mean that "
				"the internet is down: there may be no power, or the meter was "
				"unplugged. We do not know.",
				"There is maintenance, or something else that does not count by "
				"the contract."},
			.no_link = "Not watched yet",
			.no_link_means = "No internet link of this desa is watched yet.",
			.since = "Since %s.",
			.cause = "Cause, by the evidence: %s.",
			.last_report = "Last report: %s.",
			.names_fail = "Names of sites (DNS) cannot be looked up at present, so "
				      "sites may not open. That is a fault of its own.",
			.seen_at = "As of %s.",
			.link_heading = "Link %s, provider %s",
			.several_links =
				"This desa has %s links. It is up where any of them is up.",
			.promise_heading = "What was promised",
			.promise = "%s promises that the internet is up at least %s%% of the time, "
				   "with "
				   "%s Mbps down and %s Mbps up.",
			.no_promise = "No contract is in force at present, so nothing is promised.",
			.month_heading = "This month so far",
			.closed_heading = "Past months that are closed",
			.no_month = "Nothing of this month has been counted yet.",
			.no_closed = "No month has been closed yet.",
			.provisional = "Provisional: counted up to %s. Figures may still change.",
			.counted = "Of the %s that were counted, the internet was up for %s "
				   "(%s%%), down for %s (%s%%), and not known for %s (%s%%).",
			.excluded = "Besides that, %s do not count: excluded by the contract.",
			.nothing_known = "Nothing is known of this month.",
			.so_far = {"So far the promise of %s%% is kept.",
				"So far it is below the promise of %s%%."},
			.verdict = {"The promise of %s%% was kept.",
				"The promise of %s%% was not kept.",
				"It cannot be said whether the promise of %s%% was kept: too much "
				"is not "
				"known.",
				"This month is not judged against the promise of %s%%."},
			.outages = "Outages: %s, the longest %s.",
			.no_outage = "No outage was recorded.",
			.speed = "Measured speed, median (the middle value): %s Mbps down, %s Mbps "
				 "up.",
			.no_speed = "The speed is not known: no speed test succeeded.",
			.closed = "Closed (%s): its figures stay as they are.",
			.check = "Verify this month's figures",
			.all_data = "Download all these figures (open data)",
			.not_found = "Not found",
			.not_found_means =
				"The code %s is not known here. Search your desa by its name.",
			.data_title = "Open data",
			.data_intro = "All figures that are counted each month, for everybody. "
				      "There is no "
				      "personal data in them.",
			.catalogue = "Catalogue (DCAT) for data portals",
			.places = "Places of the links (GeoJSON), rounded to about 10 metres",
			.months = "Data by month",
			.month = "Month",
			.status = "Status",
			.files = "Files",
			.metadata = "Metadata",
			.dictionary = "Data dictionary",
			.dictionary_intro =
				"Each table, its columns, and what they mean. Times are UTC; "
				"an empty cell: there is none, or it is not known.",
			.column = "Column",
			.unit = "Type, unit",
			.meaning = "Meaning",
			.licence = "Licence",
			.publisher = "Publisher",
			.contact = "Contact",
			.api = "The figures of a closed month can be verified: click its status.",
			.unclosed_heading = "Past months that are not closed yet",
			.unclosed_means = "These months are over, but their figures may still "
					  "change: late reports are waited for.",
			.no_unclosed = "Nothing has been counted of this link yet.",
			.not_in_closed = "This link is not in the months that were closed last.",
			.not_closed = "Not closed yet. Counted up to the end of the month, %s. "
				      "Figures may still change.",
			.unreadable = "This month's figures cannot be read at present. Please try "
				      "again later.",
			.all_excluded = "All of this month (%s) is excluded by the contract, so "
					"there is nothing to judge.",
			.speed_down = "Measured download speed, median (the middle value): %s "
				      "Mbps. The upload speed is not known.",
			.speed_up = "Measured upload speed, median (the middle value): %s Mbps. "
				    "The download speed is not known.",
			.open_month = "provisional, not closed yet",
			.odbl = odbl_notice_en,
		},
};

static const struct {
	const char *name, *words[OPEN_LANGUAGES];
} causes[] = {
	{"local", {"kabel di tempat terlepas", "the local cable is off"}},
	{"cpe", {"perangkat di tempat", "the device on the premises"}},
	{"access", {"jalur akses", "the access line"}},
	{"provider", {"jaringan penyedia", "the provider's network"}},
	{"upstream", {"jaringan di luar penyedia", "networks beyond the provider"}},
	{"power", {"listrik padam", "a power cut"}},
	{"restart", {"alat dimulai ulang", "the device was restarted"}},
	{"agent", {"alat ukur berhenti", "the meter stopped"}},
	{"dropped", {"sebagian laporan terbuang", "some reports were dropped"}},
	{"clock", {"jam alat tidak pasti", "the clock is not certain"}},
	{"disputed", {"laporan bertentangan", "reports contradict each other"}},
};

const char *open_cause(enum open_language language, const char *cause)
{
	for (size_t i = 0; i < sizeof(causes) / sizeof(*causes); i++) {
		if (!strcmp(causes[i].name, cause))
			return causes[i].words[language];
	}
	return NULL;
}

const char *open_speed_words(const struct open_words *words, bool down, bool up)
{
	if (down && up)
		return words->speed;
	if (down)
		return words->speed_down;
	return up ? words->speed_up : words->no_speed;
}

const char *open_duration(enum open_language language, int64_t seconds, char ret_text[SAY_BYTES])
{
	static const struct {
		int64_t seconds;
		const char *one[OPEN_LANGUAGES], *many[OPEN_LANGUAGES];
	} units[] = {
		{86400, {"hari", "day"}, {"hari", "days"}},
		{3600, {"jam", "hour"}, {"jam", "hours"}},
		{60, {"menit", "minute"}, {"menit", "minutes"}},
		{1, {"detik", "second"}, {"detik", "seconds"}},
	};
	int used = 0, shown = 0;

	for (size_t i = 0; i < sizeof(units) / sizeof(*units) && shown < 2; i++) {
		int64_t count = seconds / units[i].seconds;
		bool last = i + 1 == sizeof(units) / sizeof(*units);

		seconds %= units[i].seconds;
		if (!count && !(last && !shown)) {
			if (shown)
				break;
			continue;
		}
		used += snprintf(ret_text + used, SAY_BYTES - (size_t)used, "%s%lld %s",
			shown ? " " : "", (long long)count,
			(count == 1 ? units[i].one : units[i].many)[language]);
		shown++;
	}
	return ret_text;
}

const char *open_percent(
	const struct say *say, int64_t part, int64_t whole, char ret_text[SAY_BYTES])
{
	return say_decimal(say, whole > 0 ? part * 10000 / whole : 0, 2, ret_text);
}

const char *open_mbps(const struct say *say, int64_t kbps, char ret_text[SAY_BYTES])
{
	if (kbps % 1000 == 0)
		return say_count(say, kbps / 1000, ret_text);
	return say_decimal(say, kbps / 100, 1, ret_text);
}

/* "99,5": as many digits as it has. */
const char *open_target(const struct say *say, uint32_t ppm, char ret_text[SAY_BYTES])
{
	unsigned decimals = TARGET_DIGITS;
	int64_t scaled = ppm;

	while (decimals && scaled % 10 == 0) {
		scaled /= 10;
		decimals--;
	}
	return say_decimal(say, scaled, decimals, ret_text);
}

const char *open_name(const char *name, char ret_text[REGISTRY_NAME_BYTES])
{
	bool begins = true;

	snprintf(ret_text, REGISTRY_NAME_BYTES, "%s", name);
	for (const char *at = name; *at; at++) {
		if (islower((unsigned char)*at))
			return ret_text;
	}
	for (char *at = ret_text; *at; at++) {
		if (!begins)
			*at = (char)tolower((unsigned char)*at);
		begins = strchr(" -/(.", *at) != NULL;
	}
	return ret_text;
}
