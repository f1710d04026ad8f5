// SPDX-License-Identifier: Apache-2.0
import type { Kind } from "../api/decisions";
import type { Language } from "../parts/language";
import type { Action } from "./actions";

export type Section = "menunggu" | "pengecualian" | "klaim" | "riwayat";

export interface DecideWords {
  title: string;
  hint: string;
  sections: Record<Section, string>;
  sectionsName: string;
  month: string;
  kind: string;
  allKinds: string;
  closes: (time: string, left: string) => string;
  closable: (time: string) => string;
  closed: (time: string) => string;
  waiting: (n: string) => string;
  nothing: string;
  kinds: Record<Kind, string>;
  kindHints: Record<Kind, string>;
  group: (n: string, rupiah: string) => string;
  chooseAll: string;
  choose: (what: string) => string;
  columns: { what: string; when: string; stake: string; evidence: string };
  until: (time: string) => string;
  lasting: string;
  severalLinks: (n: number) => string;
  stake: (seconds: string) => string;
  look: string;
  why: string;
  undetermined: (n: number, longest: string, cause: string) => string;
  powerGap: string;
  outage: (cause: string) => string;
  dispute: (agent: number) => string;
  device: (boot: string, slots: number, from: string, to: string, by: string) => string;
  exclusion: (by: string, note: string) => string;
  yours: string;
  secondNeeded: string;
  objection: (by: string, note: string) => string;
  contractGap: string;
  witness: Record<number, string>; // by the kind of flag, as collector/ledger/crosscheck.h has them
  chosen: (n: string) => string;
  chosenNone: string;
  mixed: string;
  action: string;
  actions: Record<Action, string>;
  actionHints: Record<Action, string>;
  unchoose: string;
  note: string;
  reason: string;
  reasons: Record<string, string>;
  document: string;
  decide: string;
  results: (done: string, all: string) => string;
  resultDone: string;
  refused: string;
  close: string;
  settle: string;
  settleNone: string;
  settleThis: (boot: string) => string;
  dismissedTitle: (n: string) => string;
  dismissedBy: (by: string, note: string) => string;
  takeBack: string;
  takeBackNote: string;
  exclusionColumns: { what: string; when: string; reason: string; state: string; words: string };
  exclusionStates: { counts: string; waits: string; revoked: string };
  scopes: Record<string, string>;
  proposed: (by: string, time: string) => string;
  confirmed: (by: string) => string;
  revokedBy: (by: string, note: string) => string;
  confirm: string;
  revoke: string;
  propose: string;
  proposeHint: string;
  scope: string;
  whole: string;
  from: string;
  to: string;
  sent: string;
  noExclusions: string;
  claimsHint: string;
  claimColumns: { what: string; outage: string; window: string; told: string };
  claimStates: Record<string, string>;
  daysLeft: (n: number) => string;
  overdue: (n: number) => string;
  tell: string;
  tellNote: string;
  toldBy: (by: string, when: string, note: string) => string;
  noClaims: string;
  logHint: string;
  logColumns: { what: string; decision: string; by: string; state: string };
  logKinds: Record<string, string>;
  logDismissed: string;
  logNone: string;
  logBoot: (boot: string) => string;
  inForce: string;
  noLog: string;
}

