/* What lies behind the messages: lanes, ruler, faults, who waits and who holds, and density. */

function clampX(chart, position) {
    return Math.min(Math.max(chart.x(position), GUTTER - 4), chart.width + 4);
}

function isOnScreen(chart, y) {
    return y > RULER - chart.lane && y < chart.height + chart.lane;
}

function drawLanes(chart) {
    const { pen, shown, lane, width } = chart;
    const lines = [];
    pen.fillStyle = colours.stripe;
    shown.forEach((node, i) => {
        const y = chart.y(node);
        if (i % 2 === 1 && lane >= 8 && isOnScreen(chart, y)) {
            pen.fillRect(GUTTER, y - lane / 2, width - GUTTER, lane);
        }
        lines.push(GUTTER, y, width, y);
    });
    strokeSegments(pen, lines, colours.line, lane >= 8 ? 1 : 0.5);
}

function drawGutter(chart) {
    const { pen, run, shown, lane, height } = chart;
    pen.fillStyle = colours.paper;
    pen.fillRect(0, 0, GUTTER - 1, height);
    const every = Math.ceil(LANE_NAMED / lane);
    const place = run.selected >= 0 ? Math.min(run.selected, run.count - 1) : run.count - 1;
    shown.forEach((node, i) => {
        const y = chart.y(node);
        if (i % every !== 0 || !isOnScreen(chart, y)) {
            return;
        }
        const isSelected = run.selected >= 0 && run.node[run.selected] === node;
        const rows = lane >= 26 && run.rows[node] > 1 ? run.processes.get(node) ?? [] : [];
        for (const [process, row] of rows) {
            write(pen, `p${process}`, GUTTER - 7, rowY(chart, node, row, 'call'), colours.muted, '10px system-ui, sans-serif', 'right');
        }
        write(pen, `n${node}`, GUTTER - ([...rows].length === 0 ? 12 : 30), y, isSelected ? colours.select : colours.ink,
            `${isSelected ? 'bold ' : ''}${lane >= 16 ? 13 : 11}px system-ui, sans-serif`, 'right');
        const down = isDown(run, node, place);
        if (lane >= 30 && (down || isPaused(run, node, place))) {
            write(pen, down ? 'down' : 'paused', GUTTER - 12, y + 14, colours.muted, '10px system-ui, sans-serif', 'right');
        }
    });
}

/* --------------------------------------------------------------------------------- the ruler */

function niceStep(least) {
    const power = 10 ** Math.floor(Math.log10(least));
    return [1, 2, 5, 10].map((n) => n * power).find((step) => step >= least * 0.9999);
}

function rulerText(position, step) {
    if (view.axis === 'order') {
        return `#${groupThousands(Math.round(position) + 1)}`;
    }
    if (position === 0) {
        return '0';
    }
    const [unit, scale] = step >= 1e8 ? ['s', 1e9] : step >= 1e5 ? ['ms', 1e6] : step >= 1e2 ? ['µs', 1e3] : ['ns', 1];
    const digits = Math.max(0, Math.ceil(Math.log10(scale / step) - 1e-9));
    return `${groupThousands((position / scale).toFixed(digits).split('.')[0])}` +
        `${digits > 0 ? '.' + (position / scale).toFixed(digits).split('.')[1] : ''} ${unit}`;
}

function drawRuler(chart) {
    const { pen, width, height } = chart;
    pen.fillStyle = colours.paper;
    pen.fillRect(0, 0, width, RULER);
    const step = Math.max(niceStep(110 / chart.scale), view.axis === 'order' ? 1 : 0);
    const lines = [];
    const shift = view.axis === 'order' ? 1 : 0; /* ticks at #10, #20 rather than at #11 */
    for (let n = Math.ceil((view.from + shift) / step); n * step - shift <= view.to; n++) {
        const x = chart.x(n * step - shift);
        if (x < GUTTER - 0.5 || (view.axis === 'order' && n < 1)) {
            continue;
        }
        lines.push(x, RULER - 6, x, RULER);
        const text = rulerText(n * step - shift, step);
        write(pen, text, x, 10, colours.muted, '11px system-ui, sans-serif', 'center');
    }
    strokeSegments(pen, lines, colours.muted, 1);
    strokeSegments(pen, [GUTTER, RULER, width, RULER, GUTTER - 0.5, RULER, GUTTER - 0.5, height], colours.line, 1);
    write(pen, view.axis === 'time' ? 'true time' : 'record', GUTTER - 12, 10, colours.muted, '11px system-ui, sans-serif', 'right');
}

