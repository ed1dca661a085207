/*
 * The page: reads the runs that stand in it, then shows them. All that changes is in `app` and
 * `view`; whoever changes something calls invalidate(), and the next frame draws.
 */

const app = {
    runs: [], charts: [], /* one, or two to be compared */
    run: null, /* the one that keys and lists are about */
    difference: null, coneKind: '', isStale: false,
    frames: [], /* what the last frames took, ms of script */
};

/* ----------------------------------------------------------------------------------- drawing */

function fitCanvas(canvas, ratio) {
    const width = Math.round(canvas.clientWidth * ratio), height = Math.round(canvas.clientHeight * ratio);
    if (canvas.width !== width || canvas.height !== height) {
        canvas.width = width;
        canvas.height = height;
    }
}

function draw() {
    const start = performance.now(), ratio = window.devicePixelRatio || 1;
    app.isStale = false;
    for (const holder of app.charts) {
        fitCanvas(holder.canvas, ratio);
        const pen = holder.canvas.getContext('2d');
        pen.setTransform(ratio, 0, 0, ratio, 0, 0);
        holder.drawn = drawChart(pen, layOut(holder.run, holder.canvas.clientWidth, holder.canvas.clientHeight));
    }
    drawMinimap();
    const badge = app.charts.map((holder) => (holder.run.side ? `${holder.run.side}: ` : '') + badgeOf(holder.drawn)).join('  |  ');
    if (byId('badge').textContent !== badge) {
        byId('badge').textContent = badge;
    }
    app.frames.push(performance.now() - start);
    if (app.frames.length > 600) {
        app.frames.shift();
    }
}

function invalidate() {
    if (!app.isStale) {
        app.isStale = true;
        requestAnimationFrame(draw);
    }
}

/* --------------------------------------------------------------------------------- selection */

/* how: run (else the one that is active), show (bring it into view), quiet (do not rewrite the
 * address). */
function select(place, how = {}) {
    const run = how.run ?? app.run;
    if (run !== app.run) {
        app.run = run;
        renderTypes();
        renderList();
    }
    for (const other of app.runs) {
        other.selected = other === run ? place : placeOf(other, run.number[place]);
    }
    if (how.show) {
        reveal(run, place, app.runs);
        showLane(run.node[place]);
    }
    updateCones();
    renderEvent();
    showInList();
    if (!how.quiet) {
        try {
            history.replaceState(null, '', `#e=${run.number[place]}`);
        } catch {
            /* some browsers allow no addresses of their own to files */
        }
    }
    invalidate();
}

function showLane(node) {
    const chart = app.charts[0].drawn;
    if (!chart || node < 0 || chart.scrollMost === 0 || chart.laneOf[node] < 0) {
        return;
    }
    const y = chart.y(node);
    if (y < RULER + chart.lane || y > chart.height - chart.lane) {
        scrollLanes(y - chart.height / 2);
    }
}

function followLink() {
    const found = /^#e=(\d+)$/.exec(location.hash);
    const place = found ? placeOf(app.run, Number(found[1])) : -1;
    if (place >= 0) {
        select(place, { show: true, quiet: true });
    } else if (found) {
        say(`This page has no record ${found[1]}.`);
    }
    return place;
}

function say(text) {
    byId('live').textContent = text;
}

function showTab(name) {
    for (const tab of document.querySelectorAll('[role=tab]')) {
        const isThis = tab.getAttribute('aria-controls') === name;
        tab.setAttribute('aria-selected', isThis);
        tab.tabIndex = isThis ? 0 : -1;
        byId(tab.getAttribute('aria-controls')).hidden = !isThis;
    }
    showInList();
}

function toggleScheme() {
    const isDark = document.documentElement.dataset.scheme
        ? document.documentElement.dataset.scheme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    document.documentElement.dataset.scheme = isDark ? 'light' : 'dark';
    repaint();
}

function repaint() {
    readColours();
    renderLegend();
    draw();
}

/* -------------------------------------------------------------------------------------- head */

function renderHead() {
    const { about, counts } = app.runs[0], runs = app.runs;
    byId('scenario').textContent = [...new Set(runs.map((run) => run.about.scenario))].join(' and ');
    byId('question').textContent = about.question;
    byId('question').title = about.question;
    const names = about.stack.slice().reverse().map((c) => c.name).join(' over ');
    const seeds = runs.map((run) => run.about.seed);
    byId('facts').replaceChildren(h('b', names), ` · seed ${seeds.join(' and ')}`, about.settings && ` · ${about.settings}`,
        ` · ${countOf(about.nodes, 'node')} · ${countOf(about.records, 'record')} · ${countOf(counts.sends, 'message')}` +
        `${counts.lost > 0 ? `, ${groupThousands(counts.lost)} lost` : ''} · ${formatDuration(about.ended)}`);
    byId('verdict').replaceChildren(...(runs.length > 1 ? [differenceInWords()] : verdictsInWords(app.run)));
    byId('violation').disabled = app.run.violations.length === 0;
}