const id: DecideWords = {
  title: "Keputusan",
  hint: "Yang perlu diputuskan orang sebelum bulan ditutup, yang termahal lebih dahulu.",
  sections: {
    menunggu: "Menunggu",
    pengecualian: "Pengecualian",
    klaim: "Pemberitahuan",
    riwayat: "Riwayat",
  },
  sectionsName: "Bagian halaman keputusan",
  month: "Bulan",
  kind: "Jenis",
  allKinds: "Semua jenis",
  closes: (time, left) => `Putuskan sebelum ${time}: ${left} lagi. Sejak itu bulan dapat ditutup.`,
  closable: (time) => `Bulan ini dapat ditutup sejak ${time}. Putuskan sekarang.`,
  closed: (time) =>
    `Bulan ini sudah ditutup pada ${time}. Keputusan yang mengubahnya menjadi revisi.`,
  waiting: (n) => `${n} menunggu keputusan`,
  nothing: "Tidak ada yang menunggu keputusan di sini.",
  kinds: {
    undetermined: "Waktu yang belum pasti",
    "power-gap": "Listrik padam di samping gangguan",
    outage: "Gangguan yang perlu klarifikasi",
    dispute: "Dua alat memakai satu identitas",
    exclusion: "Pengecualian menunggu orang kedua",
    objection: "Keberatan penyedia",
    "contract-gap": "Jeda di antara dua kontrak",
    witness: "Alat ukur dan kolektor tidak cocok",
  },
  kindHints: {
    undetermined: "Alat ukur tidak membawa bukti; penilaian bulan ini bergantung padanya.",
    "power-gap": "Apakah listrik benar padam, atau alat dimatikan saat internet terganggu?",
    outage: "Lamanya hanya diketahui di antara dua batas, dan batas kontrak ada di antaranya.",
    dispute: "Isi dua alat berbeda. Pilih alat yang benar, atau biarkan belum pasti.",
    exclusion: "Yang mengusulkan tidak boleh mengesahkan. Orang kedua melampirkan dokumen.",
    objection: "Penyedia menyanggah gangguan ini. Terima atau tolak, dengan alasan.",
    "contract-gap": "Tidak dihitung di baris mana pun. Periksa apakah kontraknya tercatat benar.",
    witness: "Keduanya tidak mungkin benar bersama. Angka tidak berubah; periksa dahulu alatnya.",
  },
  group: (n, rupiah) => `${n} · bergantung padanya ${rupiah}`,
  chooseAll: "Pilih semua",
  choose: (what) => `Pilih ${what}`,
  columns: { what: "Sambungan", when: "Waktu", stake: "Bergantung padanya", evidence: "Bukti" },
  until: (time) => `sampai ${time}`,
  lasting: "masih berlangsung",
  severalLinks: (n) => `${n} sambungan`,
  stake: (seconds) => `selama ${seconds}`,
  look: "Lihat saat itu",
  why: "Mengapa?",
  undetermined: (n, longest, cause) => `${n} rentang; yang terpenting ${longest}: ${cause}`,
  powerGap: "Router tanpa listrik, dan jaringan buruk tepat di sampingnya.",
  outage: (cause) => `Terbukti putus: ${cause}. Ujungnya bersambung dengan waktu yang belum pasti.`,
  dispute: (agent) => `Alat ukur ${agent} melapor dengan dua isi:`,
  device: (boot, slots, from, to, by) =>
    `Alat ${boot}: ${slots} laporan, ${from} sampai ${to}${by ? `, lewat ${by}` : ""}`,
  exclusion: (by, note) => `Diusulkan ${by}: ${note}`,
  yours: "Usulan Anda sendiri: orang lain yang harus mengesahkannya.",
  secondNeeded: "Perlu orang kedua dan dokumen.",
  objection: (by, note) => `${by} menulis: ${note}`,
  contractGap: "Tidak ada kontrak pada waktu ini.",
  witness: {
    1: "Kata alat, tidak ada yang dapat lewat; catatannya tiba lewat sambungan ini.",
    2: "Alat mengabarkan waktu yang belum terjadi ketika kabarnya tiba.",
    3: "Kata alat, jawaban datang lebih cepat daripada yang pernah diukur kolektor.",
    4: "Kata alat, semua baik; kolektor tidak mendengar apa pun, sedang yang lain terdengar.",
    5: "Kata alat, uji kecepatan membawa lebih banyak daripada yang dikirim server uji.",
  },
  chosen: (n) => `${n} dipilih`,
  chosenNone: "Pilih satu atau lebih, lalu putuskan sekaligus.",
  mixed: "Tidak ada keputusan yang cocok untuk semua pilihan ini. Pilih satu jenis saja.",
  action: "Keputusan",
  actions: {
    dismiss: "Tidak perlu apa-apa",
    power: "Listrik padam: keluarkan",
    exclude: "Usulkan pengecualian",
    confirm: "Sahkan pengecualian",
    reject: "Cabut usulan pengecualian",
    accept: "Terima keberatan",
    refuse: "Tolak keberatan",
  },
  actionHints: {
    dismiss: "Dibiarkan seperti terhitung. Tetap terlihat, dengan nama dan alasan Anda.",
    power: "Waktu tanpa listrik ini tidak lagi dihitung. Waktu putus yang terbukti tetap dihitung.",
    exclude: "Berlaku setelah orang kedua mengesahkannya dengan dokumen.",
    confirm: "Anda orang kedua. Dokumen tetap di tangan Anda; yang dicatat sidik jarinya.",
    reject: "Usulan tidak berlaku lagi, dan tetap terlihat di riwayat.",
    accept: "Penyedia benar. Bila waktunya tidak dihitung, usulkan juga pengecualiannya.",
    refuse: "Gangguan tetap dihitung.",
  },
  unchoose: "Batalkan pilihan",
  note: "Alasan",
  reason: "Sebab",
  reasons: {
    maintenance: "Pemeliharaan terjadwal",
    "force-majeure": "Keadaan kahar",
    power: "Listrik padam",
    customer: "Di sisi pelanggan",
  },
  document: "Dokumen",
  decide: "Putuskan",
  results: (done, all) => `${done} dari ${all} berhasil`,
  resultDone: "Berhasil",
  refused: "Tidak berhasil",
  close: "Tutup",
  settle: "Pilih alat yang benar",
  settleNone: "Tidak satu pun: tetap belum pasti",
  settleThis: (boot) => `Alat ${boot}`,
  dismissedTitle: (n) => `Sudah dinyatakan tidak perlu apa-apa (${n})`,
  dismissedBy: (by, note) => `${by}: ${note}`,
  takeBack: "Batalkan",
  takeBackNote: "Mengapa dibatalkan",
  exclusionColumns: {
    what: "Untuk",
    when: "Waktu",
    reason: "Sebab",
    state: "Keadaan",
    words: "Catatan",
  },
  exclusionStates: { counts: "Berlaku", waits: "Menunggu orang kedua", revoked: "Dicabut" },
  scopes: {
    link: "Sambungan",
    desa: "Desa",
    kecamatan: "Kecamatan",
    kabupaten: "Kabupaten/kota",
    provider: "Penyedia",
  },
  proposed: (by, time) => `Dicatat ${by}, ${time}`,
  confirmed: (by) => `Disahkan ${by}`,
  revokedBy: (by, note) => `Dicabut ${by}: ${note}`,
  confirm: "Sahkan",
  revoke: "Cabut",
  propose: "Catat pengecualian",
  proposeHint:
    "Pemeliharaan dihitung sejak tenggat pemberitahuan kontrak; keadaan kahar dan sisi pelanggan " +
    "setelah orang kedua mengesahkan; listrik padam hanya waktu yang belum pasti.",
  scope: "Untuk",
  whole: "Seluruhnya",
  from: "Mulai (waktu setempat)",
  to: "Sampai (waktu setempat)",
  sent: "Tercatat.",
  noExclusions: "Belum ada pengecualian.",
  claimsHint: "Gangguan yang harus diberitahukan kepada penyedia sebelum tenggat kontrak.",
  claimColumns: { what: "Sambungan", outage: "Gangguan", window: "Tenggat", told: "Diberitahukan" },
  claimStates: {
    overdue: "Lewat tenggat",
    open: "Belum diberitahukan",
    running: "Masih berlangsung",
    told: "Sudah",
    "told-late": "Sudah, terlambat",
  },
  daysLeft: (n) => (n > 0 ? `${n} hari lagi` : "hari terakhir"),
  overdue: (n) => `lewat ${n} hari`,
  tell: "Sudah diberitahukan",
  tellNote: "Bagaimana: nomor surat, surel",
  toldBy: (by, when, note) => `${by}, ${when}: ${note}`,
  noClaims: "Tidak ada yang perlu diberitahukan.",
  logHint: "Apa yang diputuskan, dan oleh siapa; yang terbaru lebih dahulu.",
  logColumns: { what: "Perkara", decision: "Keputusan", by: "Oleh", state: "Keadaan" },
  logKinds: { dismissal: "Perkara", dispute: "Identitas ganda" },
  logDismissed: "Tidak perlu apa-apa",
  logNone: "Tetap belum pasti",
  logBoot: (boot) => `Yang benar: alat ${boot}`,
  inForce: "Berlaku",
  noLog: "Belum ada keputusan.",
};