/* ------------------------------------------------------------------------------------ faults */

function rangeOf(fault) {
    return view.axis === 'time' ? [fault.fromAt, fault.toAt] : [fault.from, fault.to];
}

function drawFaults(chart) {
    for (const fault of chart.run.faults) {
        const [start, end] = rangeOf(fault);
        if (end < view.from || start > view.to) {
            continue;
        }
        const left = clampX(chart, start), right = Math.max(clampX(chart, end), left + 1.5);
        if (fault.what === 'partition') {
            drawPartition(chart, fault, left, right);
        } else if (fault.what === 'down' || fault.what === 'paused') {
            drawAbsence(chart, fault, left, right);
        } else {
            drawCut(chart, fault, left, right);
        }
    }
}

function drawPartition(chart, fault, left, right) {
    const { pen, height, shown, lane } = chart;
    pen.globalAlpha = 0.13;
    pen.fillStyle = colours.partition;
    pen.fillRect(left, RULER, right - left, height - RULER);
    pen.globalAlpha = 1;
    strokeSegments(pen, [left, RULER, left, height, right, RULER, right, height], colours.partition, 1, [2, 4]);
    if (right - left < 60) {
        return;
    }
    if (takeRoom(chart, left + 16, RULER + 3, 54, 13)) {
        write(pen, 'partition', left + 16, RULER + 10, colours.lost, 'bold 11px system-ui, sans-serif');
    }
    shown.forEach((node, i) => {
        const group = fault.groups[node];
        if (group === undefined || (lane < 24 && i > 0 && group === fault.groups[shown[i - 1]])) {
            return; /* in low lanes one letter for all of a group that stand together */
        }
        const letter = group < 26 ? String.fromCharCode(65 + group) : String(group);
        write(pen, letter, left + 4, chart.y(node) - Math.min(lane * 0.28, 10), colours.lost, 'bold 10px system-ui, sans-serif');
    });
    drawGroupBorders(chart, fault, left, right);
}

/* Between neighbouring lanes that cannot reach each other. */
function drawGroupBorders(chart, fault, left, right) {
    const { pen, shown, lane } = chart, lines = [];
    for (let i = 1; i < shown.length; i++) {
        if (fault.groups[shown[i]] !== fault.groups[shown[i - 1]]) {
            const y = chart.y(shown[i]) - lane / 2;
            lines.push(left, y, right, y);
        }
    }
    strokeSegments(pen, lines, colours.partition, 1, [6, 4]);
}

/* Down: dark with strokes; paused: strokes alone. */
function drawAbsence(chart, fault, left, right) {
    const { pen, lane } = chart;
    if (chart.laneOf[fault.node] < 0) {
        return;
    }
    const y = chart.y(fault.node), high = Math.max(3, Math.min(lane * 0.56, 30)), isDown = fault.what === 'down';
    pen.globalAlpha = isDown ? 0.85 : 0.3;
    pen.fillStyle = isDown ? colours.down : colours.paused;
    pen.fillRect(left, y - high / 2, right - left, high);
    pen.globalAlpha = 1;
    if (high >= 8) {
        const lines = [];
        for (let x = left - (left % 8); x < right; x += 8) {
            const from = Math.max(x, left), to = Math.min(x + high, right);
            if (to > from) {
                lines.push(from, y + high / 2 - (from - x), to, y + high / 2 - (to - x));
            }
        }
        strokeSegments(pen, lines, isDown ? colours.paper : colours.paused, isDown ? 0.7 : 1);
    }
    if (right - left > 40 && high >= 14) {
        pen.fillStyle = isDown ? colours.down : colours.paper;
        pen.fillRect(left + 4, y - 7, isDown ? 32 : 44, 14);
        write(pen, isDown ? 'down' : 'paused', left + 7, y, isDown ? colours.paper : colours.ink, '11px system-ui, sans-serif');
    }
}