function verdictsInWords(run) {
    const all = run.about.verdicts, of = (verdict) => all.filter((v) => v.verdict === verdict);
    const parts = of('violated').map((v) => {
        const place = v.record > 0 ? placeOf(run, v.record) : -1;
        const text = `✕ ${v.property} violated${v.met ? ', as expected' : ''}`;
        return h('span.bad', place >= 0 ? recordLink(run, place, text) : text);
    });
    const holds = of('holds'), open = of('inconclusive');
    if (holds.length > 0) {
        parts.push(h('span.good', { title: holds.map((v) => v.property).join(', ') },
            holds.length === 1 ? `✓ ${holds[0].property} holds` : `✓ ${holds.length} properties hold`));
    }
    if (open.length > 0) {
        parts.push(h('span.open', { title: open.map((v) => v.property).join(', ') }, `? ${open.length} inconclusive`));
    }
    return parts;
}

/* ------------------------------------------------------------------------------------- start */

function makeCharts() {
    app.charts = app.runs.map((run) => {
        const canvas = h('canvas', { tabindex: '0', role: 'img', 'aria-label': `Space-time diagram${run.side ? ` of run ${run.side}` : ''}. ` +
            'Arrow keys step through the events; the panel tells of each.' });
        const holder = { run, canvas, drawn: null };
        byId('charts').append(h('div.chart', canvas, run.side && h('span.side', `${run.side} · ${run.about.scenario}, seed ${run.about.seed}`)));
        listenToChart(holder);
        return holder;
    });
    new ResizeObserver(() => app.charts[0].drawn && draw()).observe(byId('stage'));
}

function listen() {
    listenToMinimap();
    listenToKeys();
    const on = (id, action) => byId(id).addEventListener('click', action);
    on('axis-time', () => setAxis('time'));
    on('axis-order', () => setAxis('order'));
    on('zoom-in', () => zoomBy(0.6));
    on('zoom-out', () => zoomBy(1 / 0.6));
    on('zoom-all', showAll);
    on('play', togglePlay);
    on('violation', () => stepViolation(1));
    on('save', saveSvg);
    on('scheme', toggleScheme);
    on('ask', toggleHelp);
    byId('speed').addEventListener('input', renderSpeed);
    document.querySelectorAll('[role=tab]').forEach((tab) => on(tab.id, () => showTab(tab.getAttribute('aria-controls'))));
    document.addEventListener('pointerdown', (event) => {
        if (!byId('filter').contains(event.target)) {
            byId('filter').open = false;
        }
    });
    window.addEventListener('hashchange', followLink);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);
}

async function readRuns() {
    const abouts = document.querySelectorAll('script.about'), columns = document.querySelectorAll('script.columns');
    if (abouts.length === 0 || abouts.length !== columns.length) {
        throw new Damaged('it holds no run');
    }
    for (let i = 0; i < abouts.length; i++) {
        const run = indexRun(await readRun(abouts[i].textContent, columns[i].textContent));
        run.side = abouts.length > 1 ? 'AB'[i] : '';
        app.runs.push(run);
        columns[i].remove();
    }
    app.run = app.runs[0];
    app.difference = app.runs.length > 1 ? findDifference(...app.runs) : null;
}

async function start() {
    try {
        await readRuns();
    } catch (error) {
        byId('curtain').textContent = error instanceof Damaged
            ? `This page is damaged: ${error.message}. Export it again from its trace.`
            : `This page cannot be shown: ${error.message}`;
        return;
    }
    const most = Math.max(...app.runs.map((run) => run.nodes));
    view.order = [...Array(most).keys()];
    readColours();
    makeCharts();
    listen();
    renderHead();
    renderLegend();
    renderTypes();
    renderRun();
    renderNodes();
    renderList();
    setAxis('time');
    const first = app.difference?.place ?? app.run.violations[0]?.place ?? 0;
    firstRange(app.runs, Math.min(first, app.run.count - 1));
    guessSpeed();
    byId('curtain').hidden = true;
    showTab('event');
    draw();
    if (followLink() < 0 && app.run.count > 0) {
        select(Math.min(first, app.run.count - 1), { quiet: true });
    }
    performance.mark('ready');
}