const en: DecideWords = {
  title: "Decisions",
  hint: "What people must decide before the month closes, the dearest first.",
  sections: {
    menunggu: "Waiting",
    pengecualian: "Exclusions",
    klaim: "Claims",
    riwayat: "History",
  },
  sectionsName: "Parts of the decisions page",
  month: "Month",
  kind: "Kind",
  allKinds: "All kinds",
  closes: (time, left) => `Decide before ${time}: ${left} left. From then on the month can close.`,
  closable: (time) => `This month can be closed since ${time}. Decide now.`,
  closed: (time) => `This month was closed at ${time}. What changes it becomes a revision.`,
  waiting: (n) => `${n} wait for a decision`,
  nothing: "Nothing waits for a decision here.",
  kinds: {
    undetermined: "Undetermined time",
    "power-gap": "Power cut beside a fault",
    outage: "Outages that need a word",
    dispute: "Two devices use one identity",
    exclusion: "Exclusions that wait for a second person",
    objection: "A provider's objections",
    "contract-gap": "Gap between two contracts",
    witness: "Router and collector disagree",
  },
  kindHints: {
    undetermined: "The agent brought no evidence; the month's verdict hangs on it.",
    "power-gap": "Was there really no power, or was the router unplugged during a fault?",
    outage: "Its length is known only between two bounds, with the contract's limit between them.",
    dispute: "Two devices tell different things. Choose the right one, or leave it unknown.",
    exclusion: "Who proposed it may not confirm it. The second person brings a document.",
    objection: "The provider objects to this outage. Accept or refuse, with a reason.",
    "contract-gap": "It is in no row. See whether the contract was entered rightly.",
    witness: "Both cannot be true. No figure changes by it; look at the router first.",
  },
  group: (n, rupiah) => `${n} · ${rupiah} hang on it`,
  chooseAll: "Choose all",
  choose: (what) => `Choose ${what}`,
  columns: { what: "Link", when: "Time", stake: "Hangs on it", evidence: "Evidence" },
  until: (time) => `until ${time}`,
  lasting: "still going on",
  severalLinks: (n) => `${n} links`,
  stake: (seconds) => `for ${seconds}`,
  look: "Look at that moment",
  why: "Why?",
  undetermined: (n, longest, cause) =>
    `${n} stretch${n === 1 ? "" : "es"}; the one that matters most is ${longest}: ${cause}`,
  powerGap: "The router had no power, and the network was bad right beside it.",
  outage: (cause) => `Proven down: ${cause}. Its end adjoins undetermined time.`,
  dispute: (agent) => `Agent ${agent} reports with two contents:`,
  device: (boot, slots, from, to, by) =>
    `Device ${boot}: ${slots} reports, ${from} to ${to}${by ? `, by ${by}` : ""}`,
  exclusion: (by, note) => `Proposed by ${by}: ${note}`,
  yours: "Your own proposal: another person must confirm it.",
  secondNeeded: "Needs a second person and a document.",
  objection: (by, note) => `${by} writes: ${note}`,
  contractGap: "There is no contract at this time.",
  witness: {
    1: "The router says that nothing could leave; its records came over this link.",
    2: "The router told of a time that had not come yet.",
    3: "The router says that answers came sooner than the collector ever measured.",
    4: "The router says that all was good; the collector heard nothing, and heard others.",
    5: "The router says that a speed test brought more than the test's server sent.",
  },
  chosen: (n) => `${n} chosen`,
  chosenNone: "Choose one or more, then decide them in one go.",
  mixed: "No decision fits all of these. Choose one kind only.",
  action: "Decision",
  actions: {
    dismiss: "Nothing is needed",
    power: "Power cut: exclude",
    exclude: "Propose an exclusion",
    confirm: "Confirm the exclusion",
    reject: "Revoke the proposal",
    accept: "Accept the objection",
    refuse: "Refuse the objection",
  },
  actionHints: {
    dismiss: "It stays as it counts, and in sight, with your name and reason.",
    power: "This time without power no longer counts. Time proven down still does.",
    exclude: "It counts when a second person has confirmed it with a document.",
    confirm: "You are the second person. The document stays with you; its fingerprint is kept.",
    reject: "The proposal ends, and stays in the history.",
    accept: "The provider is right. If its time shall not count, propose an exclusion too.",
    refuse: "The outage still counts.",
  },
  unchoose: "Choose none",
  note: "Reason",
  reason: "Cause",
  reasons: {
    maintenance: "Scheduled maintenance",
    "force-majeure": "Force majeure",
    power: "Power cut",
    customer: "On the customer's side",
  },
  document: "Document",
  decide: "Decide",
  results: (done, all) => `${done} of ${all} succeeded`,
  resultDone: "Done",
  refused: "It did not work",
  close: "Close",
  settle: "Choose the right device",
  settleNone: "None of them: it stays unknown",
  settleThis: (boot) => `Device ${boot}`,
  dismissedTitle: (n) => `Said to need nothing (${n})`,
  dismissedBy: (by, note) => `${by}: ${note}`,
  takeBack: "Take back",
  takeBackNote: "Why it is taken back",
  exclusionColumns: { what: "For", when: "Time", reason: "Cause", state: "State", words: "Words" },
  exclusionStates: { counts: "Counts", waits: "Waits for a second person", revoked: "Revoked" },
  scopes: {
    link: "Link",
    desa: "Desa",
    kecamatan: "Kecamatan",
    kabupaten: "Kabupaten/kota",
    provider: "Provider",
  },
  proposed: (by, time) => `Entered by ${by}, ${time}`,
  confirmed: (by) => `Confirmed by ${by}`,
  revokedBy: (by, note) => `Revoked by ${by}: ${note}`,
  confirm: "Confirm",
  revoke: "Revoke",
  propose: "Enter an exclusion",
  proposeHint:
    "Maintenance counts from the contract's notice on; force majeure and the customer's side " +
    "when a second person has confirmed; a power cut removes undetermined time only.",
  scope: "For",
  whole: "All of it",
  from: "From (local time)",
  to: "To (local time)",
  sent: "It was entered.",
  noExclusions: "There is no exclusion yet.",
  claimsHint: "Outages of which the provider must be told before the contract's window ends.",
  claimColumns: { what: "Link", outage: "Outage", window: "Window", told: "Told" },
  claimStates: {
    overdue: "Window is over",
    open: "Not told yet",
    running: "Still going on",
    told: "Told",
    "told-late": "Told late",
  },
  daysLeft: (n) => (n > 0 ? `${n} day${n === 1 ? "" : "s"} left` : "the last day"),
  overdue: (n) => `${n} day${n === 1 ? "" : "s"} over`,
  tell: "The provider was told",
  tellNote: "How: a letter's number, a mail",
  toldBy: (by, when, note) => `${by}, ${when}: ${note}`,
  noClaims: "There is nothing to tell.",
  logHint: "What was decided, and by whom; the newest first.",
  logColumns: { what: "Matter", decision: "Decision", by: "By", state: "State" },
  logKinds: { dismissal: "Matter", dispute: "Double identity" },
  logDismissed: "Nothing is needed",
  logNone: "It stays unknown",
  logBoot: (boot) => `The right one: device ${boot}`,
  inForce: "In force",
  noLog: "There is no decision yet.",
};

export const words: Record<Language, DecideWords> = { id, en };
