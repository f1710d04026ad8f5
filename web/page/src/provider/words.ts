// SPDX-License-Identifier: Apache-2.0
import type { Language } from "../parts/language";

interface ProviderWords {
  title: string;
  hint: string;
  choose: string;
  chooseFirst: string;
  noLinks: string;
  month: string;
  search: string;
  now: string;
  availability: string;
  met: string;
  metOf: (met: string, missed: string, open: string) => string;
  restitution: string;
  restitutionHint: string;
  between: (low: string, high: string) => string;
  provisional: string;
  links: string;
  linkColumns: { link: string; state: string; month: string; money: string };
  outages: string;
  outageCount: (n: string) => string;
  noOutages: string;
  outageColumns: { where: string; when: string; length: string; cause: string; objection: string };
  lasting: string;
  until: (time: string) => string;
  orLonger: (long: string) => string;
  object: string;
  objectNote: string;
  document: string;
  waits: string;
  ticket: (number: string) => string;
  objections: string;
  noObjections: string;
  objectionColumns: { outage: string; words: string; answer: string };
  saidBy: (by: string, time: string) => string;
  answers: { accepted: string; rejected: string; waiting: string };
  answeredBy: (by: string, time: string) => string;
  accept: string;
  refuse: string;
  answerNote: string;
  tickets: string;
  noTickets: string;
  ticketColumns: { number: string; link: string; opened: string };
  revoked: string;
  exclusions: string;
  look: string;
  endContract: string;
  endContractFrom: string;
  endContractHint: (contract: number) => string;
  ended: string;
  verdicts: Record<string, string>;
  sent: string;
}

const id: ProviderWords = {
  title: "Penyedia",
  hint: "Sambungan, gangguan, dan keberatan satu penyedia.",
  choose: "Pilih penyedia",
  chooseFirst: "Pilih satu penyedia untuk melihat sambungannya.",
  noLinks: "Belum ada sambungan dari penyedia ini.",
  month: "Bulan",
  search: "Cari desa",
  now: "Keadaan sekarang",
  availability: "Ketersediaan",
  met: "Sambungan",
  metOf: (met, missed, open) => `${met} memenuhi, ${missed} tidak, ${open} belum dapat dinilai`,
  restitution: "Ganti rugi",
  restitutionHint: "Yang terbukti sampai yang mungkin, menunggu keputusan.",
  between: (low, high) => `${low} – ${high}`,
  provisional: "sementara",
  links: "Sambungan",
  linkColumns: {
    link: "Desa",
    state: "Sekarang",
    month: "Ketersediaan bulan ini",
    money: "Ganti rugi",
  },
  outages: "Gangguan bulan ini",
  outageCount: (n) => `${n} gangguan`,
  noOutages: "Tidak ada gangguan dalam bulan ini.",
  outageColumns: {
    where: "Desa",
    when: "Waktu",
    length: "Lama",
    cause: "Sebab",
    objection: "Keberatan",
  },
  lasting: "masih berlangsung",
  until: (time) => `sampai ${time}`,
  orLonger: (long) => `paling lama ${long}`,
  object: "Ajukan keberatan",
  objectNote: "Mengapa gangguan ini tidak seharusnya dihitung",
  document: "Dokumen (boleh kosong)",
  waits: "Menunggu jawaban",
  ticket: (number) => `Tiket ${number}`,
  objections: "Keberatan dan jawabannya",
  noObjections: "Belum ada keberatan.",
  objectionColumns: { outage: "Gangguan", words: "Keberatan", answer: "Jawaban" },
  saidBy: (by, time) => `${by}, ${time}`,
  answers: { accepted: "Diterima", rejected: "Ditolak", waiting: "Menunggu jawaban" },
  answeredBy: (by, time) => `dijawab ${by}, ${time}`,
  accept: "Terima",
  refuse: "Tolak",
  answerNote: "Alasan jawaban",
  tickets: "Tiket",
  noTickets: "Belum ada tiket.",
  ticketColumns: { number: "Nomor", link: "Desa", opened: "Dibuka" },
  revoked: "dicabut",
  exclusions: "Pengecualian yang menyangkut sambungan ini",
  look: "Lihat",
  endContract: "Akhiri kontrak",
  endContractFrom: "Detik pertama tanpa kontrak (waktu setempat)",
  endContractHint: (contract) =>
    `Kontrak ${contract} berakhir pada waktu itu; tidak dapat dipanjangkan lagi.`,
  ended: "Kontrak diakhiri.",
  verdicts: {
    MEMENUHI: "memenuhi",
    "TIDAK MEMENUHI": "tidak memenuhi",
    "DATA TIDAK CUKUP": "data tidak cukup",
    "TIDAK DINILAI": "tidak dinilai",
  },
  sent: "Keberatan tercatat; petugas kabupaten akan menjawab.",
};

const en: ProviderWords = {
  title: "Provider",
  hint: "Links, outages and objections of one provider.",
  choose: "Choose a provider",
  chooseFirst: "Choose a provider to see its links.",
  noLinks: "There is no link of this provider yet.",
  month: "Month",
  search: "Search a desa",
  now: "State now",
  availability: "Availability",
  met: "Links",
  metOf: (met, missed, open) => `${met} met the target, ${missed} missed it, ${open} not yet known`,
  restitution: "Restitution",
  restitutionHint: "From what is proven to what is possible, until people have decided.",
  between: (low, high) => `${low} – ${high}`,
  provisional: "provisional",
  links: "Links",
  linkColumns: {
    link: "Desa",
    state: "Now",
    month: "Availability this month",
    money: "Restitution",
  },
  outages: "Outages this month",
  outageCount: (n) => `${n} outages`,
  noOutages: "There is no outage in this month.",
  outageColumns: {
    where: "Desa",
    when: "Time",
    length: "Length",
    cause: "Cause",
    objection: "Objection",
  },
  lasting: "still going on",
  until: (time) => `until ${time}`,
  orLonger: (long) => `at most ${long}`,
  object: "Object",
  objectNote: "Why this outage should not count",
  document: "Document (may be absent)",
  waits: "Waits for an answer",
  ticket: (number) => `Ticket ${number}`,
  objections: "Objections and their answers",
  noObjections: "There is no objection yet.",
  objectionColumns: { outage: "Outage", words: "Objection", answer: "Answer" },
  saidBy: (by, time) => `${by}, ${time}`,
  answers: { accepted: "Accepted", rejected: "Refused", waiting: "Waits for an answer" },
  answeredBy: (by, time) => `answered by ${by}, ${time}`,
  accept: "Accept",
  refuse: "Refuse",
  answerNote: "Reason of the answer",
  tickets: "Tickets",
  noTickets: "There is no ticket yet.",
  ticketColumns: { number: "Number", link: "Desa", opened: "Opened" },
  revoked: "revoked",
  exclusions: "Exclusions that reach these links",
  look: "Look",
  endContract: "End the contract",
  endContractFrom: "First second without it (local time)",
  endContractHint: (contract) => `Contract ${contract} ends then, and cannot be made longer again.`,
  ended: "The contract was ended.",
  verdicts: {
    MEMENUHI: "met",
    "TIDAK MEMENUHI": "missed",
    "DATA TIDAK CUKUP": "too little data",
    "TIDAK DINILAI": "not judged",
  },
  sent: "The objection was entered; the kabupaten's officer will answer.",
};

export const words: Record<Language, ProviderWords> = { id, en };
