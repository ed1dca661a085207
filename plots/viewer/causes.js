/*
 * What happened before what. A node's events are ordered, and a message is received after it was
 * sent: nothing else leads from node to node. So the causal past of an event is, on each node, all
 * events up to some one: `reach`; its future all from some one on. Both take one walk.
 */

/* reach[node]: the last event of the node in the past of the event at `place`, itself included; -1:
 * none. vector[node]: how many these are: the vector clock of the event (C. Fidge, F. Mattern, 1988).
 */
function pastOf(run, place) {
    const reach = new Int32Array(run.nodes).fill(-1);
    const vector = new Uint32Array(run.nodes);
    if (!isEvent(run, place)) {
        const cause = run.cause[place];
        return cause >= 0 ? pastOf(run, cause) : { reach, vector, total: 0 };
    }
    reach[run.node[place]] = place;
    for (let i = place; i >= 0; i--) {
        const cause = run.cause[i];
        if (run.kind[i] === KIND.RECEIVE && cause >= 0 && i <= reach[run.node[i]] &&
            reach[run.node[cause]] < cause) {
            reach[run.node[cause]] = cause;
        }
    }
    let total = 0;
    for (let n = 0; n < run.nodes; n++) {
        vector[n] = reach[n] >= 0 ? run.ordinal[reach[n]] : 0;
        total += vector[n];
    }
    return { reach, vector, total };
}

/* from[node]: its first event in the future of the event; run.count: none. */
function futureOf(run, place) {
    const from = new Uint32Array(run.nodes).fill(run.count);
    if (!isEvent(run, place)) {
        return { from, total: 0 };
    }
    from[run.node[place]] = place;
    for (let i = place + 1; i < run.count; i++) {
        const cause = run.cause[i];
        if (run.kind[i] === KIND.RECEIVE && cause >= from[run.node[cause]] && cause >= 0 &&
            i < from[run.node[i]]) {
            from[run.node[i]] = i;
        }
    }
    let total = 0;
    for (let n = 0; n < run.nodes; n++) {
        total += from[n] < run.count ? run.eventStart[n + 1] - run.eventStart[n] - run.ordinal[from[n]] + 1 : 0;
    }
    return { from, total };
}

function isInPast(run, past, place) {
    return isEvent(run, place) && place <= past.reach[run.node[place]];
}

function isInFuture(run, future, place) {
    return isEvent(run, place) && place >= future.from[run.node[place]];
}

/* From the record back to what had no cause: places. */
function chainOf(run, place, most) {
    const chain = [];
    for (let i = run.cause[place]; i >= 0 && chain.length < most; i = run.cause[i]) {
        chain.push(i);
    }
    return chain;
}

/* Records that this one led to. */
function effectsOf(run, place, most) {
    const effects = [];
    for (let i = place + 1; i < run.count && effects.length < most; i++) {
        if (run.cause[i] === place) {
            effects.push(i);
        }
    }
    return effects;
}

/* Who waits at that moment, since when, and for whom: those who hold what it wants. */
function waitsAt(run, place) {
    const spans = run.spans, waiting = [], holders = new Map();
    for (let i = 0; i < spans.count; i++) {
        const lasts = spans.from[i] <= place && (spans.lasts[i] || place < spans.to[i]);
        if (!lasts) {
            continue;
        }
        const span = { kind: run.about.spanKinds[spans.kind[i]], node: spans.node[i],
            client: spans.client[i], resource: spans.resource[i], since: spans.from[i], at: spans.fromAt[i] };
        if (span.kind === 'holds') {
            const list = holders.get(span.resource) ?? holders.set(span.resource, []).get(span.resource);
            list.push(span);
        } else if (span.kind !== 'leads') {
            waiting.push(span);
        }
    }
    for (const one of waiting) {
        one.holders = one.kind === 'waits' ? holders.get(one.resource) ?? [] : [];
    }
    return { waiting, holders: [...holders.values()].flat() };
}
