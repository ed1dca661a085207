/*
 * A run as it stands in the page (base64 of gzip of columns of numbers) becomes typed arrays: one
 * entry a record in each. "Place" is a record's index in them, from 0; its number, as dasim prints
 * it, is number[place]. The columns are those of sim/export/html_internal.h.
 */

class Damaged extends Error {}

const KINDS = ['BOOT', 'CRASH', 'PAUSE', 'RESUME', 'SEND', 'RECEIVE', 'LOST', 'TIMER', 'REQUEST',
    'INDICATION', 'SLOW', 'CLOCK', 'LINKS', 'CHECK', 'NOTE', 'CLIENT'];
const KIND = Object.fromEntries(KINDS.map((name, i) => [name, i]));

async function unpackColumns(base64) {
    let packed;
    try {
        packed = Uint8Array.fromBase64
            ? Uint8Array.fromBase64(base64)
            : Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    } catch {
        throw new Damaged('its data are not base64 any more');
    }
    try {
        const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
        return new Uint8Array(await new Response(stream).arrayBuffer());
    } catch {
        throw new Damaged('its data end early, or some of them were changed');
    }
}

/* LEB128: seven bits a byte, the lowest first. */
function readNumbers(bytes, into) {
    let at = 0;
    for (let i = 0; i < into.length; i++) {
        let byte = bytes[at++];
        let value = byte & 127;
        for (let scale = 128; byte >= 128; scale *= 128) {
            byte = bytes[at++];
            value += (byte & 127) * scale;
        }
        into[i] = value;
    }
    if (at !== bytes.length) {
        throw new Damaged('a column has another length than it should have');
    }
    return into;
}

/* Zigzag. What a double cannot hold exactly also goes into `exact`: entry -> BigInt. */
function readSigned(bytes, into, exact) {
    let at = 0;
    for (let i = 0; i < into.length; i++) {
        const start = at;
        let byte = bytes[at++];
        let value = byte & 127;
        for (let scale = 128; byte >= 128; scale *= 128) {
            byte = bytes[at++];
            value += (byte & 127) * scale;
        }
        if (value > Number.MAX_SAFE_INTEGER) {
            let big = 0n;
            for (let k = at - 1; k >= start; k--) {
                big = (big << 7n) | BigInt(bytes[k] & 127);
            }
            big = big & 1n ? -((big + 1n) >> 1n) : big >> 1n;
            into[i] = Number(big);
            exact?.set(i, big);
        } else {
            into[i] = value % 2 === 1 ? -(value + 1) / 2 : value / 2;
        }
    }
    if (at !== bytes.length) {
        throw new Damaged('a column has another length than it should have');
    }
    return into;
}

function addUp(values) {
    for (let i = 1; i < values.length; i++) {
        values[i] += values[i - 1];
    }
    return values;
}

function splitColumns(about, bytes) {
    const columns = {};
    let from = 0;
    for (const [name, size] of about.columns) {
        columns[name] = bytes.subarray(from, from += size);
    }
    if (from !== bytes.length) {
        throw new Damaged(`${bytes.length} bytes were found where ${from} should be`);
    }
    return columns;
}

/* What a record is about, in the words of `dasim run --trace`. */
function nameWhat(about) {
    return about.what.map((w) => ({
        ...w,
        kindNumber: KIND[w.kind],
        isMessage: ['SEND', 'RECEIVE', 'LOST'].includes(w.kind),
        label: w.name || (w.kind === 'LINKS' ? w.reason : ''),
        prefix: w.component >= 0 && about.stack.length > 1 ? `${about.stack[w.component].name}:` : '',
    }));
}

function readRecords(run, columns) {
    const n = run.count;
    const minusOne = (values) => {
        for (let i = 0; i < values.length; i++) {
            values[i]--;
        }
        return values;
    };
    run.number = addUp(readNumbers(columns.number, new Uint32Array(n)));
    run.at = addUp(readNumbers(columns.at, new Float64Array(n)));
    run.whatOf = readNumbers(columns.what, new Uint16Array(n));
    run.node = minusOne(readNumbers(columns.node, new Int32Array(n)));
    run.peer = minusOne(readNumbers(columns.peer, new Int32Array(n)));
    run.causeNumber = readNumbers(columns.cause, new Uint32Array(n));
    run.kind = new Uint8Array(n);
    for (let i = 0; i < n; i++) {
        run.kind[i] = run.what[run.whatOf[i]].kindNumber;
        run.causeNumber[i] = run.causeNumber[i] && run.number[i] - run.causeNumber[i];
    }
    run.skew = readSkew(run, columns.skew);
    readBodies(run, columns);
}

