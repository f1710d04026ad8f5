// SPDX-License-Identifier: Apache-2.0
import type { Language } from "../parts/language";

interface WallWords {
  title: string;
  linksOf: (total: string) => string;
  coverage: string;
  coverageHint: string;
  noLinks: string;
  noLinksHint: string;
  noMatch: string;
  clearFilters: string;
  search: string;
  searchHint: string;
  sort: string;
  sortTrouble: string;
  sortName: string;
  shown: (shown: string, total: string) => string;
  showMore: (count: string) => string;
  columns: {
    state: string;
    desa: string;
    provider: string;
    report: string;
    rtt: string;
    rttHint: string;
    loss: string;
    lossHint: string;
    day: string;
    dayHint: string;
    month: string;
  };
  caption: string;
  provisional: string;
  target: (percent: string) => string;
  noContract: string;
  verdicts: Record<string, string>;
  wall: string;
  screen: string;
  leaveScreen: string;
  larger: string;
  smaller: string;
  fit: string;
  canvas: string;
  canvasHint: string;
  newest: string;
  nothingWrong: string;
  more: (count: string) => string;
  chosen: string;
  chooseHint: string;
  open: string;
  close: string;
  counts: string;
  footer: string;
}

const id: WallWords = {
  title: "Dinding keadaan",
  linksOf: (total) => `${total} sambungan`,
  coverage: "Teramati 24 jam",
  coverageHint: "Bagian waktu 24 jam terakhir yang keadaannya diketahui.",
  noLinks: "Belum ada sambungan yang terdaftar",
  noLinksHint: "Sambungan yang didaftarkan akan muncul di sini dengan sendirinya.",
  noMatch: "Tidak ada sambungan yang cocok dengan pilihan ini",
  clearFilters: "Hapus semua pilihan",
  search: "Cari",
  searchHint: "Nama desa, kecamatan, atau kode",
  sort: "Urutan",
  sortTrouble: "Yang bermasalah dulu",
  sortName: "Nama desa",
  shown: (shown, total) => `${shown} dari ${total} sambungan`,
  showMore: (count) => `Tampilkan ${count} lagi`,
  columns: {
    state: "Keadaan",
    desa: "Desa",
    provider: "Penyedia",
    report: "Kabar terakhir",
    rtt: "Waktu tanggap",
    rttHint:
      "Waktu pergi-pulang ke internet, nilai tengah lima laporan terakhir. Kecil itu baik.",
    loss: "Paket hilang",
    lossHint: "Bagian pertanyaan tanpa jawaban dalam lima laporan terakhir. Kecil itu baik.",
    day: "Teramati 24 jam",
    dayHint: "Bagian waktu 24 jam terakhir yang keadaannya diketahui.",
    month: "Ketersediaan",
  },
  caption: "Keadaan setiap sambungan internet desa",
  provisional: "sementara",
  target: (percent) => `target ${percent}%`,
  noContract: "Tidak ada kontrak bulan ini",
  verdicts: {
    MEMENUHI: "Memenuhi",
    "TIDAK MEMENUHI": "Di bawah target",
    "DATA TIDAK CUKUP": "Data belum cukup",
    "TIDAK DINILAI": "Tidak dinilai",
  },
  wall: "Dinding",
  screen: "Layar penuh",
  leaveScreen: "Keluar dari layar penuh",
  larger: "Perbesar",
  smaller: "Perkecil",
  fit: "Paskan ke layar",
  canvas: "Dinding keadaan semua sambungan",
  canvasHint:
    "Tombol panah memindahkan pilihan, Page Up dan Page Down ke kecamatan lain, Enter membuka.",
  newest: "Yang bermasalah, terbaru dulu",
  nothingWrong: "Tidak ada yang bermasalah.",
  more: (count) => `dan ${count} lagi: lihat tabel`,
  chosen: "Sambungan terpilih",
  chooseHint: "Pilih satu titik di dinding untuk melihat rinciannya.",
  open: "Buka halaman sambungan",
  close: "Tutup",
  counts: "Pilih menurut keadaan",
  footer: "Angka bulan berjalan bersifat sementara sampai bulan ditutup.",
};

const en: WallWords = {
  title: "Wall of states",
  linksOf: (total) => `${total} links`,
  coverage: "Observed, 24 h",
  coverageHint: "Share of the last 24 hours of which the state is known.",
  noLinks: "No link is registered yet",
  noLinksHint: "A link that is registered will appear here by itself.",
  noMatch: "No link matches this choice",
  clearFilters: "Clear the choice",
  search: "Search",
  searchHint: "Name of desa, kecamatan, or code",
  sort: "Order",
  sortTrouble: "Trouble first",
  sortName: "Name of desa",
  shown: (shown, total) => `${shown} of ${total} links`,
  showMore: (count) => `Show ${count} more`,
  columns: {
    state: "State",
    desa: "Desa",
    provider: "Provider",
    report: "Last report",
    rtt: "Response",
    rttHint: "Round-trip time to the internet, median of the last five reports. Smaller is better.",
    loss: "Packet loss",
    lossHint: "Share of questions without an answer in the last five reports. Smaller is better.",
    day: "Observed, 24 h",
    dayHint: "Share of the last 24 hours of which the state is known.",
    month: "Availability",
  },
  caption: "State of every village internet link",
  provisional: "provisional",
  target: (percent) => `target ${percent}%`,
  noContract: "No contract this month",
  verdicts: {
    MEMENUHI: "Meets it",
    "TIDAK MEMENUHI": "Below target",
    "DATA TIDAK CUKUP": "Too little data yet",
    "TIDAK DINILAI": "Not judged",
  },
  wall: "Wall",
  screen: "Full screen",
  leaveScreen: "Leave full screen",
  larger: "Larger",
  smaller: "Smaller",
  fit: "Fit to screen",
  canvas: "Wall with the state of every link",
  canvasHint:
    "Arrow keys move the selection, Page Up and Page Down go to another kecamatan, Enter opens.",
  newest: "In trouble, newest first",
  nothingWrong: "Nothing is in trouble.",
  more: (count) => `and ${count} more: see the table`,
  chosen: "Chosen link",
  chooseHint: "Choose a mark on the wall to see its details.",
  open: "Open the link's page",
  close: "Close",
  counts: "Choose by state",
  footer: "Figures of the running month are provisional until the month is closed.",
};

export const words: Record<Language, WallWords> = { id, en };
