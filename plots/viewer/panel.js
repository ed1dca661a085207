/*
 * The selected event in words: what it is, its clocks, its node's state with what it changed, all
 * nodes at that moment, and why: what led to it and who waits for whom.
 */

const CHAIN_MOST = 24, EFFECTS_MOST = 24, NODES_LISTED_MOST = 400;

function renderEvent() {
    const box = byId('event');
    box.replaceChildren();
    if (app.runs.length > 1 && app.run.selected >= 0) {
        box.append(differencesBlock(app.run.selected));
    }
    for (const run of app.runs) {
        if (app.runs.length > 1) {
            box.append(h('h2.side-name', `Run ${run.side}`));
        }
        box.append(run.selected < 0 ? h('p.quiet', app.runs.length > 1 ? 'It has no such record.'
            : 'Select an event: click on it, or press → or j.') : eventBlock(run, run.selected));
    }
    const run = app.run;
    byId('live').textContent = run.selected < 0 ? '' : sentenceOf(run, run.selected);
}

function eventBlock(run, place) {
    const parts = [eventHead(run, place), clockList(run, place), ...stateTables(run, place)];
    parts.push(whyBlock(run, place), ...nodesTable(run, place));
    return h('div.about-event', parts);
}

function eventHead(run, place) {
    const what = run.what[run.whatOf[place]], node = run.node[place], body = bodyOf(run, place);
    const end = messageEnds(run, place);
    const violated = run.violations.filter((v) => v.place === place);
    return h('div',
        h('p.title', `#${run.number[place]} ${what.kind} ${what.prefix}${what.label} `,
            h('span.where', node >= 0 ? `n${node} ` : '', peerOf(run, place))),
        body && h('p.body.mono', body),
        violated.map((v) => h('p.warn', `✕ ${v.property}: ${v.reason || 'violated'}`)),
        h('p.steps', end));
}

/* From a send to where it arrived, and back. */
function messageEnds(run, place) {
    const kind = run.kind[place], links = [];
    if (kind === KIND.RECEIVE || kind === KIND.LOST) {
        links.push(run.cause[place] >= 0 ? ['sent as ', recordLink(run, run.cause[place])]
            : `sent as #${run.causeNumber[place]}, which is not in this page`);
    } else if (kind === KIND.SEND) {
        for (let m = run.firstMessage[place]; run.messageSend[m] === place; m++) {
            const to = run.messageEnd[m];
            links.push(to < 0 ? 'still under way at the end '
                : [run.kind[to] === KIND.LOST ? 'lost as ' : 'received as ', recordLink(run, to),
                    ` after ${formatDuration(run.at[to] - run.at[place])} `]);
        }
    }
    return links;
}

function clockList(run, place) {
    const node = run.node[place], rows = [h('dt', 'true time'), h('dd', formatTime(run.at[place]))];
    if (node >= 0) {
        const skew = run.skew ? run.skew[place] : 0;
        rows.push(h('dt', 'local clock'), h('dd', formatTime(run.at[place] + skew),
            skew !== 0 && h('span.quiet', `  ${skew > 0 ? '+' : '−'}${formatDuration(Math.abs(skew))}`)));
    }
    if (isEvent(run, place)) {
        const { vector, total } = pastOf(run, place);
        const future = futureOf(run, place).total;
        rows.push(h('dt', 'Lamport clock'), h('dd', run.lamport[place]),
            h('dt', 'vector clock'), h('dd', vectorOf(run, vector, node)),
            run.count < run.about.records && [h('dt'), h('dd.quiet', 'counted in the part of the run that this page holds')],
            h('dt', 'causal past'), h('dd', `${countOf(total, 'event')} with itself, `,
                h('button.link', { onclick: () => toggleCone('past') }, 'show'), ' (p)'),
            h('dt', 'causal future'), h('dd', `${countOf(future, 'event')} with itself, `,
                h('button.link', { onclick: () => toggleCone('future') }, 'show'), ' (f)'));
    }
    return h('dl', rows);
}

