/*
 * What follows from the records alone, once, when the page is opened: the events of each node, the
 * messages, Lamport's clock, and the times of faults.
 *
 * An event of a node is every record that names it, except what befell the network: a message that
 * was lost is no event of its sender, and a cut link none of its ends.
 */

const utf8 = new TextDecoder();
const ROWS_MOST = 8; /* of a lane */

function indexRun(run) {
    run.selected = -1;
    run.snapshots = new Map(); /* see state.js */
    run.cone = null; /* causal past or future of the selected record, where it is shown */
    run.found = null; /* places that the find box found */
    run.show = new Uint8Array(run.what.length).fill(1);
    indexCauses(run);
    indexNodes(run);
    indexMessages(run);
    indexClocks(run);
    indexFaults(run);
    indexSpans(run);
    run.violations = run.about.verdicts
        .filter((v) => v.verdict === 'violated' && v.record > 0)
        .map((v) => ({ ...v, place: placeOf(run, v.record) }))
        .filter((v) => v.place >= 0)
        .sort((a, b) => a.place - b.place || (a.property < b.property ? -1 : 1));
    for (let i = 0; i < run.count; i++) {
        if (run.kind[i] === KIND.CHECK) {
            run.violations.push({ place: i, at: run.at[i], property: 'check failed', reason: bodyOf(run, i) });
        }
    }
    return run;
}

/* The place of the record with that number; -1: it is not in the page. */
function placeOf(run, number) {
    if (run.number[number - 1] === number) {
        return number - 1;
    }
    const place = firstAtLeast(run.number, number, 0, run.count);
    return run.number[place] === number ? place : -1;
}