/* Between the two lanes, if both are shown; else along the one that is. */
function drawCut(chart, fault, left, right) {
    const { pen, laneOf, lane } = chart;
    const nodes = [fault.node, fault.peer].filter((n) => n >= 0 && laneOf[n] >= 0);
    for (const node of nodes) {
        const y = chart.y(node) + lane * 0.34 * (node === fault.node ? -1 : 1);
        strokeSegments(pen, [left, y, right, y], colours.partition, 1.5, [1, 3]);
        if (right - left > 70 && lane >= 24) {
            const name = (n) => n >= 0 ? `n${n}` : 'any';
            write(pen, `cut ${name(fault.node)} → ${name(fault.peer)}`, left + 4, y - 6, colours.lost, '10px system-ui, sans-serif');
        }
    }
}

/* ------------------------------------------------------------------------------------- spans */

/* Bars a pixel and a half wide and more as they are; thinner ones as coverage of pixel columns. */
function drawSpans(chart) {
    const { run, lane, shown } = chart, spans = run.spans;
    const cover = { waits: new Map(), holds: new Map(), access: new Map(), call: new Map(), leads: new Map() };
    const bars = { waits: [], holds: [], access: [], call: [], leads: [] };
    const isTime = view.axis === 'time';
    const starts = isTime ? spans.fromAt : spans.from, ends = isTime ? spans.toAt : spans.to;
    const kinds = run.about.spanKinds, { from, to } = view, { laneOf } = chart;
    for (let i = 0; i < spans.count; i++) {
        const node = spans.node[i];
        if (starts[i] > to || ends[i] < from || laneOf[node] < 0) {
            continue;
        }
        const kind = kinds[spans.kind[i]];
        const left = clampX(chart, starts[i]), right = clampX(chart, ends[i]);
        if (right - left >= 1.5) {
            bars[kind].push(i, left, right);
        } else {
            addCoverage(cover[kind], chart, node, left, right);
        }
    }
    const names = [...new Set(shown)].length <= 400 && lane >= 12;
    for (const kind of ['call', 'access', 'waits', 'holds', 'leads']) {
        drawCoverage(chart, cover[kind], kind);
        drawBars(chart, bars[kind], kind, names);
    }
}

function addCoverage(cover, chart, node, left, right) {
    const column = Math.floor(left);
    const columns = cover.get(node) ?? cover.set(node, new Float32Array(Math.ceil(chart.width) + 8)).get(node);
    const share = Math.min(right, column + 1) - left;
    if (column >= 0 && column < columns.length - 1) {
        columns[column] += share;
        columns[column + 1] += right - left - share;
    }
}

function barLook(chart, kind) {
    const most = chart.lane * 0.5;
    switch (kind) {
    case 'holds': return { colour: colours.hold, high: Math.max(2.5, Math.min(11, most)) };
    case 'waits': return { colour: colours.wait, high: Math.max(1.5, Math.min(5, most * 0.5)) };
    case 'leads': return { colour: colours.leader, high: Math.max(1.5, Math.min(3, most * 0.3)) };
    default: return { colour: colours.access, high: Math.max(1.5, Math.min(4, most * 0.4)) };
    }
}

function rowY(chart, node, row, kind) {
    const rows = chart.run.rows[node], y = chart.y(node);
    if (kind === 'leads') {
        return y - Math.min(chart.lane * 0.42, 26);
    }
    const most = chart.run.processes.has(node) ? 40 : 13; /* programs have something to say */
    return chart.lane >= 20 && rows > 1 ? y + (row - (rows - 1) / 2) * Math.min(most, chart.lane * 0.8 / rows) : y;
}

/* Where an event is drawn: on its lane, or on the row of the process that called. */
function eventY(chart, place) {
    const row = chart.run.eventRow.get(place), node = chart.run.node[place];
    return row === undefined ? chart.y(node) : rowY(chart, node, row, 'call');
}

function drawCoverage(chart, cover, kind) {
    const { pen } = chart, { colour, high } = barLook(chart, kind);
    pen.fillStyle = colour;
    for (const [node, columns] of cover) {
        const y = rowY(chart, node, 0, kind);
        for (let x = 0; x < columns.length; x++) {
            if (columns[x] > 0.004) {
                pen.globalAlpha = Math.min(1, 0.12 + columns[x]);
                pen.fillRect(x, y - high / 2, 1, high);
            }
        }
    }
    pen.globalAlpha = 1;
}