function vectorOf(run, vector, own) {
    const most = 64, shown = [...vector.keys()].slice(0, most);
    const rest = run.nodes - shown.length;
    return h('span.vector.mono', '[', shown.map((n) => h(n === own ? 'span.own' : 'span', { title: `node ${n}` }, vector[n])),
        rest > 0 && h('span.quiet', `and ${rest} more`), ']');
}

/* -------------------------------------------------------------------------------------- state */

function stateTables(run, place) {
    const node = run.node[place];
    if (node < 0 || run.slots === 0) {
        return [];
    }
    const state = stateAt(run, node, place), changed = changedAt(run, node, place);
    const parts = [];
    for (const component of run.about.stack) {
        for (const isStable of [false, true]) {
            const fields = run.fields.filter((f) => f.component === component.name && f.isStable === isStable);
            if (fields.length > 0) {
                parts.push(h('h2', `${isStable ? 'Stable storage' : 'State'} of n${node} · ${component.name}`),
                    h('table.state', fields.map((field) => h('tr', { title: field.help },
                        h('th', field.name), h('td.mono', fieldValue(run, field, state, changed))))));
            }
        }
    }
    return parts;
}

function slotValue(field, slot, state) {
    return formatValue(field.type, state.exact.get(slot) ?? state.values[slot]);
}

/* Long lists: those that differ from 0, unless that is most of them. */
function fieldValue(run, field, state, changed) {
    const one = (slot) => changed.has(slot)
        ? h('span.changed', h('del', formatValue(field.type, changed.get(slot))), slotValue(field, slot, state))
        : slotValue(field, slot, state);
    if (!field.array) {
        return one(field.slot);
    }
    const parts = [], isLong = field.count > 40;
    let left = 0;
    for (let i = 0; i < field.count; i++) {
        const slot = field.slot + i;
        if (isLong && !changed.has(slot) && state.values[slot] === 0) {
            left++;
            continue;
        }
        if (parts.length > 1200) {
            left++;
            continue;
        }
        parts.push(isLong ? `${i}:` : '', one(slot), ' ');
    }
    const zero = formatValue(field.type, 0);
    if (left === field.count) {
        return h('span.quiet', `all ${left} are ${zero}`);
    }
    return ['[', parts.slice(0, -1), ']', left > 0 && h('span.quiet', ` the other ${left} are ${zero}`)];
}

/* ---------------------------------------------------------------------------------------- why */

function clientName(run, span) {
    return `n${span.node}${span.client >= 0 && span.kind !== 'access' ? ` process ${span.client}` : ''}`;
}

function whyBlock(run, place) {
    const chain = chainOf(run, place, CHAIN_MOST + 1), effects = effectsOf(run, place, EFFECTS_MOST);
    const { waiting, holders } = waitsAt(run, place);
    const line = (i) => [recordLink(run, i), ` ${run.node[i] >= 0 ? `n${run.node[i]} ` : ''}${run.what[run.whatOf[i]].kind} `,
        h('span.mono', shorten(subjectOf(run, i), 60)), ' ', h('span.quiet', peerOf(run, i))];
    return h('div',
        h('h2', 'Why: what led to it'),
        chain.length > 0 ? h('ol.chain', chain.slice(0, CHAIN_MOST).map((i) => h('li', line(i))),
            chain.length > CHAIN_MOST && h('li.quiet', 'and so on'))
            : h('p.quiet', run.causeNumber[place] > 0 ? `#${run.causeNumber[place]}, which is not in this page`
                : 'Nothing: it came from outside.'),
        effects.length > 0 && h('h2', 'What it led to'),
        effects.length > 0 && h('p', effects.map((i, k) => [k > 0 && ' · ', recordLink(run, i, `#${run.number[i]} ${run.what[run.whatOf[i]].kind}`)]),
            effects.length === EFFECTS_MOST && h('span.quiet', ' and more')),
        h('h2', 'Who waits for whom'),
        waiting.length + holders.length === 0 && h('p.quiet', 'Nobody waits, nobody holds.'),
        holders.slice(0, 50).map((s) => h('p', `${clientName(run, s)} holds resource ${s.resource} since `,
            recordLink(run, s.since, formatTime(s.at)))),
        waiting.slice(0, 100).map((s) => waitingLine(run, s)),
        waiting.length > 100 && h('p.quiet', `and ${waiting.length - 100} more`));
}

