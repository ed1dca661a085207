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
