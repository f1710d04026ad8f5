/* SPDX-License-Identifier: Apache-2.0 */
/* Every text: WORD(name, Bahasa Indonesia, English). The names, their numbers and both tables come
 * from this list; a test compares the places for values. No guard: it is included for each. */
/* clang-format off */

/* the first line: all in one */
WORD(WELL, "BAIK: internet menjawab, data sampai.",
	"WELL: the internet answers, the data arrives.")
WORD(NOT_YET, "BARU MULAI: tunggu satu menit.", "JUST STARTED: wait a minute.")
WORD(LINK_DOWN, "LINK PUTUS: {0} tidak menjawab sejak {1}.",
	"LINK DOWN: {0} has not answered for {1}.")
WORD(NOT_DELIVERED, "DATA BELUM SAMPAI: pusat tidak tersambung.",
	"NOT DELIVERED: the collector is not connected.")
WORD(NOT_RUNNING, "AGEN TIDAK JALAN: tidak ada yang mengukur.",
	"AGENT NOT RUNNING: nobody measures.")
WORD(HANGS, "AGEN MACET: tidak ada kabar sejak {0}.", "AGENT HANGS: no word from it for {0}.")
/* a WAN: name, interface, address */
WORD(WAN_UP, "{0} ({1}, {2}): menjawab dalam {3} ms.", "{0} ({1}, {2}): answers within {3} ms.")
WORD(WAN_DOWN, "{0} ({1}, {2}): putus sejak {3}.", "{0} ({1}, {2}): down for {3}.")
WORD(WAN_UNKNOWN, "{0}: belum diketahui.", "{0}: not known yet.")
WORD(NO_ADDRESS, "tanpa alamat", "no address")
WORD(LAST_ANSWER, "  jawaban terakhir {0} lalu; {1} dari {2} putaran dijawab.",
	"  last answer {0} ago; {1} of {2} rounds answered.")
WORD(NEVER_ANSWERED, "  belum pernah ada jawaban.", "  nothing has answered yet.")
/* what is seen, and what to do about it: in the order of enum view_fault */
WORD(FAULT_NONE, "", "")
WORD(FAULT_CARRIER, "  terlihat: kabel atau perangkat di ujungnya mati.",
	"  seen: no carrier, the cable or the box at its end is dead.")
WORD(FAULT_ADDRESS, "  terlihat: WAN tidak mendapat alamat.", "  seen: the WAN got no address.")
WORD(FAULT_ROUTE, "  terlihat: tidak ada rute keluar.", "  seen: there is no route out.")
WORD(FAULT_GATEWAY, "  terlihat: gerbang (modem/ONT) tidak menjawab.",
	"  seen: the gateway (modem, ONT) says nothing.")
WORD(FAULT_ACCESS, "  terlihat: gerbang ada, penyedia tidak menjawab.",
	"  seen: the gateway is there, the provider is not.")
WORD(FAULT_UPSTREAM, "  terlihat: penyedia menjawab, internet tidak.",
	"  seen: the provider answers, the internet does not.")
WORD(FAULT_LOSS, "  terlihat: sebagian jawaban hilang.",
	"  seen: some of the answers are missing.")
WORD(FAULT_OTHER, "  terlihat: router sendiri tidak dapat mengirim.",
	"  seen: the router itself cannot send.")
WORD(DO_NONE, "", "")
WORD(DO_CARRIER, "  -> Periksa kabel WAN, listrik, lampu modem/ONT.",
	"  -> Check WAN cable, power, lights of the modem/ONT.")
WORD(DO_ADDRESS, "  -> Matikan-nyalakan modem/ONT; lihat DHCP, PPPoE.",
	"  -> Switch the modem/ONT off and on; see DHCP, PPPoE.")
WORD(DO_ROUTE, "  -> ifup wan", "  -> ifup wan")
WORD(DO_GATEWAY, "  -> Periksa modem/ONT: listrik, kabel, lampu.",
	"  -> Check the modem/ONT: power, cable, lights.")
WORD(DO_ACCESS, "  -> Lihat lampu LOS/PON, sinyal; lapor penyedia.",
	"  -> Look at LOS/PON light, signal; tell the provider.")
WORD(DO_UPSTREAM, "  -> Bukan di desa: lapor penyedia.",
	"  -> Not in the village: tell the provider.")
WORD(DO_LOSS, "  -> Catat jam; periksa sinyal, konektor, beban.",
	"  -> Note the time; check signal, connectors, load.")
