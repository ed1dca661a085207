/* Everything by keyboard. */

/* key: [what it does, in words, how]. The help and the legend are made from this list. */
const KEYS = [
    ['←', 'back on the same node', () => stepOnNode(-1)],
    ['→', 'forward on the same node', () => stepOnNode(1)],
    ['↑', 'to the node above', () => stepLane(-1)],
    ['↓', 'to the node below', () => stepLane(1)],
    ['k', 'to the record before', () => stepRecord(-1)],
    ['j', 'to the next record', () => stepRecord(1)],
    ['[', 'from a receive back to its send', () => stepMessage(-1)],
    [']', 'from a send to its receive', () => stepMessage(1)],
    ['c', 'to what caused it', () => stepCause()],
    ['p', 'causal past, on and off', () => toggleCone('past')],
    ['f', 'causal future, on and off', () => toggleCone('future')],
    ['v', 'to the next violation', () => stepViolation(1)],
    ['V', 'to the violation before', () => stepViolation(-1)],
    ['/', 'find', () => byId('find').focus()],
    ['n', 'to the next found', () => stepFound(1)],
    ['N', 'to the one found before', () => stepFound(-1)],
    ['t', 'axis: time or order', () => setAxis(view.axis === 'time' ? 'order' : 'time')],
    ['0', 'the whole run', () => showAll()],
    ['+', 'zoom in', () => zoomBy(0.6)],
    ['-', 'zoom out', () => zoomBy(1 / 0.6)],
    ['h', 'scroll left', () => scrollBy(-0.25)],
    ['l', 'scroll right', () => scrollBy(0.25)],
    ['<', 'lower lanes', () => sizeLanes(0.8)],
    ['>', 'higher lanes', () => sizeLanes(1.25)],
    ['x', 'hide the node of the selected event', () => app.run.selected >= 0 && app.run.node[app.run.selected] >= 0 && toggleNode(app.run.node[app.run.selected])],
    ['space', 'play and pause', () => togglePlay()],
    ['1', 'event', () => showTab('event')],
    ['2', 'list of records', () => showTab('records')],
    ['3', 'nodes: hide and order', () => showTab('nodes')],
    ['4', 'the run and its verdicts', () => showTab('run')],
    ['s', 'save this view as SVG', () => saveSvg()],
    ['d', 'light or dark', () => toggleScheme()],
    ['?', 'this help', () => toggleHelp()],
    ['Esc', 'close, or clear what is shown', () => leave()],
];

const KEY_NAMES = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', ' ': 'space', Escape: 'Esc', '=': '+' };

function listenToKeys() {
    document.addEventListener('keydown', (event) => {
        const key = KEY_NAMES[event.key] ?? event.key;
        const isTyping = event.target === byId('find');
        if (event.ctrlKey || event.metaKey || event.altKey) {
            return;
        }
        if (isTyping) {
            if (key === 'Enter') {
                stepFound(event.shiftKey ? -1 : 1);
            } else if (key === 'Esc') {
                event.preventDefault();
                event.target.blur();
            }
            return;
        }
        const isControl = event.target.closest?.('button, input, summary, dialog');
        if (isControl && ['space', 'Enter', '←', '→', '↑', '↓'].includes(key) && keepsKeys(event.target, key)) {
            return;
        }
        const found = KEYS.find(([name]) => name === key);
        if (found) {
            event.preventDefault();
            found[2]();
        }
    });
    byId('find').addEventListener('input', updateFound);
    byId('find').addEventListener('search', updateFound);
}

/* A button takes space, a slider the arrows, a row of tabs left and right. */
function keepsKeys(target, key) {
    if (target.matches('input[type=range]')) {
        return key !== 'space';
    }
    if (target.matches('[role=tab]') && (key === '←' || key === '→')) {
        const tabs = [...document.querySelectorAll('[role=tab]')];
        const next = tabs[(tabs.indexOf(target) + (key === '→' ? 1 : tabs.length - 1)) % tabs.length];
        showTab(next.getAttribute('aria-controls'));
        next.focus();
        return true;
    }
    return key === 'space' || key === 'Enter';
}

/* ------------------------------------------------------------------------------------- steps */

/* Records of types that are not shown are passed over. */
function isShown(run, place) {
    const node = run.node[place];
    return run.show[run.whatOf[place]] === 1 && (node < 0 || !view.hidden.has(node));
}

function stepRecord(by) {
    const run = app.run;
    let place = run.selected < 0 ? (by > 0 ? 0 : run.count - 1) : run.selected + by;
    while (place >= 0 && place < run.count && !isShown(run, place)) {
        place += by;
    }
    if (place >= 0 && place < run.count) {
        select(place, { show: true });
    }
}

