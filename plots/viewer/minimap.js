/* The whole run in one strip: how much happens when, faults, violations, what was found, and what
 * part of it the chart shows. The part that does not move is kept as a picture. */

const minimap = { picture: null, key: '' };

function minimapScale(canvas) {
    const whole = wholeRange(app.runs), width = canvas.clientWidth - GUTTER;
    return {
        x: (position) => GUTTER + (position - whole.from) / (whole.to - whole.from) * width,
        position: (x) => whole.from + (x - GUTTER) / width * (whole.to - whole.from),
    };
}

function drawMinimapPicture(canvas, ratio) {
    const picture = document.createElement('canvas'), run = app.run;
    picture.width = canvas.width;
    picture.height = canvas.height;
    const pen = picture.getContext('2d'), high = canvas.clientHeight, width = canvas.clientWidth;
    pen.scale(ratio, ratio);
    pen.fillStyle = colours.paper;
    pen.fillRect(0, 0, width, high);
    const { x } = minimapScale(canvas);
    for (const fault of run.faults) {
        const [start, end] = rangeOf(fault);
        const left = Math.max(x(start), GUTTER), wide = Math.max(1.5, x(end) - left);
        if (x(end) < GUTTER) {
            continue;
        }
        pen.fillStyle = fault.what === 'down' ? colours.down : fault.what === 'paused' ? colours.paused : colours.partition;
        pen.globalAlpha = fault.what === 'partition' ? 0.25 : 0.9;
        pen.fillRect(left, fault.what === 'partition' ? 0 : high - 7, wide, fault.what === 'partition' ? high : 6);
    }
    pen.globalAlpha = 1;
    const columns = new Uint32Array(Math.ceil(width) + 2);
    const isTime = view.axis === 'time', start = x(0), scale = x(1) - start;
    let most = 1;
    for (let i = 0; i < run.count; i++) {
        const column = Math.floor(start + (isTime ? run.at[i] : i) * scale);
        if (column >= GUTTER && column < columns.length) {
            most = Math.max(most, ++columns[column]);
        }
    }
    pen.fillStyle = colours.muted;
    for (let i = 0; i < columns.length; i++) {
        if (columns[i] > 0) {
            const h = Math.max(1, (high - 14) * Math.log(columns[i] + 1) / Math.log(most + 1));
            pen.fillRect(i, high - 8 - h, 1, h);
        }
    }
    drawMinimapMarks(pen, run, x, high);
    return picture;
}

function drawMinimapMarks(pen, run, x, high) {
    const found = run.found ?? [], every = Math.max(1, Math.ceil(found.length / 4000));
    pen.fillStyle = colours.match;
    for (let k = 0; k < found.length; k += every) {
        pen.fillRect(x(positionOf(run, found[k])) - 0.5, 0, 1.5, 5);
    }
    pen.fillStyle = colours.violation;
    for (const v of run.violations) {
        const at = x(positionOf(run, v.place));
        pen.fillRect(at - 1, 0, 2, high);
        write(pen, '✕', at + 4, 7, colours.violation, 'bold 10px system-ui, sans-serif');
    }
    write(pen, 'whole run', GUTTER - 12, high / 2, colours.muted, '11px system-ui, sans-serif', 'right');
}

function drawMinimap() {
    const canvas = byId('minimap'), ratio = window.devicePixelRatio || 1, run = app.run;
    fitCanvas(canvas, ratio);
    const key = [canvas.width, canvas.height, view.axis, colours.paper, run.side, byId('find').value, run.show.join('')].join();
    if (key !== minimap.key) {
        minimap.picture = drawMinimapPicture(canvas, ratio);
        minimap.key = key;
    }
    const pen = canvas.getContext('2d'), { x } = minimapScale(canvas), high = canvas.clientHeight;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.drawImage(minimap.picture, 0, 0);
    pen.scale(ratio, ratio);
    const left = Math.max(x(view.from), GUTTER), right = Math.min(Math.max(x(view.to), left + 3), canvas.clientWidth);
    pen.fillStyle = colours.select;
    pen.globalAlpha = 0.12;
    pen.fillRect(left, 0, right - left, high);
    pen.globalAlpha = 1;
    pen.strokeStyle = colours.select;
    pen.lineWidth = 1.5;
    pen.strokeRect(left, 1, right - left, high - 2);
    if (run.selected >= 0) {
        pen.fillStyle = colours.select;
        pen.fillRect(x(positionOf(run, run.selected)) - 0.75, 0, 1.5, high);
    }
}
