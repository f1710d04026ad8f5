/* SPDX-License-Identifier: Apache-2.0 */
/* What the letters mean, in words for people who measure nothing themselves. */
#include "collector/report/monthly/paper/parts.h"

#define LABEL_WIDTH 130.0

static void draw_letters(struct job *job)
{
	const struct paper_fact facts[] = {
		{"S",
			job_pick(job,
				"Seluruh waktu yang dikontrak dalam bulan ini, dalam detik: bulan "
				"setempat, dipotong oleh awal dan akhir kontrak serta jam layanan.",
				"All contracted time of this month, in seconds: the local month, "
				"cut "
				"by the contract's beginning and end and by its service hours."),
			FACT_TERM},
		{"E",
			job_pick(job,
				"Waktu yang dikecualikan dari S: pemeliharaan yang diberitahukan, "
				"keadaan kahar, padam listrik, atau sebab di pihak pelanggan, "
				"sebagaimana diputuskan pejabat yang namanya ada di Lampiran B.",
				"Time that is excluded from S: announced maintenance, force "
				"majeure, "
				"no power, or the customer's own cause, as decided by the officers "
				"named in annex B."),
			FACT_TERM},
		{"U",
			job_pick(job,
				"Waktu tersedia: terbukti ada layanan, apa pun yang terjadi pada "
				"waktu yang tidak diketahui.",
				"Up: service is proven, whatever happened in the time that nobody "
				"knows about."),
			FACT_TERM},
		{"D",
			job_pick(job,
				"Waktu mati: terbukti tidak ada layanan, dan sebabnya dibebankan "
				"kepada penyedia oleh kontrak.",
				"Down: no service is proven, for a cause that the contract charges "
				"to the provider."),
			FACT_TERM},
		{"N",
			job_pick(job,
				"Waktu tak tentu: tidak terbukti tersedia dan tidak terbukti mati, "
				"misalnya router tanpa listrik. N tidak pernah dihitung sebagai "
				"mati.",
				"Undetermined: neither proven, as when the router had no power. N "
				"is never counted as down."),
			FACT_TERM},
		{job_pick(job, "Selalu berlaku", "Always"), "U + D + N + E = S", FACT_STRONG},
		{NULL},
	};

	facts_draw(job->paper, facts, LABEL_WIDTH);
}

static void draw_shares(struct job *job)
{
	const struct paper_fact facts[] = {
		{job_pick(job, "Penyebut", "Denominator"),
			job_pick(job,
				"S - E: waktu yang dinilai. Semua ketersediaan di bawah dibagi "
				"dengannya.",
				"S - E: the judged time. All availability below is divided by "
				"it."),
			FACT_STRONG},
		{job_pick(job, "A terendah", "A lowest"),
			job_pick(job, "U / (S - E): bila semua N ternyata mati.",
				"U / (S - E): if all of N turned out to be down.")},
		{job_pick(job, "A tertinggi", "A highest"),
			job_pick(job, "(U + N) / (S - E): bila semua N ternyata tersedia.",
				"(U + N) / (S - E): if all of N turned out to be up.")},
		{job_pick(job, "Cakupan", "Coverage"),
			job_pick(job, "(U + D) / (S - E): bagian yang diketahui.",
				"(U + D) / (S - E): the part that is known.")},
		{job_pick(job, "Persentase", "Percentages"),
			job_pick(job,
				"Enam angka di belakang koma, dipotong dan tidak pernah "
				"dibulatkan ke atas. Putusan dihitung dari detik utuh, bukan dari "
				"persentase yang tercetak.",
				"Six decimals, truncated and never rounded up. Verdicts are "
				"computed from whole seconds, not from printed percentages.")},
		{job_pick(job, "Kelompok", "Groups"),
			job_pick(job,
				"Kecamatan, kabupaten dan penyedia adalah jumlah detik link-"
				"linknya. Desa dengan beberapa link tersedia bila salah satunya "
				"tersedia, dan mati bila semuanya mati.",
				"Kecamatan, kabupaten and providers are sums of their links' "
				"seconds. A desa with several links is up where any is up, down "
				"where all are down.")},
		{NULL},
	};

	facts_draw(job->paper, facts, LABEL_WIDTH);
}

static void draw_verdicts(struct job *job)
{
	const struct paper_fact facts[] = {
		{verdict_name(VERDICT_MET),
			job_pick(job, "A terendah mencapai target kontrak.",
				"A lowest reaches the contract's target."),
			FACT_TERM},
		{verdict_name(VERDICT_MISSED),
			job_pick(job, "A tertinggi pun di bawah target.",
				"Even A highest is below the target."),
			FACT_TERM},
		{verdict_name(VERDICT_UNDECIDED),
			job_pick(job,
				"Target berada di antara keduanya: tergantung waktu tak tentu. "
				"Bukan kesalahan penyedia, dan bukan pula kebebasannya.",
				"The target lies between the two: it hangs on undetermined time."),
			FACT_TERM},
		{verdict_name(VERDICT_NOT_JUDGED),
			job_pick(job, "Tidak ada waktu yang dinilai (S - E = 0).",
				"There is no judged time (S - E = 0)."),
			FACT_TERM},
		{job_pick(job, "Restitusi terbukti", "Restitution, proven"),
			job_pick(job,
				"Rumus kontrak pada D, bila putusannya TIDAK MEMENUHI; selain itu "
				"nol.",
				"The contract's formula at D where the verdict is TIDAK MEMENUHI; "
				"otherwise zero.")},
		{job_pick(job, "Restitusi mungkin", "Restitution, possible"),
			job_pick(job,
				"Rumus yang sama pada D + N, kecuali bila MEMENUHI. Di antara "
				"keduanya ada keputusan yang masih harus diambil (Lampiran C).",
				"The same formula at D + N, unless MEMENUHI. Between them lie "
				"decisions that people have yet to make (annex C).")},
		{NULL},
	};

	facts_draw(job->paper, facts, LABEL_WIDTH);
}

void part_definitions(struct job *job)
{
	const char *const *title = section_titles[SECTION_DEFINITIONS];

	job_section(job, false, job_pick(job, title[0], title[1]));
	paper_paragraph(job->paper,
		job_pick(job,
			"Setiap link diukur oleh agen di router desa. Putaran pengukuran hilang "
			"bila "
			"tidak satu pun tujuan di internet menjawab dalam 3,0 detik. Setiap detik "
			"bulan ini masuk ke dalam tepat satu dari huruf-huruf berikut.",
			"Each link is measured by an agent on the village's router. A round of "
			"measurement is lost when none of the targets on the internet answers "
			"within 3.0 seconds. Each second of this month falls under exactly one of "
			"these letters."));
	draw_letters(job);
	paper_subheading(job->paper, job_pick(job, "Yang dihitung", "What is computed"));
	draw_shares(job);
	paper_subheading(
		job->paper, job_pick(job, "Putusan dan restitusi", "Verdict and restitution"));
	draw_verdicts(job);
}