function stepOnNode(by) {
    const run = app.run, place = run.selected;
    if (place < 0 || run.node[place] < 0) {
        stepRecord(by);
        return;
    }
    const node = run.node[place], events = run.events.subarray(run.eventStart[node], run.eventStart[node + 1]);
    let at = firstAtLeast(events, by > 0 ? place + 1 : place, 0, events.length) - (by > 0 ? 0 : 1);
    while (at >= 0 && at < events.length && !isShown(run, events[at])) {
        at += by;
    }
    if (at >= 0 && at < events.length) {
        select(events[at], { show: true });
    }
}

/* To the last event of the lane above or below that happened until then, or else its first. */
function stepLane(by) {
    const run = app.run, place = run.selected;
    const shown = view.order.filter((n) => n < run.nodes && !view.hidden.has(n));
    if (shown.length === 0) {
        return;
    }
    const at = place >= 0 ? shown.indexOf(run.node[place]) : by > 0 ? -1 : shown.length;
    for (let k = at + by; k >= 0 && k < shown.length; k += by) {
        const events = run.events.subarray(run.eventStart[shown[k]], run.eventStart[shown[k] + 1]);
        if (events.length > 0) {
            const before = firstAtLeast(events, Math.max(place, 0) + 1, 0, events.length) - 1;
            select(events[Math.max(before, 0)], { show: true });
            return;
        }
    }
}

function stepMessage(by) {
    const run = app.run, place = run.selected;
    const m = place >= 0 ? run.firstMessage[place] : -1;
    if (m >= 0) {
        const to = by < 0 ? run.messageSend[m] : run.messageEnd[m];
        if (to >= 0 && to !== place) {
            select(to, { show: true });
        }
    }
}

function stepCause() {
    const run = app.run, cause = run.selected >= 0 ? run.cause[run.selected] : -1;
    if (cause >= 0) {
        select(cause, { show: true });
    }
}

function stepViolation(by) {
    const run = app.run, places = [...new Set(run.violations.map((v) => v.place))].sort((a, b) => a - b);
    if (places.length === 0) {
        say('No property was violated.');
        return;
    }
    const next = by > 0 ? places.find((p) => p > run.selected) : places.filter((p) => p < run.selected).pop();
    select(next ?? places[by > 0 ? 0 : places.length - 1], { show: true });
}

function toggleCone(which) {
    const run = app.run;
    const wanted = run.selected >= 0 && isEvent(run, run.selected) && !run.cone?.[which] ? which : '';
    app.coneKind = wanted;
    updateCones();
    const count = wanted === 'past' ? run.cone.past.total : wanted ? run.cone.future.total : 0;
    say(wanted ? `Causal ${wanted}: ${countOf(count, 'event')}` : '');
    invalidate();
}

function updateCones() {
    for (const run of app.runs) {
        const has = app.coneKind && run.selected >= 0 && isEvent(run, run.selected);
        run.cone = has ? { [app.coneKind]: (app.coneKind === 'past' ? pastOf : futureOf)(run, run.selected) } : null;
    }
}

/* -------------------------------------------------------------------------------------- view */

function setAxis(axis) {
    /* The same records stay in view. */
    const run = app.run, [from, to] = placesInView(run);
    const edge = (place) => positionOf(run, Math.min(Math.max(place, 0), run.count - 1));
    const isWhole = from === 0 && to === run.count;
    view.axis = axis;
    byId('axis-time').setAttribute('aria-checked', axis === 'time');
    byId('axis-order').setAttribute('aria-checked', axis === 'order');
    if (isWhole) {
        showAll();
    } else {
        setRange(edge(from), edge(to - 1) + (axis === 'order' ? 1 : 0), app.runs);
    }
    invalidate();
}

function showAll() {
    const whole = wholeRange(app.runs);
    setRange(whole.from, whole.to, app.runs);
    view.laneHeight = 0;
    view.top = 0;
    invalidate();
}

function zoomBy(factor) {
    const run = app.run, chart = app.charts[0].drawn;
    const x = run.selected >= 0 ? chart.x(positionOf(run, run.selected)) : -1;
    zoomAt(x > GUTTER && x < chart.width ? x : (GUTTER + chart.width) / 2, factor, chart, app.runs);
    invalidate();
}

function scrollBy(share) {
    const by = (view.to - view.from) * share;
    setRange(view.from + by, view.to + by, app.runs);
    invalidate();
}

function sizeLanes(factor) {
    const now = app.charts[0].drawn.lane;
    view.laneHeight = Math.min(Math.max(now * factor, LANE_LEAST), LANE_MOST * 2);
    invalidate();
}

function leave() {
    byId('filter').open = false;
    if (byId('help').open) {
        byId('help').close();
    } else if (app.coneKind) {
        toggleCone(app.coneKind);
    } else if (byId('find').value) {
        byId('find').value = '';
        updateFound();
    }
}
