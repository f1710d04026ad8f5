# SPDX-License-Identifier: Apache-2.0
"""Those who are told: Telegram's Bot API, a webhook, Alertmanager and a mail server, as strict as
the real ones where it matters. Each remembers what it took, and can be told to refuse."""

import email
import email.policy
import hashlib
import hmac
import json
import re
import socketserver
import threading
import time
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Listener(ThreadingHTTPServer):
    """`trouble`: a list of (status, headers, body) that are answered first, one by one."""

    daemon_threads = True

    def __init__(self, answer):
        super().__init__(("127.0.0.1", 0), answer)
        self.trouble, self.faults, self.asked = [], [], []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def close(self):
        self.shutdown()
        self.server_close()


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((time.monotonic(), self.path, body))
        if self.server.trouble:
            status, headers, text = self.server.trouble.pop(0)
        else:
            status, headers, text = self.take(body)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def expect(self, fact, words):
        if not fact:
            self.server.faults.append(words)

    def log_message(self, *words):
        pass


class TelegramAnswer(Answer):
    def take(self, body):
        found = re.fullmatch(r"/bot12:secret/(sendMessage|editMessageText)", self.path)
        self.expect(found, self.path)
        self.expect(self.headers["Content-Type"] == "application/json", "type")
        told = json.loads(body)
        self.expect(0 < len(told["text"]) <= 4096, "length")
        chat, chats = str(told["chat_id"]), self.server.chats
        if found and found[1] == "sendMessage":
            self.server.last += 1
            chats.setdefault(chat, {})[self.server.last] = [told["text"]]
            return self.yes(self.server.last)
        versions = chats.get(chat, {}).get(told["message_id"])
        if versions is None:
            return self.no(400, "Bad Request: message to edit not found")
        if versions[-1] == told["text"]:
            return self.no(400, "Bad Request: message is not modified")
        versions.append(told["text"])
        return self.yes(told["message_id"])

    def yes(self, message):
        return 200, {}, json.dumps({"ok": True, "result": {"message_id": message}}).encode()

    def no(self, status, words):
        return status, {}, json.dumps({"ok": False, "error_code": status,
                                       "description": words}).encode()


class Telegram(Listener):
    """chats[chat][message]: every text that the message ever had."""

    def __init__(self):
        self.chats, self.last = {}, 100
        super().__init__(TelegramAnswer)

    def texts(self, chat="-100"):
        """What stands in the chat now."""
        return [versions[-1] for versions in self.chats.get(chat, {}).values()]


class HookAnswer(Answer):
    def take(self, body):
        stamp, given = self.headers["X-Pantau-Timestamp"], self.headers["X-Pantau-Signature"]
        mac = hmac.new(b"hook secret", stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        self.expect(hmac.compare_digest(mac, given), "signature")
        self.expect(abs(int(stamp) - time.time()) < 60, "timestamp")
        self.server.told.append(json.loads(body))
        return 204, {}, b""


class Hook(Listener):
    def __init__(self):
        self.told = []
        super().__init__(HookAnswer)


class AlertmanagerAnswer(Answer):
    """What its API v2 checks: RFC 3339 times, labels of text, and no end before the beginning."""

    def take(self, body):
        self.expect(self.path == "/api/v2/alerts", self.path)
        for alert in json.loads(body):
            starts, ends = (datetime.fromisoformat(alert[key].replace("Z", "+00:00"))
                            for key in ("startsAt", "endsAt"))
            self.expect(starts <= ends, "ends before it starts")
            self.expect(all(isinstance(value, str) for part in ("labels", "annotations")
                            for value in alert[part].values()), "labels are text")
            key = tuple(sorted(alert["labels"].items()))
            self.server.alerts[key] = (ends, alert)
        return 200, {}, b""


class Alertmanager(Listener):
    def __init__(self):
        self.alerts = {}
        super().__init__(AlertmanagerAnswer)

    def firing(self):
        now = datetime.now(timezone.utc)
        return [alert for ends, alert in self.alerts.values() if ends > now]


class MailTalk(socketserver.StreamRequestHandler):
    def say(self, words):
        self.wfile.write(words.encode() + b"\r\n")

    def handle(self):
        self.say("220 mail.uji ESMTP")
        to = []
        for line in iter(self.rfile.readline, b""):
            verb = line.decode().strip()
            if verb.upper().startswith("EHLO"):
                self.say("250 mail.uji")
            elif self.server.trouble and verb.upper().startswith("MAIL"):
                self.say(self.server.trouble.pop(0))
            elif verb.upper().startswith("RCPT"):
                to.append(verb[8:].strip("<> "))
                self.say("250 ok")
            elif verb.upper() == "DATA":
                self.say("354 go on")
                self.take(to)
                to = []
                self.say("250 taken")
            elif verb.upper() == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def take(self, to):
        lines = []
        for line in iter(self.rfile.readline, b".\r\n"):
            lines.append(line[1:] if line.startswith(b".") else line)
        mail = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        self.server.mails.append((to, mail))


class MailServer(socketserver.ThreadingTCPServer):
    """`trouble`: answers to the next MAIL commands, such as "451 later"."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), MailTalk)
        self.mails, self.trouble = [], []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def close(self):
        self.shutdown()
        self.server_close()
