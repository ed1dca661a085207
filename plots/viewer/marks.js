/* What lies in front: events, what was found, the selection, violations. */

/* A sign of its own for each kind of record, so that none depends on colour. */
function drawSign(pen, kind, x, y, size) {
    pen.beginPath();
    switch (kind) {
    case KIND.BOOT: case KIND.RESUME:
        pen.moveTo(x - size * 0.8, y - size);
        pen.lineTo(x + size, y);
        pen.lineTo(x - size * 0.8, y + size);
        pen.closePath();
        return pen.fill();
    case KIND.CRASH:
        pen.moveTo(x - size, y - size);
        pen.lineTo(x + size, y + size);
        pen.moveTo(x - size, y + size);
        pen.lineTo(x + size, y - size);
        return pen.stroke();
    case KIND.PAUSE:
        pen.rect(x - size * 0.8, y - size, size * 0.5, size * 2);
        pen.rect(x + size * 0.3, y - size, size * 0.5, size * 2);
        return pen.fill();
    case KIND.TIMER: case KIND.CLOCK: case KIND.SLOW:
        pen.moveTo(x, y - size);
        pen.lineTo(x + size, y);
        pen.lineTo(x, y + size);
        pen.lineTo(x - size, y);
        pen.closePath();
        return kind === KIND.TIMER ? pen.fill() : pen.stroke();
    case KIND.REQUEST: case KIND.CLIENT:
        pen.rect(x - size * 0.8, y - size * 0.8, size * 1.6, size * 1.6);
        return pen.stroke();
    case KIND.INDICATION: case KIND.CHECK:
        pen.rect(x - size * 0.8, y - size * 0.8, size * 1.6, size * 1.6);
        return pen.fill();
    case KIND.NOTE:
        pen.arc(x, y, size * 0.9, 0, 2 * Math.PI);
        return pen.stroke();
    default:
        pen.arc(x, y, size * (kind === KIND.SEND ? 0.5 : 0.65), 0, 2 * Math.PI);
        return pen.fill();
    }
}

function drawEvents(chart) {
    const { pen, run, from, to, lane } = chart;
    const sparse = to - from < 1500;
    const size = Math.max(1.5, Math.min(sparse ? 4.5 : 3, lane * 0.25));
    pen.lineWidth = 1.3;
    for (let i = from; i < to; i++) {
        const kind = run.kind[i], node = run.node[i];
        if (node < 0 || kind === KIND.LOST || chart.laneOf[node] < 0 || run.show[run.whatOf[i]] === 0) {
            continue;
        }
        const y = eventY(chart, i);
        if (!isOnScreen(chart, y)) {
            continue;
        }
        pen.globalAlpha = !run.cone || isInCone(run, run.cone, i) ? 1 : 0.15;
        pen.fillStyle = pen.strokeStyle = kind === KIND.CHECK ? colours.violation : colours.ink;
        drawSign(pen, kind, chart.x(positionOf(run, i)), y, size);
    }
    pen.globalAlpha = 1;
    if (to - from < 400 && lane >= 26) {
        nameEvents(chart);
    }
}

/* What clients ask and are told, timers and faults: above the lane, where there is room. */
function nameEvents(chart) {
    const { pen, run, from, to, lane } = chart, font = '10px system-ui, sans-serif';
    pen.font = font;
    for (let i = from; i < to; i++) {
        const kind = run.kind[i], node = run.node[i], what = run.what[run.whatOf[i]];
        if (![KIND.REQUEST, KIND.INDICATION, KIND.TIMER, KIND.CRASH, KIND.NOTE, KIND.PAUSE, KIND.CLOCK].includes(kind) ||
            node < 0 || chart.laneOf[node] < 0 || run.show[run.whatOf[i]] === 0 || run.eventRow.has(i)) {
            continue;
        }
        const text = kind === KIND.NOTE ? bodyOf(run, i).slice(0, 40) : what.label || what.kind.toLowerCase();
        const x = chart.x(positionOf(run, i)), width = pen.measureText(text).width;
        const y = chart.y(node) - (kind === KIND.CRASH ? Math.min(lane * 0.38, 22) : Math.min(lane * 0.3, 14));
        if (x + width < chart.width && takeRoom(chart, x - 2, y - 6, width + 6, 12)) {
            write(pen, text, x, y, kind === KIND.TIMER ? colours.muted : colours.ink, font);
        }
    }
}