WORD(DO_OTHER, "  -> logread -e pantau-agent", "  -> logread -e pantau-agent")
/* the collector */
WORD(CONNECTED, "pusat: tersambung ke {0}.", "collector: connected to {0}.")
WORD(NOT_CONNECTED, "pusat: tidak tersambung ke {0}: {1}.",
	"collector: not connected to {0}: {1}.")
WORD(LAST_REPORT, "  laporan terakhir diterima {0} lalu.", "  the last report was taken {0} ago.")
WORD(NEVER_REPORTED, "  belum ada laporan yang diterima.", "  no report was taken yet.")
/* why not, and what to do: in the order of enum trouble */
WORD(TROUBLE_NONE, "sedang menyambung", "connecting")
WORD(TROUBLE_NAME, "nama tidak dapat ditemukan", "its name cannot be found")
WORD(TROUBLE_UNREACHABLE, "tidak terjangkau", "it cannot be reached")
WORD(TROUBLE_PORT, "kolektor tidak jalan di sana", "no collector runs there")
WORD(TROUBLE_CERTIFICATE, "sertifikat tidak cocok", "the certificates do not match")
WORD(TROUBLE_SILENT, "tersambung, lalu diam", "connected, then silence")
WORD(TROUBLE_BROKEN, "sambungan terputus", "the connection broke")
WORD(TROUBLE_UNKNOWN, "pusat tidak mengenal agen ini", "it does not know this agent")
WORD(TROUBLE_REVOKED, "agen ini sudah dicabut", "this agent was revoked")
WORD(TROUBLE_REPLACED, "identitas ini dipakai perangkat lain",
	"another device uses this identity")
WORD(TROUBLE_BUSY, "pusat sedang penuh", "it is busy")
WORD(TROUBLE_PROTOCOL, "versi tidak cocok", "the versions do not match")
WORD(TROUBLE_OTHER, "sebab lain", "another reason")
WORD(DO_TROUBLE_NONE, "  -> tunggu sebentar.", "  -> wait a little.")
WORD(DO_NAME, "  -> Periksa DNS router dan [collector] address.",
	"  -> Check the router's DNS and [collector] address.")
WORD(DO_UNREACHABLE, "  -> Kalau internet jalan: telepon pusat.",
	"  -> If the internet works: call the centre.")
WORD(DO_PORT, "  -> Telepon pusat: kolektor mati.", "  -> Call the centre: the collector is off.")
WORD(DO_CERTIFICATE, "  -> Periksa jam (date), agent.crt, agent.key, ca.crt.",
	"  -> Check the clock (date), agent.crt, agent.key, ca.crt.")
WORD(DO_SILENT, "  -> Tunggu; agen mencoba paket lebih kecil.",
	"  -> Wait; the agent tries smaller packets.")
WORD(DO_BROKEN, "  -> Tunggu; agen menyambung lagi.", "  -> Wait; the agent connects again.")
WORD(DO_UNKNOWN, "  -> Minta pusat mendaftarkan agen ini.",
	"  -> Ask the centre to enrol this agent.")
WORD(DO_REVOKED, "  -> Minta sertifikat baru dari pusat.",
	"  -> Ask the centre for a new certificate.")
WORD(DO_REPLACED, "  -> Cari router lain dengan salinan berkas ini.",
	"  -> Look for another router with a copy of these files.")
WORD(DO_BUSY, "  -> Tunggu; data disimpan.", "  -> Wait; the data is kept.")
WORD(DO_PROTOCOL, "  -> Perbarui agen atau pusat.", "  -> Update the agent or the collector.")
WORD(DO_TROUBLE_OTHER, "  -> logread -e pantau-agent", "  -> logread -e pantau-agent")
/* the rest of the state */
WORD(WAITING, "menunggu dikirim: {0} catatan.", "waiting to be sent: {0} records.")
WORD(WAITING_FOR_REPORT, "menunggu laporan berikut: {0} catatan (tiap {1}).",
	"waiting for the next report: {0} records (every {1}).")
WORD(DROPPED, "hilang karena penyimpanan penuh: {0} catatan.",
	"lost because the store was full: {0} records.")
WORD(REJECTED, "ditolak pusat: {0} catatan.", "refused by the collector: {0} records.")
WORD(DO_DROPPED, "  -> Pulihkan sambungan ke pusat.", "  -> Bring back the way to the collector.")
WORD(DO_REJECTED, "  -> Beri tahu pusat: kolektor lebih tua dari agen.",
	"  -> Tell the centre: the collector is older than the agent.")
WORD(CLOCK, "jam: belum diketahui.", "clock: not known yet.")
WORD(DO_CLOCK, "  -> Tunggu; jam datang dari NTP atau pusat.",
	"  -> Wait; the time comes by NTP or the collector.")
