/* Two runs beside each other: the first record that is not the same, and those behind it. */

/* What tells two records apart: all that `dasim run --trace` prints of them. */
function differsAt(a, b, place) {
    if (place >= a.count || place >= b.count) {
        return true;
    }
    const one = a.what[a.whatOf[place]], other = b.what[b.whatOf[place]];
    return a.number[place] !== b.number[place] || a.at[place] !== b.at[place] || a.node[place] !== b.node[place] ||
        a.peer[place] !== b.peer[place] || a.causeNumber[place] !== b.causeNumber[place] || one.kind !== other.kind ||
        one.label !== other.label || one.prefix !== other.prefix || one.reason !== other.reason ||
        (a.skew ? a.skew[place] : 0) !== (b.skew ? b.skew[place] : 0) || bodyOf(a, place) !== bodyOf(b, place);
}

/* The first; null: they are the same. */
function findDifference(a, b) {
    const most = Math.max(a.count, b.count);
    for (let place = 0; place < most; place++) {
        if (differsAt(a, b, place)) {
            return { place };
        }
    }
    return null;
}

function differenceInWords() {
    const [a, b] = app.runs, difference = app.difference;
    if (!difference) {
        return h('span.good', '✓ the two runs are the same, record by record');
    }
    const of = (run) => difference.place < run.count
        ? `${formatTime(run.at[difference.place])} ${run.node[difference.place] >= 0 ? `n${run.node[difference.place]} ` : ''}` +
            `${run.what[run.whatOf[difference.place]].kind} ${shorten(subjectOf(run, difference.place), 60)} ${peerOf(run, difference.place)}`
        : 'has ended';
    const number = difference.place + 1;
    return h('span.bad', h('button.link', { onclick: () => select(Math.min(difference.place, app.run.count - 1), { show: true }) },
        `✕ first difference: record #${groupThousands(number)}`), h('span.quiet', `  A ${of(a)}  ·  B ${of(b)}`));
}

/* ------------------------------------------------------------------------------ side by side */

const DIFFERENCES_LISTED_MOST = 60;

/* [what, in A, in B] of the records of that place, where they are not the same. */
function recordDifferences(place) {
    const of = (run, tell) => (place < run.count ? tell(run) : 'ended');
    const both = (what, tell) => [what, ...app.runs.map((run) => of(run, tell))];
    return [
        both('true time', (run) => formatTime(run.at[place])),
        both('local clock', (run) => formatTime(run.at[place] + (run.skew ? run.skew[place] : 0))),
        both('node', (run) => (run.node[place] >= 0 ? `n${run.node[place]}` : '–')),
        both('record', (run) => `${run.what[run.whatOf[place]].kind} ${run.what[run.whatOf[place]].prefix}${run.what[run.whatOf[place]].label}`),
        both('peer', (run) => peerOf(run, place)),
        both('body', (run) => bodyOf(run, place)),
        both('cause', (run) => (run.causeNumber[place] > 0 ? `#${run.causeNumber[place]}` : 'none')),
    ].filter(([, a, b]) => a !== b);
}

/* The same of the fields of all nodes behind that record; only where both have the same fields. */
function stateDifferences(place) {
    const [a, b] = app.runs, found = [];
    const names = (run) => run.fields.map((f) => `${f.component}.${f.name}.${f.count}`).join();
    if (names(a) !== names(b) || place >= Math.max(a.count, b.count)) {
        return found;
    }
    for (let node = 0; node < Math.min(a.nodes, b.nodes); node++) {
        const one = stateAt(a, node, Math.min(place, a.count - 1)), other = stateAt(b, node, Math.min(place, b.count - 1));
        for (const field of a.fields) {
            for (let i = 0; i < field.count; i++) {
                const slot = field.slot + i;
                const values = [slotValue(field, slot, one), slotValue(field, slot, other)];
                if (values[0] !== values[1] && found.length <= DIFFERENCES_LISTED_MOST) {
                    found.push([`n${node} ${field.name}${field.array ? `[${i}]` : ''}`, ...values]);
                }
            }
        }
    }
    return found;
}

function differencesBlock(place) {
    const rows = [...recordDifferences(place), ...stateDifferences(place)];
    const number = app.run.number[Math.min(place, app.run.count - 1)];
    return h('div.differences', h('h2', `What differs at record #${number}, and behind it`),
        rows.length === 0 ? h('p.quiet', 'Nothing: the record and the state of every node are the same.')
            : h('table', h('thead', h('tr', h('th', ''), h('th', 'A'), h('th', 'B'))),
                h('tbody', rows.slice(0, DIFFERENCES_LISTED_MOST).map(([what, a, b]) => h('tr', h('th', what), h('td.mono', a), h('td.mono', b))))),
        rows.length > DIFFERENCES_LISTED_MOST && h('p.quiet', 'and more'));
}