function drawBars(chart, bars, kind, names) {
    const { pen, run, lane } = chart, { colour, high } = barLook(chart, kind), spans = run.spans;
    const many = lane >= 20;
    for (let k = 0; k < bars.length; k += 3) {
        const i = bars[k], left = bars[k + 1], right = bars[k + 2], node = spans.node[i];
        const y = rowY(chart, node, spans.row[i], kind);
        const rows = run.rows[node];
        const thick = kind !== 'leads' && many && rows > 1 ? Math.min(high, lane * 0.7 / rows) : high;
        if (!isOnScreen(chart, y)) {
            continue;
        }
        pen.fillStyle = colour;
        pen.fillRect(left, y - thick / 2, right - left, thick);
        if (kind === 'waits' && lane >= 12) {
            pen.strokeStyle = colours['wait-edge'];
            pen.lineWidth = 0.75;
            pen.strokeRect(left, y - thick / 2, right - left, thick);
        }
        if (names) {
            nameBar(chart, i, kind, left, right, y, thick);
        }
    }
}

/* Which resource, where there are several; which client, where a node has several. */
function nameBar(chart, i, kind, left, right, y, thick) {
    const { pen, run } = chart, spans = run.spans;
    const start = Math.max(left, GUTTER) + 3;
    if (kind === 'leads') {
        if (right - start > 46 && chart.lane >= 26 && takeRoom(chart, start, y - 13, 38, 12)) {
            write(pen, 'leader', start, y - 8, colours.leader, '10px system-ui, sans-serif');
        }
        return;
    }
    if (kind === 'call') {
        const name = run.what[run.whatOf[spans.from[i]]].label;
        pen.font = '10px system-ui, sans-serif';
        if (right - start > pen.measureText(name).width + 4 && takeRoom(chart, start, y - 15, right - start, 12)) {
            write(pen, name, start + 4, y - 9, colours.ink, '10px system-ui, sans-serif');
        }
        return;
    }
    const parts = [];
    if (run.about.resources > 1 || kind === 'access') {
        parts.push(spans.resource[i]);
    }
    if (spans.client[i] >= 0 && kind !== 'access') {
        parts.push(`p${spans.client[i]}`);
    }
    const text = parts.join(' ');
    if (text && thick >= 9 && right - start > 8 + text.length * 6) {
        write(pen, text, start, y + 0.5, kind === 'holds' ? colours['on-hold'] : colours.ink, 'bold 9px system-ui, sans-serif');
    }
}

/* ----------------------------------------------------------------------------------- density */

/* How many events fall into each pixel column of each lane, as bars of logarithmic height. */
function drawDensity(chart) {
    const { pen, run, from, to, shown, lane, laneOf, scale } = chart;
    const columns = Math.ceil(chart.width - GUTTER) + 1;
    const counts = new Uint32Array(columns * shown.length);
    const isTime = view.axis === 'time', start = view.from, { node, at, whatOf, show } = run;
    for (let i = from; i < to; i++) {
        const row = node[i] < 0 ? -1 : laneOf[node[i]];
        if (row >= 0 && show[whatOf[i]] === 1) {
            counts[row * columns + Math.floor(((isTime ? at[i] : i) - start) * scale)]++;
        }
    }
    let most = 1;
    for (let i = 0; i < counts.length; i++) {
        most = Math.max(most, counts[i]);
    }
    const high = Math.max(2, lane * 0.8), unit = 1 / Math.log(most + 1);
    pen.fillStyle = colours.muted;
    pen.globalAlpha = 0.45;
    for (let row = 0; row < shown.length; row++) {
        const y = chart.y(shown[row]);
        if (!isOnScreen(chart, y)) {
            continue;
        }
        for (let x = 0; x < columns; x++) {
            const count = counts[row * columns + x];
            if (count > 0) {
                const h = Math.max(1, high * Math.log(count + 1) * unit);
                pen.fillRect(GUTTER + x, y - h / 2, 1, h);
            }
        }
    }
    pen.globalAlpha = 1;
}