/* Local time minus true time; null where all clocks are true. */
function readSkew(run, bytes) {
    const skew = readSigned(bytes, new Float64Array(run.count));
    const last = new Float64Array(run.nodes);
    let isTrue = true;
    for (let i = 0; i < run.count; i++) {
        if (run.node[i] >= 0) {
            skew[i] = last[run.node[i]] += skew[i];
            isTrue = isTrue && skew[i] === 0;
        }
    }
    return isTrue ? null : skew;
}

function readBodies(run, columns) {
    const code = readNumbers(columns.body, new Uint32Array(run.count));
    run.text = columns.text.slice();
    run.bodyEnd = new Uint32Array(run.count);
    run.bodyIsCauses = new Uint8Array(run.count);
    let end = 0;
    for (let i = 0; i < run.count; i++) {
        end += code[i] > 1 ? code[i] - 2 : 0;
        run.bodyEnd[i] = end;
        run.bodyIsCauses[i] = code[i] === 1 ? 1 : 0;
    }
}

/* Changes of the nodes' fields, those of a node together, in their order. */
function readChanges(run, columns) {
    const n = run.about.changes;
    const exact = new Map();
    const place = readNumbers(columns.changePlace, new Uint32Array(n));
    const node = readNumbers(columns.changeNode, new Uint32Array(n));
    const slot = readNumbers(columns.changeSlot, new Uint32Array(n));
    const value = readSigned(columns.changeValue, new Float64Array(n), exact);
    const start = countInto(node, run.nodes);
    const next = start.slice();
    const changes = {
        start, exact: new Map(),
        place: new Uint32Array(n), slot: new Uint32Array(n), value: new Float64Array(n),
        isLate: new Uint8Array(n),
    };
    for (let i = 0, at = 0; i < n; i++) {
        const to = next[node[i]]++;
        at += place[i] >>> 1;
        changes.place[to] = at;
        changes.isLate[to] = place[i] & 1;
        changes.slot[to] = slot[i];
        changes.value[to] = value[i];
        if (exact.has(i)) {
            changes.exact.set(to, exact.get(i));
        }
    }
    run.changes = changes;
}

/* Where the entries of each of `groups` begin when they are sorted by group; one more at the end. */
function countInto(groupOf, groups) {
    const start = new Uint32Array(groups + 1);
    for (let i = 0; i < groupOf.length; i++) {
        if (groupOf[i] >= 0) {
            start[groupOf[i] + 1]++;
        }
    }
    return addUp(start);
}

function readSpans(run, columns) {
    const n = run.about.spans;
    const spans = {
        count: n,
        kind: readNumbers(columns.spanKind, new Uint8Array(n)),
        node: readNumbers(columns.spanNode, new Uint32Array(n)),
        client: readSigned(columns.spanClient, new Int32Array(n)),
        resource: readNumbers(columns.spanResource, new Uint32Array(n)),
        from: addUp(readSigned(columns.spanFrom, new Float64Array(n))),
        to: readNumbers(columns.spanTo, new Float64Array(n)),
        fromAt: addUp(readSigned(columns.spanFromAt, new Float64Array(n))),
        toAt: readNumbers(columns.spanToAt, new Float64Array(n)),
        lasts: new Uint8Array(n),
    };
    for (let i = 0; i < n; i++) {
        spans.lasts[i] = spans.to[i] === 0 ? 1 : 0;
        spans.to[i] = spans.to[i] === 0 ? run.count - 1 : spans.from[i] + spans.to[i] - 1;
        spans.toAt[i] += spans.fromAt[i];
    }
    run.spans = spans;
}

/* The fields of a node in the order of their slots. */
function listFields(about) {
    const fields = [];
    let slot = 0;
    about.stack.forEach((component) => {
        for (const list of ['state', 'stable']) {
            for (const field of component[list]) {
                fields.push({ ...field, slot, component: component.name, isStable: list === 'stable' });
                slot += field.count;
            }
        }
    });
    return { fields, slots: slot };
}

async function readRun(aboutText, base64) {
    let about;
    try {
        about = JSON.parse(aboutText);
    } catch {
        throw new Damaged('its description cannot be read');
    }
    if (about.version !== 1) {
        throw new Damaged(`it is of version ${about.version}, expected 1`);
    }
    const columns = splitColumns(about, await unpackColumns(base64.trim()));
    const run = {
        about, count: about.kept, nodes: about.nodes, what: nameWhat(about), ...listFields(about),
    };
    readRecords(run, columns);
    readChanges(run, columns);
    readSpans(run, columns);
    return run;
}
