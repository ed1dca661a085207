"""Reads a native trace by what sim/export/README.md says, with nothing of dasim: prints a line for
each record as JSON, then the last value of each declared field that is not 0."""
import json
import struct
import subprocess
import sys

KINDS = ("BOOT CRASH PAUSE RESUME SEND RECEIVE LOST TIMER REQUEST INDICATION SLOW CLOCK LINKS CHECK "
         "NOTE CLIENT").split()
SEND, RECEIVE, LOST, CLOCK = (KINDS.index(kind) for kind in "SEND RECEIVE LOST CLOCK".split())
PER_NODE, PER_RESOURCE, PER_BOTH = 0xFFFFFF01, 0xFFFFFF02, 0xFFFFFF03


class Bytes:
    def __init__(self, data):
        self.data, self.at = data, 0

    def number(self):
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def signed(self):
        return unfold(self.number())

    def take(self, size):
        self.at += size
        return self.data[self.at - size:self.at]

    def text(self):
        return self.take(self.number()).decode()

    def items(self, item):
        return [item() for _ in range(self.number())]

    def left(self):
        return self.at < len(self.data)


def unfold(value):
    return value // 2 if value % 2 == 0 else -(value + 1) // 2


def frames(data):
    assert data[:16] == b"dasim trace 1\n\0\0"
    at = 16
    while at < len(data):
        magic, kind, raw, packed, first, count, _ = struct.unpack_from("<4sIIIQII", data, at)
        assert magic == b"DTRF"
        contents = subprocess.run(["zstd", "-dcq"], input=data[at + 32:at + 32 + packed],
                                  stdout=subprocess.PIPE, check=True).stdout
        assert len(contents) == raw
        yield kind, first, count, Bytes(contents)
        at += 32 + packed + 8


def fields(b):
    names = "name type offset count stride role help".split()
    return b.items(lambda: dict(zip(names, (b.text(), b.number(), b.number(), b.number(),
                                            b.number(), b.text(), b.text()))))


def operations(b):
    return dict(b.items(lambda: (b.number(), (b.text(), fields(b))[0])))


def component(b):
    c = {key: b.text() for key in ("name", "title", "reference", "service")}
    for key in ("uses", "may_use", "given"):
        c[key] = b.items(b.text)
    c["offered"], c["assumes"], c["promises"] = b.number(), b.number(), b.items(b.text)
    c["messages"] = b.items(lambda: (b.text(), b.number(), b.number(), b.text(), fields(b))[0])
    c["fields"] = [(False, f) for f in fields(b)] + [(True, f) for f in fields(b)]
    c["params"] = b.items(lambda: (b.text(), b.number(), b.signed()))
    c["timers"] = b.items(b.text)
    c["REQUEST"], c["INDICATION"] = operations(b), operations(b)
    return c


class Trace:
    def __init__(self, b):
        self.scenario, self.question, self.settings = b.text(), b.text(), b.text()
        self.seed, self.warm_up = b.number(), b.signed()
        self.expectations = b.items(lambda: (b.text(), b.number()))
        self.nodes, self.resources, self.clocks, self.states = (b.number() for _ in range(4))
        self.components = b.items(lambda: component(b))
        assert not b.left()
        self.sent, self.values, self.checked = {}, {}, {}
        self.places = []
        for c in self.components:
            for stable, f in c["fields"]:
                many = {PER_NODE: self.nodes, PER_RESOURCE: self.resources,
                        PER_BOTH: self.nodes * self.resources}.get(f["count"], f["count"] or 1)
                self.places += [(c["name"], stable, f["name"], i) for i in range(many)]

    def type_name(self, kind, component, number):
        c, kind = self.components[component], KINDS[kind]
        if kind in ("SEND", "RECEIVE", "LOST"):
            return c["messages"][number]
        if kind == "TIMER":
            return c["timers"][number]
        return c[kind][number] if kind in ("REQUEST", "INDICATION") else None

    def changes(self, b, first):
        found, node = first - 1, 0
        while b.left():
            found += b.number()
            b.number()
            node += b.signed()
            value = 0
            for _ in range(b.number()):
                value += b.number()
                self.values[node, value] = self.values.get((node, value), 0) + b.signed()

    def snapshot(self, b):
        node = value = 0
        while b.left():
            step, place = b.number(), b.number()
            value = value + place if step == 0 else place
            node += step
            assert self.values[node, value] == b.signed()

    def records(self, first, count, b):
        shapes = b.items(lambda: (b.number(), b.number(), b.number()))
        at, clocked = b.number(), b.number()
        shape, time, cause, local, nodes, peers, bodies, changed, snapshot = (
            Bytes(b.take(b.number())) for _ in range(9))
        assert not b.left()
        ahead = told = 0
        for number in range(first, first + count):
            what, kind_type, size = shapes[shape.number()]
            kind, component, reason = what & 255, what >> 8 & 255, what >> 16
            at += 0 if kind == SEND else time.number()
            back = cause.number()
            if number - first >= clocked:
                ahead += local.signed()
            if kind == RECEIVE and reason == 0:
                peer, node, kind_type, body = self.sent[number - back]
            else:
                told += nodes.signed()
                step = peers.number()
                node, peer = told - 1, -1 if step == 0 else told + unfold(step - 1) - 1
                body = bodies.take(size)
            if kind == SEND:
                self.sent[number] = (node, peer, kind_type, body)
            yield {"number": number, "at": at, "local": at + (ahead if number - first >= clocked else 0),
                   "kind": KINDS[kind], "node": None if node < 0 else node,
                   "peer": None if peer < 0 else peer,
                   "type": self.type_name(kind, component, kind_type),
                   "cause": number - back if back else None}
        assert not any(c.left() for c in (shape, time, cause, local, nodes, peers, bodies))
        self.changes(changed, first)
        self.snapshot(snapshot)


trace = None
for kind, first, count, contents in frames(open(sys.argv[1], "rb").read()):
    if kind == 1:
        trace = Trace(contents)
    elif kind == 2:
        for record in trace.records(first, count, contents):
            print(json.dumps(record))
for (node, value), found in sorted(trace.values.items()):
    if found != 0:
        print("n%d %s %s%s[%d] = %d" % ((node, trace.places[value][0],
                                         "stable " if trace.places[value][1] else "") +
                                        trace.places[value][2:] + (found,)))
