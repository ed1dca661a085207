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

/* values: by slot. exact: slot -> BigInt, where a double is not the whole truth. */
function copyState(state) {
    return { values: state.values.slice(), exact: new Map(state.exact) };
}

function applyChanges(run, state, from, to) {
    const { slot, value, exact } = run.changes;
    for (let i = from; i < to; i++) {
        state.values[slot[i]] = value[i];
        if (exact.size > 0) {
            state.exact.delete(slot[i]);
            if (exact.has(i)) {
                state.exact.set(slot[i], exact.get(i));
            }
        }
    }
    return state;
}

function stateAt(run, node, place) {
    const start = run.changes.start[node], every = Math.max(SNAPSHOT_EVERY, run.slots);
    const upTo = changesUpTo(run, node, place), want = Math.floor((upTo - start) / every);
    const none = { values: new Float64Array(run.slots), exact: new Map() };
    const list = run.snapshots.get(node) ?? run.snapshots.set(node, [none]).get(node);
    while (list.length <= want) {
        const from = start + (list.length - 1) * every;
        list.push(applyChanges(run, copyState(list[list.length - 1]), from, from + every));
    }
    return applyChanges(run, copyState(list[want]), start + want * every, upTo);
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
    if (type === 'time' && Math.abs(Number(value)) > 9.2e18) {
        return value > 0 ? 'never' : 'always'; /* INT64_MAX, INT64_MIN */
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
