/*
 * The records as text, one line each, linked to the chart. Only the lines in view are elements;
 * where there are more than fit into what a browser scrolls, a pixel stands for several lines.
 */

const ROW = 20, SCROLL_MOST = 8000000;

const list = { places: null, runs: [] };

/* Which records are listed: all of types that are shown, or what was found. */
function listedPlaces(run) {
    if (run.found) {
        return run.found;
    }
    if (run.show.every((one) => one === 1)) {
        return null;
    }
    const places = [];
    for (let i = 0; i < run.count; i++) {
        if (run.show[run.whatOf[i]] === 1) {
            places.push(i);
        }
    }
    return Uint32Array.from(places);
}

function listCount() {
    return list.places ? list.places.length : app.run.count;
}

function renderList() {
    const box = byId('records');
    if (!byId('list')) {
        box.append(h('p', { id: 'list-head' }), h('div', { id: 'list', tabindex: '0', role: 'listbox', 'aria-label': 'Records' },
            h('div', { id: 'list-rows' })));
        byId('list').addEventListener('scroll', drawRows);
    }
    list.places = listedPlaces(app.run);
    const n = listCount();
    byId('list-head').textContent = n === app.run.count ? `all ${groupThousands(n)} records`
        : `${groupThousands(n)} of ${groupThousands(app.run.count)} records`;
    byId('list-rows').style.height = `${Math.min(n * ROW, SCROLL_MOST)}px`;
    showInList();
}

function rowScale() {
    const all = listCount() * ROW, high = byId('list').clientHeight;
    return all <= SCROLL_MOST ? 1 : (all - high) / (SCROLL_MOST - high);
}

/* Scrolls to the selected record, if it is not in view. */
function showInList() {
    if (byId('records').hidden || !byId('list')) {
        return;
    }
    const box = byId('list'), place = app.run.selected;
    if (place >= 0) {
        const index = list.places ? firstAtLeast(list.places, place, 0, list.places.length) : place;
        const scale = rowScale(), top = box.scrollTop * scale;
        if (index * ROW < top || (index + 1) * ROW > top + box.clientHeight) {
            box.scrollTop = (index * ROW - box.clientHeight / 2) / scale;
        }
    }
    drawRows();
}

function drawRows() {
    const box = byId('list'), scale = rowScale();
    const top = box.scrollTop, first = Math.max(0, Math.floor(top * scale / ROW));
    const rows = [], n = Math.min(listCount(), first + Math.ceil(box.clientHeight / ROW) + 1);
    for (let index = first; index < n; index++) {
        const row = listRow(list.places ? list.places[index] : index);
        row.style.top = `${top + index * ROW - top * scale}px`;
        rows.push(row);
    }
    byId('list-rows').replaceChildren(...rows);
}

function listRow(place) {
    const run = app.run, what = run.what[run.whatOf[place]];
    const classes = ['row', what.kind];
    if (place === run.selected) {
        classes.push('selected');
    }
    if (run.violations.some((v) => v.place === place)) {
        classes.push('violated');
    }
    if (app.difference && place >= app.difference.place && differsAt(app.runs[0], app.runs[1], place)) {
        classes.push('differs');
    }
    const subject = shorten(subjectOf(run, place), 120);
    return h(`div.${classes.join('.')}`, { role: 'option', 'data-place': place, 'aria-selected': place === run.selected,
        onclick: () => select(place, { show: true }) },
    h('span.n', `#${run.number[place]}`), h('span.t', formatTime(run.at[place], '')),
    h('span.w', run.node[place] >= 0 ? `n${run.node[place]}` : '–'),
    h('span', `${what.kind} ${subject}`), h('span.p', peerOf(run, place)));
}