function waitingLine(run, s) {
    const what = { waits: `waits for resource ${s.resource}`, access: `waits for object ${s.resource}`, call: 'waits in a call' }[s.kind];
    const whom = s.kind !== 'waits' ? '' : s.holders.length > 0
        ? `, held by ${s.holders.map((holder) => clientName(run, holder)).join(' and ')}` : ', which nobody holds';
    return h('p', `${clientName(run, s)} ${what} since `, recordLink(run, s.since, formatTime(s.at)), whom);
}

function shorten(text, most) {
    return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/* ---------------------------------------------------------------------------- all nodes at once */

function nodesTable(run, place) {
    const fields = run.fields.filter((f) => f.count <= 3);
    const shown = view.order.filter((n) => n < run.nodes && !view.hidden.has(n)).slice(0, NODES_LISTED_MOST);
    const { waiting, holders } = waitsAt(run, place);
    const doing = (n) => isDown(run, n, place) ? 'down' : [isPaused(run, n, place) ? 'paused' : '',
        ...holders.filter((s) => s.node === n).map((s) => `holds${run.about.resources > 1 ? ` ${s.resource}` : ''}`),
        ...waiting.filter((s) => s.node === n).map((s) => `waits${run.about.resources > 1 ? ` ${s.resource}` : ''}`)]
        .filter(Boolean).slice(0, 4).join(', ') || 'up';
    const rows = shown.map((n) => {
        const state = stateAt(run, n, place), changed = n === run.node[place] ? changedAt(run, n, place) : new Map();
        return h(n === run.node[place] ? 'tr.here' : 'tr', { 'data-node': n }, h('th', `n${n}`), h('td', doing(n)),
            fields.map((field) => h('td.mono', fieldValue(run, field, state, changed))));
    });
    return [h('h2', 'Every node at this moment'),
        h('div.scroll', h('table.every', h('thead', h('tr', h('th', ''), h('th', 'does'),
            fields.map((field) => h('th', { title: `${field.component}: ${field.help}` }, field.name)))), h('tbody', rows))),
        shown.length < run.nodes && h('p.quiet', `${run.nodes - shown.length} nodes are not listed.`)];
}

/* ---------------------------------------------------------------------------------- the run */

function renderRun() {
    const box = byId('run');
    box.replaceChildren(...app.runs.map((run) => {
        const about = run.about;
        return h('div',
            app.runs.length > 1 && h('h2', run.side),
            h('dl', [['scenario', about.scenario], ['question', about.question], ['settings', about.settings || 'none'],
                ['seed', about.seed], ['nodes', about.nodes], ['ended at', formatTime(about.ended)],
                ['records', groupThousands(about.records)],
                ['messages', `${groupThousands(run.counts.sends)} sent, ${groupThousands(run.counts.received)} received, ` +
                    `${groupThousands(run.counts.lost)} lost`],
                ['digest', about.digest]].filter(([, value]) => value !== '').map(([key, value]) =>
                [h('dt', key), h('dd', key === 'digest' ? h('code', value) : value)])),
            h('h2', 'Algorithms, the uppermost first'),
            about.stack.slice().reverse().map((c) => h('p', h('b', c.name), ` (${c.service}): ${c.title}`)),
            h('h2', 'Verdicts'),
            about.verdicts.map((v) => verdictLine(run, v)));
    }));
}

function verdictLine(run, v) {
    const place = v.record > 0 ? placeOf(run, v.record) : -1;
    return h('p.verdict', h('b', { class: v.verdict === 'violated' ? 'warn' : '' },
        `${v.verdict === 'violated' ? '✕' : v.verdict === 'holds' ? '✓' : '?'} ${v.property} ${v.verdict}`),
    v.met ? '' : ', which was not expected', place >= 0 && [' at ', recordLink(run, place)],
    v.reason && h('span.quiet', `: ${v.reason}`));
}
