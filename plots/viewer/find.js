/*
 * Find and filter. Words are joined by "and": #12 is a record's number, n3 a node, everything else
 * is looked for in kind, type, component, reason and body. Large and small letters are alike.
 */

/* Offsets in bytes where the word begins. */
function* occurrences(bytes, word) {
    const lower = new TextEncoder().encode(word.toLowerCase());
    const fold = (b) => (b >= 65 && b <= 90 ? b + 32 : b);
    const end = bytes.length - lower.length;
    for (let i = 0; i <= end; i++) {
        if (fold(bytes[i]) === lower[0]) {
            let k = 1;
            while (k < lower.length && fold(bytes[i + k]) === lower[k]) {
                k++;
            }
            if (k === lower.length) {
                yield i;
            }
        }
    }
}

/* Marks the records whose body contains the word. */
function markBodies(run, word, marks) {
    const size = new TextEncoder().encode(word).length;
    let place = 0;
    for (const offset of occurrences(run.text, word)) {
        while (run.bodyEnd[place] < offset + size) {
            place++;
        }
        if (offset >= (place > 0 ? run.bodyEnd[place - 1] : 0)) {
            marks[place] = 1;
        }
    }
    for (let i = 0; i < run.count; i++) {
        if (run.bodyIsCauses[i] === 1 && run.cause[i] >= 0) {
            marks[i] = marks[run.cause[i]];
        }
    }
}

function markWord(run, word) {
    const marks = new Uint8Array(run.count), lower = word.toLowerCase();
    const number = /^#(\d+)$/.exec(word), node = /^n(\d+)$/i.exec(word);
    if (number) {
        const place = placeOf(run, Number(number[1]));
        if (place >= 0) {
            marks[place] = 1;
        }
        return marks;
    }
    if (node) {
        const id = Number(node[1]);
        for (let i = 0; i < run.count; i++) {
            marks[i] = run.node[i] === id || run.peer[i] === id ? 1 : 0;
        }
        return marks;
    }
    markBodies(run, word, marks);
    const isIn = run.what.map((w) => `${w.kind} ${w.prefix}${w.label} ${w.reason}`.toLowerCase().includes(lower) ? 1 : 0);
    for (let i = 0; i < run.count; i++) {
        marks[i] |= isIn[run.whatOf[i]];
    }
    return marks;
}

/* Places of records that have all words and are shown; null: nothing is looked for. */
function find(run, text) {
    const words = text.split(/\s+/).filter(Boolean);
    if (words.length === 0) {
        return null;
    }
    const marks = words.map((word) => markWord(run, word)), places = [];
    for (let i = 0; i < run.count; i++) {
        if (run.show[run.whatOf[i]] === 1 && marks.every((m) => m[i] === 1)) {
            places.push(i);
        }
    }
    return Uint32Array.from(places);
}

function updateFound() {
    const text = byId('find').value;
    for (const run of app.runs) {
        run.found = find(run, text);
    }
    const found = app.run.found;
    byId('found').textContent = found ? `${groupThousands(found.length)} of ${groupThousands(app.run.count)}` : '';
    renderList();
    invalidate();
}

/* To the next record that was found, or back. */
function stepFound(by) {
    const run = app.run, found = run.found;
    if (!found || found.length === 0) {
        return;
    }
    const at = firstAtLeast(found, run.selected + (by > 0 ? 1 : 0), 0, found.length);
    const next = by > 0 ? at % found.length : (at - 1 + found.length) % found.length;
    select(found[next], { show: true });
}

/* ------------------------------------------------------------------------------------- types */

/* Messages of a type are one line, whatever becomes of them; so are the records of a kind. */
function typeKey(what) {
    return what.isMessage ? `${what.prefix}${what.label}` : what.label && what.kind !== 'LINKS'
        ? `${what.kind.toLowerCase()} ${what.prefix}${what.label}` : what.kind.toLowerCase();
}

function listTypes() {
    const types = new Map();
    for (const run of app.runs) {
        const counts = new Uint32Array(run.what.length);
        for (let i = 0; i < run.count; i++) {
            counts[run.whatOf[i]]++;
        }
        run.what.forEach((what, i) => {
            const key = typeKey(what);
            const type = types.get(key) ?? types.set(key, { key, isMessage: what.isMessage, count: 0 }).get(key);
            type.count += run === app.run ? counts[i] : 0;
        });
    }
    return [...types.values()].sort((a, b) => Number(b.isMessage) - Number(a.isMessage) || (a.key < b.key ? -1 : 1));
}

function renderTypes() {
    const types = listTypes(), box = byId('types');
    const set = (keys, on) => {
        for (const run of app.runs) {
            run.what.forEach((what, i) => {
                if (keys.includes(typeKey(what))) {
                    run.show[i] = on ? 1 : 0;
                }
            });
        }
        byId('filter').querySelector('summary').textContent =
            app.runs.every((run) => run.show.every((s) => s === 1)) ? 'Types' : 'Types (some hidden)';
        updateFound();
    };
    const lines = types.map((type) => {
        const box = h('input', { type: 'checkbox', checked: '', 'data-type': type.key, onchange: () => set([type.key], box.checked) });
        return h('label', box, type.key, h('span', groupThousands(type.count)));
    });
    const all = (on) => h('button', { onclick: () => {
        box.querySelectorAll('input').forEach((input) => { input.checked = on; });
        set(types.map((type) => type.key), on);
    } }, on ? 'all' : 'none');
    box.replaceChildren(h('p.steps', all(true), all(false)), ...lines);
}
