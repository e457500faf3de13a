"""A conversation by python-socketio. Arguments and standard input are those of talk.mjs."""

import json
import sys
import threading
import time

import socketio

way, *bases = sys.argv[1:]
given = json.load(sys.stdin)
chat_id = given["chat_id"]
transports = {"websocket": ["websocket"], "polling": ["polling"], "upgrade": ["polling", "websocket"]}[way]
connections = 0


class Client:
    def __init__(self, token, **more):
        global connections
        self.heard, self.news = [], threading.Condition()
        self.io = socketio.Client(reconnection=False)
        self.io.on("*", self.note)
        base = bases[connections % len(bases)]
        connections += 1
        self.io.connect(base, auth={"token": token} if token else None, transports=transports, wait_timeout=90, **more)
        self.hears("welcome")
        if way == "upgrade":
            assert self.io.transport() == "websocket", self.io.transport()

    def note(self, name, data):
        with self.news:
            self.heard.append((name, data))
            self.news.notify_all()

    def hears(self, name, test=lambda data: True):
        end = time.monotonic() + 90
        with self.news:
            while True:
                for heard, data in self.heard:
                    if heard == name and test(data):
                        return data
                assert time.monotonic() < end, f"waited too long for {name}"
                self.news.wait(1)

    def receives(self, name, count):
        """So many of them, by their numbers: the client hands each packet to a thread of its own, so that they come in any order here."""
        seqs = set()
        self.hears(name, lambda data: seqs.add(data["seq"]) or len(seqs) == count)
        return sorted((data for heard, data in self.heard if heard == name), key=lambda data: data["seq"])

    def calls(self, name, **data):
        return self.io.call(name, data, timeout=90)


alice, bob = Client(given["token"]), Client(given["other"])
for one in (alice, bob):
    assert one.calls("chat.subscribe", chat_id=chat_id, after_seq=0)["chat_id"] == chat_id
    one.hears("caught_up")
for n in range(20):
    assert bob.calls("chat.send", chat_id=chat_id, content=f"{way} {n}")["content"] == f"{way} {n}"
alice.receives("chat.receive", 20)
told = alice.receives("new_message", 20)
assert [frame["seq"] for frame in told] == list(range(told[0]["seq"], told[0]["seq"] + len(told)))
refused = alice.calls("chat.send", chat_id=chat_id, content=" ")
assert refused["error"] == alice.hears("error") and refused["error"]["code"] == 1007, refused

alice.io.disconnect()
for n in range(20, 40):
    bob.calls("chat.send", chat_id=chat_id, content=f"{way} {n}")
back = Client(None, headers={"Authorization": "Bearer " + given["token"]})
back.calls("chat.subscribe", chat_id=chat_id, after_seq=told[-1]["seq"], after_id=told[-1]["id"])
back.hears("caught_up")
missed = [data["seq"] for data in back.receives("chat.receive", 20)]
assert missed == list(range(told[-1]["seq"] + 1, told[-1]["seq"] + 21)), missed
try:
    Client("nonsense")
    raise AssertionError("a stranger came in")
except socketio.exceptions.ConnectionError:
    pass
back.io.disconnect()
bob.io.disconnect()
print(f"python-socketio: they talked by {way}")
