/* Wheel and mouse: zoom at the pointer, drag, click, hover. Keys do all of it, too (keys.js). */

const CLOSE = 12; /* pixels: as near as that is meant */

/* The event of that lane that is drawn next to x; of several at one spot the one behind `after`. */
function eventNear(chart, x, y, after) {
    const { run } = chart, node = chart.nodeAt(y);
    if (node < 0 || Math.abs(y - chart.y(node)) > Math.max(chart.lane * 0.45, 5)) {
        return -1;
    }
    const start = run.eventStart[node], end = run.eventStart[node + 1];
    const events = run.events.subarray(start, end);
    const middle = placeBefore(run, chart.position(x));
    const near = firstAtLeast(events, middle + 1, 0, events.length); /* the first to the right of x */
    const within = [];
    let best = CLOSE + 1;
    for (const by of [1, -1]) {
        for (let k = by > 0 ? near : near - 1; k >= 0 && k < events.length; k += by) {
            const along = Math.abs(chart.x(positionOf(run, events[k])) - x);
            const distance = along + (run.eventRow.size > 0 ? Math.abs(eventY(chart, events[k]) - y) * 0.3 : 0);
            if (along > best + 0.5 || within.length > 200) {
                break;
            }
            if (run.show[run.whatOf[events[k]]] === 1) {
                best = Math.min(best, distance);
                within.push([distance, events[k]]);
            }
        }
    }
    const same = within.filter(([distance]) => distance <= best + 0.5).map(([, place]) => place).sort((a, b) => a - b);
    return same.find((place) => place > after) ?? same[0] ?? -1;
}

/* A message whose line passes by: where it ends, or where it begins if that is nearer. */
function messageNear(chart, x, y) {
    const { run } = chart;
    let best = 6, found = null;
    for (const l of chart.lines ?? []) {
        const dx = l.x2 - l.x1, dy = l.y2 - l.y1, length = dx * dx + dy * dy;
        const share = length > 0 ? Math.min(1, Math.max(0, ((x - l.x1) * dx + (y - l.y1) * dy) / length)) : 0;
        const distance = Math.hypot(x - l.x1 - share * dx, y - l.y1 - share * dy);
        if (distance < best) {
            best = distance;
            found = share > 0.5 && run.messageEnd[l.m] >= 0 ? run.messageEnd[l.m] : run.messageSend[l.m];
        }
    }
    return found ?? -1;
}

function placeAt(chart, x, y) {
    const event = eventNear(chart, x, y, chart.run.selected);
    return event >= 0 ? event : messageNear(chart, x, y);
}

function onWheel(event, chart) {
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 16 : 1;
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (sideways || event.shiftKey) {
        const by = (sideways ? event.deltaX : event.deltaY) * unit / chart.scale;
        setRange(view.from + by, view.to + by, app.runs);
    } else if (event.altKey) {
        scrollLanes(event.deltaY * unit);
    } else {
        zoomAt(event.offsetX, Math.exp(event.deltaY * unit * 0.0018), chart, app.runs);
    }
    invalidate();
}

function scrollLanes(by) {
    const most = Math.max(...app.charts.map((chart) => chart.drawn?.scrollMost ?? 0));
    view.top = Math.min(Math.max(view.top + by, 0), most);
    invalidate();
}

function listenToChart(holder) {
    const { canvas } = holder;
    let drag = null;
    canvas.addEventListener('wheel', (event) => onWheel(event, holder.drawn), { passive: false });
    canvas.addEventListener('pointerdown', (event) => {
        drag = { x: event.offsetX, y: event.offsetY, from: view.from, to: view.to, top: view.top, moved: false };
        canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener('pointermove', (event) => {
        if (!drag) {
            hover(holder, event);
            return;
        }
        const dx = event.offsetX - drag.x, dy = event.offsetY - drag.y;
        drag.moved = drag.moved || Math.hypot(dx, dy) > 4;
        if (drag.moved) {
            const by = -dx / holder.drawn.scale;
            setRange(drag.from + by, drag.to + by, app.runs);
            view.top = drag.top;
            scrollLanes(-dy);
            byId('tip').hidden = true;
        }
    });
    canvas.addEventListener('pointerup', (event) => {
        if (drag && !drag.moved) {
            const place = placeAt(holder.drawn, event.offsetX, event.offsetY);
            if (place >= 0) {
                select(place, { run: holder.run });
            }
        }
        drag = null;
    });
    canvas.addEventListener('pointercancel', () => { drag = null; });
    canvas.addEventListener('pointerleave', () => { byId('tip').hidden = true; });
    canvas.addEventListener('dblclick', (event) => {
        zoomAt(event.offsetX, 0.4, holder.drawn, app.runs);
        invalidate();
    });
}

function hover(holder, event) {
    const tip = byId('tip'), chart = holder.drawn;
    const place = event.offsetX > GUTTER && chart ? placeAt(chart, event.offsetX, event.offsetY) : -1;
    tip.hidden = place < 0;
    holder.canvas.style.cursor = place < 0 ? 'crosshair' : 'pointer';
    if (place >= 0) {
        const run = holder.run;
        tip.textContent = `#${run.number[place]}  ${formatTime(run.at[place])}  ` +
            `${run.node[place] >= 0 ? `n${run.node[place]} ` : ''}${run.what[run.whatOf[place]].kind} ` +
            `${shorten(subjectOf(run, place), 90)} ${peerOf(run, place)}`;
        tip.style.left = `${Math.min(event.clientX + 14, window.innerWidth - tip.offsetWidth - 8)}px`;
        tip.style.top = `${Math.min(event.clientY + 16, window.innerHeight - 40)}px`;
    }
}

function listenToMinimap() {
    const canvas = byId('minimap');
    let grip = null;
    const move = (event) => {
        const middle = minimapScale(canvas).position(event.offsetX) + grip, width = view.to - view.from;
        setRange(middle - width / 2, middle + width / 2, app.runs);
        invalidate();
    };
    canvas.addEventListener('pointerdown', (event) => {
        const at = minimapScale(canvas).position(event.offsetX);
        grip = at >= view.from && at <= view.to ? (view.from + view.to) / 2 - at : 0;
        canvas.setPointerCapture(event.pointerId);
        move(event);
    });
    canvas.addEventListener('pointermove', (event) => grip !== null && move(event));
    canvas.addEventListener('pointerup', () => { grip = null; });
    canvas.addEventListener('wheel', (event) => {
        event.preventDefault();
        zoomAt(app.charts[0].drawn.x((view.from + view.to) / 2), Math.exp(event.deltaY * 0.0018), app.charts[0].drawn, app.runs);
        invalidate();
    }, { passive: false });
}