WORD(FLASH, "penyimpanan: tidak dapat ditulis ({0}).", "store: cannot be written ({0}).")
WORD(DO_FLASH, "  -> Kosongkan atau ganti penyimpanan (df -h).",
	"  -> Make room or replace the storage (df -h).")
WORD(DEVICES, "perangkat di belakang router: {0}.", "devices behind the router: {0}.")
WORD(CONFIGURATION, "pengaturan pusat: versi {0} dipakai.",
	"configuration: version {0} is followed.")
/* in the order of enum renewal_state */
WORD(RENEWAL_NONE, "Sertifikat berlaku sampai {0}.", "Certificate good until {0}.")
WORD(RENEWAL_DUE, "Sertifikat berakhir {0}: agen meminta yang baru.",
	"Certificate ends {0}: the agent asks for a new one.")
WORD(RENEWAL_PARKED, "Sertifikat kedaluwarsa {0}: menunggu izin pusat.",
	"Certificate expired {0}: the centre must say yes.")
WORD(RENEWAL_REFUSED, "Sertifikat berakhir {0}: pusat menolak memperbarui.",
	"Certificate ends {0}: the centre refuses to renew it.")
WORD(DO_RENEWAL, "  -> Telepon pusat: pantau agent readmit.",
	"  -> Call the centre: pantau agent readmit.")
WORD(CONFIGURATION_REFUSED, "pengaturan pusat: versi {0} ditolak.",
	"configuration: version {0} was refused or given up.")
WORD(DO_START, "  -> /etc/init.d/pantau start", "  -> /etc/init.d/pantau start")
WORD(DO_RESTART, "  -> /etc/init.d/pantau restart", "  -> /etc/init.d/pantau restart")
/* speed */
WORD(SPEED_DONE, "uji kecepatan: turun {0}, naik {1} Mbit/s, {2} lalu{3}.",
	"speed test: down {0}, up {1} Mbit/s, {2} ago{3}.")
WORD(SPEED_SKIPPED, "uji kecepatan: dilewati {0} lalu: {1}{2}.",
	"speed test: skipped {0} ago: {1}{2}.")
WORD(SPEED_FAILED, "uji kecepatan: gagal {0} lalu: {1}{2}.",
	"speed test: failed {0} ago: {1}{2}.")
WORD(SPEED_NEXT, "; berikutnya dalam {0}", "; the next in {0}")
WORD(SPEED_FIRST, "uji kecepatan: belum ada.", "speed test: none yet.")
/* why: in the order of enum speed_reason */
WORD(SPEED_NONE, "selesai", "done")
WORD(SPEED_BUSY, "link sedang dipakai warga", "others were using the link")
WORD(SPEED_BUDGET, "kuota data sebulan habis", "the month's data budget is spent")
WORD(SPEED_DOWN, "link sedang putus", "the link was down")
WORD(SPEED_NAME, "nama server tidak ditemukan", "the server's name was not found")
WORD(SPEED_CONNECT, "server tidak tersambung", "no connection to the server")
WORD(SPEED_REFUSED, "server menolak", "the server refused")
WORD(SPEED_TIMEOUT, "terlalu lama", "it took too long")
WORD(SPEED_INTERRUPTED, "terputus di tengah", "interrupted")
WORD(SPEED_OTHER, "sebab lain; pantau-probe terpasang?",
	"another reason; is pantau-probe installed?")
WORD(SPEED_LEASE, "pusat menyuruh menunggu", "the collector said wait")
WORD(SPEED_IMPOSTOR, "yang menjawab bukan server itu", "someone else answered")
/* resolvers: how they are seen, in the order of enum status_dns; and what to do */
WORD(DNS_UNKNOWN, "", "")
WORD(DNS_GOOD, "", "")
WORD(DNS_FAILS, "DNS: {0} tidak menemukan nama.", "DNS: {0} finds no names.")
WORD(DNS_SILENT, "DNS: {0} tidak menjawab.", "DNS: {0} does not answer.")
WORD(DNS_HIJACKED, "DNS: {0} memberi jawaban palsu.", "DNS: {0} gives false answers.")
WORD(DO_DNS, "  -> Lapor penyedia, atau pakai DNS lain di router.",
	"  -> Tell the provider, or use another DNS on the router.")
