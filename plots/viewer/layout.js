/*
 * Where things are. Along: a position on the axis (true time in ns, or the place of a record) maps
 * to x; both grow with the record, so that what is in view is one range of places. Across: a lane a
 * node, in the order that the user gave them.
 */

const GUTTER = 78; /* names of the nodes */
const RULER = 26;
const LANE_LEAST = 4, LANE_MOST = 170, LANE_NAMED = 13;

/* What all charts of the page share. */
const view = {
    axis: 'time', from: 0, to: 1,
    laneHeight: 0, /* 0: as fits */
    top: 0, /* scrolled by, pixels */
    order: [], hidden: new Set(),
};

function positionOf(run, place) {
    return view.axis === 'time' ? run.at[place] : place;
}

/* The whole run with a little room at both ends. */
function wholeRange(runs) {
    if (view.axis === 'order') {
        const most = Math.max(...runs.map((run) => run.count));
        return { from: -0.02 * most - 0.5, to: most * 1.02 };
    }
    /* Faults are in the page wherever they were: a window keeps its bounds. */
    const end = Math.max(...runs.map((run) => run.count > 0 ? Math.min(run.at[run.count - 1], run.about.until) : 0), 1);
    const start = Math.min(...runs.map((run) => run.count > 0 ? Math.max(run.at[0], run.about.from) : 0));
    const room = Math.max(end - start, 1) * 0.02;
    return { from: start - room, to: end + room };
}

/* Keeps a part of the run in view; nobody needs less than 10 ns or 2 records. */
function setRange(from, to, runs) {
    const whole = wholeRange(runs);
    const least = view.axis === 'time' ? 10 : 2;
    let width = Math.min(Math.max(to - from, least), whole.to - whole.from);
    const middle = (from + to) / 2;
    from = Math.min(Math.max(middle - width / 2, whole.from), whole.to - width);
    view.from = from;
    view.to = from + width;
}

/* Places in view: from .. to-1. */
function placesInView(run) {
    if (view.axis === 'time') {
        return [firstAtLeast(run.at, view.from, 0, run.count), firstAtLeast(run.at, view.to, 0, run.count)];
    }
    const clamp = (p) => Math.min(Math.max(p, 0), run.count);
    return [clamp(Math.ceil(view.from)), clamp(Math.floor(view.to) + 1)];
}

/* The record at or before that position; -1: none. */
function placeBefore(run, position) {
    return view.axis === 'time'
        ? firstAtLeast(run.at, position + 0.5, 0, run.count) - 1
        : Math.min(Math.floor(position), run.count - 1);
}

/* The geometry of one chart of that size. */
function layOut(run, width, height) {
    const shown = view.order.filter((n) => n < run.nodes && !view.hidden.has(n));
    const room = height - RULER - 6;
    const rows = shown.reduce((most, n) => Math.max(most, run.processes.has(n) ? run.rows[n] : 0), 0);
    const fit = Math.min(Math.max(room / Math.max(shown.length, 1), LANE_LEAST), Math.max(LANE_MOST, rows * 48));
    const lane = view.laneHeight || fit;
    const most = Math.max(0, lane * shown.length - room);
    const top = Math.min(Math.max(view.top, 0), most);
    const laneOf = new Int32Array(run.nodes).fill(-1);
    shown.forEach((n, i) => { laneOf[n] = i; });
    const scale = (width - GUTTER) / (view.to - view.from);
    /* Few lanes stand in the middle of what room there is. */
    const first = RULER + 3 + Math.max(0, (room - lane * shown.length) / 3) - top;
    return {
        run, width, height, shown, lane, laneOf, scale, scrollMost: most,
        x: (position) => GUTTER + (position - view.from) * scale,
        position: (x) => view.from + (x - GUTTER) / scale,
        y: (node) => first + (laneOf[node] + 0.5) * lane,
        nodeAt: (y) => shown[Math.floor((y - first) / lane)] ?? -1,
    };
}

/* Brings the record into view, and centres it if it was outside. */
function reveal(run, place, runs) {
    const position = positionOf(run, place), width = view.to - view.from;
    if (position < view.from + width * 0.04 || position > view.to - width * 0.04) {
        setRange(position - width / 2, position + width / 2, runs);
    }
}

/* The first picture: all of a small run; of a large one, about as many records as can be read,
 * around what is most interesting. */
function firstRange(runs, place) {
    const run = runs[0], readable = 110;
    const whole = wholeRange(runs);
    if (run.count <= readable * 2) {
        setRange(whole.from, whole.to, runs);
        return;
    }
    const from = Math.max(0, Math.min(place - readable / 2, run.count - readable));
    const start = positionOf(run, from), end = positionOf(run, Math.min(from + readable, run.count - 1));
    const room = (end - start) * 0.05 + 1;
    setRange(start - room, end + room, runs);
}

function zoomAt(x, factor, chart, runs) {
    const share = (x - GUTTER) / Math.max(chart.width - GUTTER, 1);
    const width = (view.to - view.from) * factor;
    const fixed = view.from + share * (view.to - view.from);
    const whole = wholeRange(runs);
    const least = view.axis === 'time' ? 10 : 2;
    if (width >= whole.to - whole.from) {
        setRange(whole.from, whole.to, runs);
    } else if (width >= least) {
        /* What is under the pointer stays there, even where the run ends. */
        view.from = fixed - share * width;
        view.to = view.from + width;
    }
}