/* The causal past or future: on each lane one stretch. */
function drawCone(chart) {
    const { pen, run, shown, lane } = chart, { past, future } = run.cone;
    pen.fillStyle = colours.select;
    pen.globalAlpha = 0.16;
    for (const node of shown) {
        const last = past ? past.reach[node] : future.from[node];
        if (past ? last < 0 : last >= run.count) {
            continue;
        }
        const x = clampX(chart, positionOf(run, last)), y = chart.y(node) - lane * 0.42;
        if (past) {
            pen.fillRect(GUTTER, y, Math.max(0, x - GUTTER), lane * 0.84);
        } else {
            pen.fillRect(x, y, Math.max(0, chart.width - x), lane * 0.84);
        }
    }
    pen.globalAlpha = 1;
}

/* What the find box found, as rings. */
function drawMatches(chart) {
    const { pen, run, from, to } = chart, found = run.found;
    if (!found) {
        return;
    }
    const first = firstAtLeast(found, from, 0, found.length), last = firstAtLeast(found, to, 0, found.length);
    const every = Math.ceil((last - first) / 2000);
    for (let k = first; k < last; k += Math.max(every, 1)) {
        const place = found[k], node = run.node[place];
        if (node >= 0 && chart.laneOf[node] >= 0) {
            drawRing(pen, chart.x(positionOf(run, place)), eventY(chart, place), 7, colours.match, 2);
        }
    }
}

function drawSelection(chart) {
    const { pen, run, height } = chart, place = run.selected;
    if (place < 0 || place >= run.count) {
        return;
    }
    const x = chart.x(positionOf(run, place)), node = run.node[place];
    strokeSegments(pen, [x, RULER, x, height], colours.select, 1, [3, 3]);
    for (let m = run.firstMessage[place]; m >= 0 && m < run.messageSend.length &&
        (run.messageSend[m] === place || run.messageEnd[m] === place); m++) {
        if (chart.laneOf[run.node[run.messageSend[m]]] >= 0 && chart.laneOf[run.peer[run.messageSend[m]]] >= 0) {
            const line = lineOf(chart, m);
            strokeSegments(pen, [line.x1, line.y1, line.x2, line.y2], colours.select, 2.6, line.fate === 'lost' ? [5, 3] : []);
            drawHeads(chart, line.fate === 'received' ? [line] : [], colours.select);
        }
    }
    if (node >= 0 && chart.laneOf[node] >= 0) {
        const y = eventY(chart, place);
        drawRing(pen, x, y, 8, colours.paper, 4.5);
        drawRing(pen, x, y, 8, colours.select, 2.5);
    }
}

/* A line from top to bottom, with its word. */
function drawViolations(chart) {
    const { pen, run, height, width } = chart;
    let right = -Infinity, row = 0;
    for (const v of run.violations) {
        const x = chart.x(positionOf(run, v.place));
        if (x < GUTTER || x > width) {
            continue;
        }
        strokeSegments(pen, [x, RULER, x, height], colours.violation, 2);
        const text = `✕ ${v.property}`;
        pen.font = 'bold 11px system-ui, sans-serif';
        const wide = pen.measureText(text).width + 8;
        const left = x + wide > width ? x - wide : x;
        row = left < right ? row + 1 : 0;
        right = Math.max(right, left + wide);
        pen.fillStyle = colours.violation;
        pen.fillRect(left, height - 18 - row * 17, wide, 15);
        write(pen, text, left + 4, height - 10 - row * 17, colours.paper, 'bold 11px system-ui, sans-serif');
    }
}