/* a certificate of installation: labels, then what stands behind them */
WORD(LABEL_WHEN, "waktu", "when")
WORD(LABEL_BY, "oleh", "by")
WORD(LABEL_NOTE, "catatan", "note")
WORD(LABEL_ADDRESS, "alamat", "address")
WORD(LABEL_TO_GATEWAY, "ke gerbang", "to the gateway")
WORD(LABEL_TO_INTERNET, "ke internet", "to internet")
WORD(LABEL_SPEED, "kecepatan", "speed")
WORD(LABEL_COLLECTOR, "pusat", "collector")
WORD(LABEL_RESULT, "hasil", "result")
WORD(CERTIFICATE_TITLE, "BERITA ACARA PEMASANGAN", "CERTIFICATE OF INSTALLATION")
WORD(CERTIFICATE_CLOCK_KNOWN, "{0} (jam sudah benar)", "{0} (the clock is right)")
WORD(CERTIFICATE_CLOCK_UNKNOWN, "{0} (jam belum diketahui)", "{0} (the clock is not known)")
WORD(CERTIFICATE_ECHOES, "{0}/{1} dijawab, {2} ms", "{0}/{1} answered, {2} ms")
WORD(CERTIFICATE_ANSWERED, "dijawab, {0} ms", "answered, {0} ms")
WORD(CERTIFICATE_LOST, "tidak dijawab", "not answered")
WORD(CERTIFICATE_UNSENT, "tidak terkirim ({0})", "not sent ({0})")
WORD(CERTIFICATE_FAILED, "gagal ({0})", "failed ({0})")
WORD(CERTIFICATE_SPEED, "turun {0}, naik {1} Mbit/s", "down {0}, up {1} Mbit/s")
WORD(CERTIFICATE_NO_AGENT, "agen tidak jalan", "the agent does not run")
WORD(CERTIFICATE_GOOD, "BAIK", "GOOD")
WORD(CERTIFICATE_PARTLY, "SEBAGIAN: lihat yang gagal di atas", "PARTLY: see what failed above")
WORD(CERTIFICATE_BAD, "BURUK: internet tidak menjawab", "BAD: the internet does not answer")
WORD(CERTIFICATE_SENDING, "mengirim ke pusat, sampai 30 detik ...",
	"sending it to the collector, up to 30 s ...")
WORD(CERTIFICATE_KEPT, "TERSIMPAN di pusat.", "KEPT by the collector.")
WORD(CERTIFICATE_LATER, "Belum sampai; dikirim sendiri kemudian.",
	"Not there yet; it goes by itself later.")
WORD(CERTIFICATE_REFUSED, "Pusat menolak: lebih tua dari agen.",
	"Refused: the collector is older than the agent.")
/* becoming an agent; why not: in the order of enum enrol_code */
WORD(ENROL_KEY, "kunci router dibuat: {0}", "this router's key was made: {0}")
WORD(ENROL_ASKING, "bertanya kepada {0} ...", "asking {0} ...")
WORD(ENROL_NOT_YET, "  belum: {0}", "  not yet: {0}")
WORD(ENROL_DONE, "TERDAFTAR sebagai agent-{0}.", "ENROLLED as agent-{0}.")
WORD(DO_ENROL_DONE, "  -> Jalankan agen, lalu: pantau-agent status",
	"  -> Start the agent, then: pantau-agent status")
WORD(ENROL_REFUSED, "DITOLAK: {0}.", "REFUSED: {0}.")
WORD(ENROL_REFUSED_WORDS, "  pusat berkata: {0}", "  the collector says: {0}")
WORD(ENROL_UNKNOWN, "token tidak dikenal", "the token is not known")
WORD(ENROL_EXPIRED, "token kedaluwarsa", "the token has expired")
WORD(ENROL_REVOKED, "token dicabut", "the token was revoked")
WORD(ENROL_SPENT, "token sudah dipakai router lain", "another router used the token")
WORD(ENROL_MALFORMED, "versi tidak cocok", "the versions do not match")
WORD(ENROL_PARKED, "menunggu izin petugas", "a person must say yes")
WORD(ENROL_EARLY, "sertifikat masih lama berlaku", "the certificate is good for long")
WORD(ENROL_BUSY, "pusat sedang tidak dapat mendaftarkan", "the collector cannot enrol now")
WORD(DO_ENROL, "  -> Minta token baru dari pusat.", "  -> Ask the centre for a new token.")
WORD(DO_ENROL_LATER, "  -> Ulangi perintah ini nanti; token tetap berlaku.",
	"  -> Repeat this command later; the token is still good.")
/* lengths of time */
WORD(SECONDS, "detik", "s")
WORD(MINUTES, "menit", "min")
WORD(HOURS, "jam", "h")
WORD(DAYS, "hari", "days")
