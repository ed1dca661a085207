/*
 * The declared fields of a node as they were behind a record: a snapshot of all its values every
 * 4,096 of its changes, and the changes since. Every node begins with zeros.
 */

const SNAPSHOT_EVERY = 4096;

/* How many changes of the node came with records up to `place`: an index into run.changes. */
function changesUpTo(run, node, place) {
    const { start, place: places } = run.changes;
    return firstAtLeast(places, place + 1, start[node], start[node + 1]);
}

/* Values that a double cannot hold have no snapshots: their exact form would be lost. */
function snapshotOf(run, node, upTo) {
    const { start, slot, value, exact } = run.changes;
    const every = Math.max(SNAPSHOT_EVERY, run.slots);
    const want = exact.size > 0 ? 0 : Math.floor((upTo - start[node]) / every);
    run.snapshots ??= new Map();
    const list = run.snapshots.get(node) ?? run.snapshots.set(node, [new Float64Array(run.slots)]).get(node);
    while (list.length <= want) {
        const next = list[list.length - 1].slice();
        const from = start[node] + (list.length - 1) * every;
        for (let i = from; i < from + every; i++) {
            next[slot[i]] = value[i];
        }
        list.push(next);
    }
    return { values: list[want].slice(), from: start[node] + want * every };
}

/* Values by slot. exact: slot -> BigInt where the number is not the whole truth. */
function stateAt(run, node, place) {
    const { slot, value, exact } = run.changes;
    const upTo = changesUpTo(run, node, place);
    const { values, from } = snapshotOf(run, node, upTo);
    const large = new Map();
    for (let i = from; i < upTo; i++) {
        values[slot[i]] = value[i];
        if (exact.size > 0) {
            large.delete(slot[i]);
            if (exact.has(i)) {
                large.set(slot[i], exact.get(i));
            }
        }
    }
    return { values, exact: large };
}

/* Slots that the handling of the record changed, with what they were before: slot -> old. */
function changedAt(run, node, place) {
    const { start, place: places, slot, isLate } = run.changes;
    const changed = new Map();
    const from = firstAtLeast(places, place, start[node], start[node + 1]);
    const before = place > 0 ? stateAt(run, node, place - 1) : { values: new Float64Array(run.slots), exact: new Map() };
    for (let i = from; i < start[node + 1] && places[i] === place; i++) {
        if (!isLate[i]) {
            changed.set(slot[i], before.exact.get(slot[i]) ?? before.values[slot[i]]);
        }
    }
    return changed;
}

function formatValue(type, value) {
    if (type === 'bool') {
        return value ? 'true' : 'false';
    }
    if (type === 'node') {
        return Number(value) === 4294967295 ? '–' : `n${value}`;
    }
    if (type === 'time') {
        return formatTime(Number(value));
    }
    if (type === 'u64' && value < 0) {
        return String(BigInt.asUintN(64, BigInt(value)));
    }
    return String(value);
}

/* Is the node up behind that record? */
function isDown(run, node, place) {
    return run.faults.some((f) => f.what === 'down' && f.node === node && f.from <= place &&
        (f.lasts || place < f.to));
}

function isPaused(run, node, place) {
    return run.faults.some((f) => f.what === 'paused' && f.node === node && f.from <= place &&
        (f.lasts || place < f.to));
}