/* First index in from .. to-1 whose value is at least `value`; `to` where there is none. */
function firstAtLeast(values, value, from, to) {
    while (from < to) {
        const middle = (from + to) >>> 1;
        if (values[middle] < value) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

function indexCauses(run) {
    run.cause = new Int32Array(run.count);
    for (let i = 0; i < run.count; i++) {
        run.cause[i] = run.causeNumber[i] > 0 ? placeOf(run, run.causeNumber[i]) : -1;
    }
}

function isEvent(run, place) {
    const kind = run.kind[place];
    return run.node[place] >= 0 && kind !== KIND.LOST && kind !== KIND.LINKS;
}

function indexNodes(run) {
    const owner = new Int32Array(run.count);
    for (let i = 0; i < run.count; i++) {
        owner[i] = isEvent(run, i) ? run.node[i] : -1;
    }
    run.eventStart = countInto(owner, run.nodes);
    run.events = new Uint32Array(run.eventStart[run.nodes]);
    run.ordinal = new Uint32Array(run.count); /* 1, 2, ... among the events of its node */
    const next = run.eventStart.slice();
    for (let i = 0; i < run.count; i++) {
        if (owner[i] >= 0) {
            const to = next[owner[i]]++;
            run.events[to] = i;
            run.ordinal[i] = to - run.eventStart[owner[i]] + 1;
        }
    }
}

/* Each copy that was delivered or lost, and each message that was still under way at the end (end
 * -1), in the order of sending. Copies of one message stand together. */
function indexMessages(run) {
    const sendOf = new Int32Array(run.count).fill(-1);
    const copies = new Uint32Array(run.count);
    let count = 0, sends = 0, lost = 0, received = 0;
    for (let i = 0; i < run.count; i++) {
        const kind = run.kind[i], cause = run.cause[i];
        if (kind === KIND.SEND) {
            sends++;
        } else if (kind === KIND.RECEIVE || kind === KIND.LOST) {
            lost += kind === KIND.LOST ? 1 : 0;
            received += kind === KIND.RECEIVE ? 1 : 0;
            if (cause >= 0 && run.kind[cause] === KIND.SEND) {
                sendOf[i] = cause;
                copies[cause]++;
            }
        }
    }
    run.firstMessage = new Int32Array(run.count).fill(-1); /* of a send, a receive, a loss */
    for (let i = 0; i < run.count; i++) {
        if (run.kind[i] === KIND.SEND) {
            run.firstMessage[i] = count;
            count += Math.max(1, copies[i]);
        }
    }
    run.messageSend = new Int32Array(count);
    run.messageEnd = new Int32Array(count).fill(-1);
    const next = run.firstMessage.slice();
    run.longestFlight = 0;
    run.longestSpan = 0;
    for (let i = 0; i < run.count; i++) {
        if (run.kind[i] === KIND.SEND) {
            run.messageSend.fill(i, run.firstMessage[i], run.firstMessage[i] + Math.max(1, copies[i]));
        } else if (sendOf[i] >= 0) {
            const m = next[sendOf[i]]++;
            run.messageEnd[m] = i;
            run.firstMessage[i] = m;
            run.longestFlight = Math.max(run.longestFlight, run.at[i] - run.at[sendOf[i]]);
            run.longestSpan = Math.max(run.longestSpan, i - sendOf[i]);
        }
    }
    run.counts = { sends, received, lost, messages: count };
}

/* L. Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", CACM 21(7), 1978 */
function indexClocks(run) {
    const now = new Uint32Array(run.nodes);
    run.lamport = new Uint32Array(run.count);
    for (let i = 0; i < run.count; i++) {
        if (!isEvent(run, i)) {
            continue;
        }
        const node = run.node[i], cause = run.cause[i];
        const sent = run.kind[i] === KIND.RECEIVE && cause >= 0 ? run.lamport[cause] : 0;
        run.lamport[i] = now[node] = Math.max(now[node], sent) + 1;
    }
}

/* When nodes were down or paused, and links cut or the network parted. */
function indexFaults(run) {
    const open = new Map(), faults = [];
    const begin = (key, i, fault) => {
        end(key, i);
        open.set(key, { from: i, fromAt: run.at[i], ...fault });
    };
    const end = (key, i) => {
        const fault = open.get(key);
        if (fault) {
            faults.push({ ...fault, to: i, toAt: run.at[i], lasts: false });
            open.delete(key);
        }
    };
    for (let i = 0; i < run.count; i++) {
        const node = run.node[i];
        switch (run.kind[i]) {
        case KIND.CRASH: end(`paused${node}`, i); begin(`down${node}`, i, { what: 'down', node }); break;
        case KIND.BOOT: end(`down${node}`, i); break;
        case KIND.PAUSE: begin(`paused${node}`, i, { what: 'paused', node }); break;
        case KIND.RESUME: end(`paused${node}`, i); break;
        case KIND.LINKS: indexLinks(run, i, begin, end, open); break;
        }
    }
    for (const fault of open.values()) {
        faults.push({ ...fault, to: run.count - 1, toAt: run.about.ended, lasts: true });
    }
    run.faults = faults.sort((a, b) => a.from - b.from);
}

function indexLinks(run, i, begin, end, open) {
    const reason = run.what[run.whatOf[i]].reason, from = run.node[i], to = run.peer[i];
    const cut = `cut${from},${to}`;
    if (reason === 'partition') {
        begin('partition', i, { what: 'partition', node: -1, groups: JSON.parse(bodyOf(run, i)).group });
    } else if (reason === 'cut') {
        begin(cut, i, { what: 'cut', node: from, peer: to });
    } else if (reason === 'heal' && open.has(cut)) {
        end(cut, i);
    } else if (reason === 'heal') {
        [...open.keys()].filter((key) => key.startsWith('cut') || key === 'partition')
            .forEach((key) => end(key, i));
    }
}

/* The row of each span within its lane: calls in one of their process, all else below in the first
 * that is free; what a client holds follows in the row where it waited. */
function indexSpans(run) {
    const spans = run.spans;
    spans.row = new Uint8Array(spans.count);
    run.rows = new Uint8Array(run.nodes).fill(1);
    run.processes = indexCalls(run);
    const lanes = new Map();
    for (let i = 0; i < spans.count; i++) {
        if (['leads', 'call'].includes(run.about.spanKinds[spans.kind[i]])) {
            continue;
        }
        const node = spans.node[i], above = Math.min(run.processes.get(node)?.size ?? 0, ROWS_MOST - 1);
        const rows = lanes.get(node) ?? lanes.set(node, []).get(node);
        const same = rows.findIndex((row) => row.client === spans.client[i] &&
            row.resource === spans.resource[i] && row.to === spans.from[i]);
        const free = rows.findIndex((row) => row.to <= spans.from[i]);
        const which = Math.min(same >= 0 ? same : free >= 0 ? free : rows.length, ROWS_MOST - 1 - above);
        rows[which] = { client: spans.client[i], resource: spans.resource[i],
            to: spans.lasts[i] ? Infinity : spans.to[i] };
        spans.row[i] = above + which;
        run.rows[node] = Math.max(run.rows[node], above + which + 1);
    }
}

/* Processes of a node that call its channel: node -> process -> row. eventRow: place -> row, of the
 * records that begin and end a call. */
function indexCalls(run) {
    const spans = run.spans, processes = new Map();
    run.eventRow = new Map();
    for (let i = 0; i < spans.count; i++) {
        if (run.about.spanKinds[spans.kind[i]] === 'call') {
            const node = spans.node[i], rows = processes.get(node) ?? processes.set(node, new Map()).get(node);
            const row = rows.get(spans.client[i]) ?? rows.set(spans.client[i], Math.min(rows.size, ROWS_MOST - 1)).get(spans.client[i]);
            spans.row[i] = row;
            run.rows[node] = Math.max(run.rows[node], row + 1);
            run.eventRow.set(spans.from[i], row);
            if (!spans.lasts[i]) {
                run.eventRow.set(spans.to[i], row);
            }
        }
    }
    return processes;
}

/* --------------------------------------------------------------------------------- in words */

/* The body as `dasim run --trace` prints it; '' where there is none. */
function bodyOf(run, place) {
    const of = run.bodyIsCauses[place] ? run.cause[place] : place;
    if (of < 0) {
        return '';
    }
    const start = of > 0 ? run.bodyEnd[of - 1] : 0;
    return utf8.decode(run.text.subarray(start, run.bodyEnd[of]));
}

function subjectOf(run, place) {
    const what = run.what[run.whatOf[place]], body = bodyOf(run, place);
    const text = what.kind === 'NOTE' || what.kind === 'CHECK' ? body : body && `{${body}}`;
    return what.prefix + what.label + text;
}

function peerOf(run, place) {
    const what = run.what[run.whatOf[place]], peer = run.peer[place];
    const arrow = what.kind === 'RECEIVE' ? '← ' : '→ ';
    const lost = what.kind === 'LOST' ? `lost: ${what.reason}` : '';
    const corrupt = what.kind === 'RECEIVE' ? what.reason : '';
    return [peer >= 0 ? `${arrow}n${peer}` : '', lost || corrupt].filter(Boolean).join(' ');
}

/* One sentence, for those who hear the page. */
function sentenceOf(run, place) {
    const what = run.what[run.whatOf[place]];
    const who = run.node[place] >= 0 ? `node ${run.node[place]}` : 'the network';
    return `Record ${run.number[place]}, ${formatTime(run.at[place])}: ${who} ` +
        `${what.kind.toLowerCase()} ${subjectOf(run, place)} ${peerOf(run, place)}`;
}

function groupThousands(n) {
    return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

function countOf(n, what) {
    return `${groupThousands(n)} ${what}${n === 1 ? '' : 's'}`;
}

/* ns as seconds with nine digits, like every other output of dasim. */
function formatTime(ns, unit = ' s') {
    const size = Math.abs(ns), seconds = Math.floor(size / 1e9);
    const rest = String(Math.round(size - seconds * 1e9)).padStart(9, '0');
    return `${ns < 0 ? '-' : ''}${seconds}.${rest}${unit}`;
}

/* Three digits, for people. */
function formatDuration(ns) {
    const size = Math.abs(ns);
    for (const [unit, scale] of [['s', 1e9], ['ms', 1e6], ['µs', 1e3]]) {
        if (size >= scale * 0.9995) {
            const value = ns / scale;
            return `${value.toFixed(Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 9.995 ? 1 : 2)} ${unit}`;
        }
    }
    return `${Math.round(ns)} ns`;
}
