/*
 * The space-time diagram: time to the right, one lane a node, messages as slanted arrows. Drawn in
 * layers, anew for each frame, on a pen: a canvas, or what looks like one and writes SVG.
 *
 * Level of detail: up to 8,000 events in view all are drawn; above, how many there are per pixel of
 * each lane, and every k-th message. Faults and violations are always drawn.
 */

const EVENTS_MOST = 8000, MESSAGES_MOST = 1200, LINES_PER_PATH = 256;

let colours = {};

/* From the style sheet, where light and dark are told apart. */
function readColours() {
    const style = getComputedStyle(document.documentElement);
    for (const name of ['paper', 'ink', 'muted', 'line', 'stripe', 'wait', 'wait-edge', 'hold', 'on-hold',
        'down', 'paused', 'partition', 'lost', 'violation', 'token', 'leader', 'select', 'match', 'message', 'access']) {
        colours[name] = style.getPropertyValue(`--${name}`).trim();
    }
}

/* Returns what was drawn and what was not. */
function drawChart(pen, geometry) {
    const run = geometry.run;
    const [from, to] = placesInView(run);
    const inView = to - from;
    const chart = { pen, ...geometry, from, to, isDense: inView > EVENTS_MOST, taken: [], inView };
    pen.clearRect(0, 0, chart.width, chart.height);
    pen.fillStyle = colours.paper;
    pen.fillRect(0, 0, chart.width, chart.height);
    drawLanes(chart);
    drawFaults(chart);
    if (run.cone) {
        drawCone(chart);
    }
    if (chart.isDense) {
        drawDensity(chart);
    }
    drawMessages(chart);
    drawSpans(chart);
    nameMessages(chart);
    if (!chart.isDense) {
        drawEvents(chart);
    }
    drawMatches(chart);
    drawViolations(chart);
    drawSelection(chart);
    drawGutter(chart);
    drawRuler(chart);
    return chart;
}

/* Segments of one look, in paths that stay short: the time to stroke grows faster than a path. */
function strokeSegments(pen, segments, colour, width, dash = []) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.setLineDash(dash);
    for (let i = 0; i < segments.length; i += 4 * LINES_PER_PATH) {
        const end = Math.min(i + 4 * LINES_PER_PATH, segments.length);
        pen.beginPath();
        for (let k = i; k < end; k += 4) {
            pen.moveTo(segments[k], segments[k + 1]);
            pen.lineTo(segments[k + 2], segments[k + 3]);
        }
        pen.stroke();
    }
    pen.setLineDash([]);
}

function write(pen, text, x, y, colour, font = '11px system-ui, sans-serif', align = 'left') {
    pen.font = font;
    pen.fillStyle = colour;
    pen.textAlign = align;
    pen.textBaseline = 'middle';
    pen.fillText(text, x, y);
}

/* Is there room for a text there? If so, it is taken. */
function takeRoom(chart, x, y, width, height) {
    for (const box of chart.taken) {
        if (x < box.x + box.width && box.x < x + width && y < box.y + box.height && box.y < y + height) {
            return false;
        }
    }
    chart.taken.push({ x, y, width, height });
    return true;
}

function badgeOf(chart) {
    const { run, inView, isDense } = chart, parts = [];
    const of = inView === run.count ? '' : ` of ${groupThousands(run.count)}`;
    if (isDense) {
        parts.push(`${groupThousands(inView)}${of} records in view: drawn as density`);
    } else {
        parts.push(`all ${groupThousands(inView)}${of} records in view drawn`);
    }
    if (chart.everyMessage > 1) {
        parts.push(`1 of ${chart.everyMessage} messages drawn (${groupThousands(chart.messagesDrawn)} of ` +
            `${groupThousands(chart.messagesInView)})`);
    } else {
        parts.push(`${countOf(chart.messagesDrawn, 'message')} drawn`);
    }
    if (isDense || chart.everyMessage > 1) {
        parts.push('all violations, crashes and partitions drawn');
    }
    const away = view.order.filter((n) => n < run.nodes).length - chart.shown.length;
    if (away > 0) {
        parts.push(`${countOf(away, 'node')} hidden`);
    }
    if (chart.scrollMost > 1) {
        const lanes = Math.floor((chart.height - RULER) / chart.lane);
        parts.push(`${lanes} of ${chart.shown.length} lanes in view`);
    }
    const filtered = run.what.length - run.show.reduce((sum, one) => sum + one, 0);
    if (filtered > 0) {
        parts.push('some types hidden');
    }
    if (run.count < run.about.records) {
        parts.push(`the page holds ${groupThousands(run.count)} of ${groupThousands(run.about.records)} records`);
    }
    return parts.join(' · ');
}
