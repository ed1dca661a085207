/*
 * Messages: an arrow from its sender at the time of sending to its receiver at the time of
 * receiving. A lost one is dashed and ends in an X on the way, where it never arrived; one that was
 * still under way at the end is a stub; a token is thick.
 */

const NAMED_MOST = 260;

/* Messages of which a part may be in view: indices from .. to-1 of run.messageSend. */
function messagesInView(run) {
    const before = view.axis === 'time'
        ? firstAtLeast(run.at, view.from - run.longestFlight, 0, run.count)
        : Math.max(0, Math.ceil(view.from) - run.longestSpan);
    const [, to] = placesInView(run);
    return [firstAtLeast(run.messageSend, before, 0, run.messageSend.length),
        firstAtLeast(run.messageSend, to, 0, run.messageSend.length)];
}

function isMessageShown(chart, m) {
    const { run, laneOf } = chart, send = run.messageSend[m], end = run.messageEnd[m];
    if (run.show[run.whatOf[send]] === 0 || laneOf[run.node[send]] < 0 || laneOf[run.peer[send]] < 0) {
        return false;
    }
    return end < 0 || positionOf(run, end) >= view.from;
}

/* How many of them are shown: the same question, a million times in a few milliseconds. */
function countMessages(chart, from, to) {
    const { run, laneOf } = chart, { messageSend, messageEnd, node, peer, whatOf, show, at } = run;
    const isTime = view.axis === 'time', start = view.from;
    let count = 0;
    for (let m = from; m < to; m++) {
        const send = messageSend[m], end = messageEnd[m];
        if (show[whatOf[send]] === 1 && laneOf[node[send]] >= 0 && laneOf[peer[send]] >= 0 &&
            (end < 0 || (isTime ? at[end] : end) >= start)) {
            count++;
        }
    }
    return count;
}

/* The line of a message on the screen. */
function lineOf(chart, m) {
    const { run } = chart, send = run.messageSend[m], end = run.messageEnd[m];
    const x1 = chart.x(positionOf(run, send)), y1 = chart.y(run.node[send]), y2 = chart.y(run.peer[send]);
    if (end >= 0 && run.kind[end] === KIND.RECEIVE) {
        return { m, x1, y1, x2: chart.x(positionOf(run, end)), y2, fate: 'received' };
    }
    const isLost = end >= 0;
    const x = isLost ? chart.x(positionOf(run, end)) : x1;
    const share = isLost ? 0.6 : 0.28;
    return { m, x1, y1, x2: Math.max(x, x1 + (isLost ? 16 : 10)), y2: y1 + (y2 - y1) * share,
        fate: isLost ? 'lost' : 'under way' };
}

function drawMessages(chart) {
    const { run } = chart;
    const [from, to] = messagesInView(run);
    const count = countMessages(chart, from, to);
    /* Powers of two: while the user moves, the same messages stay. */
    let every = 1;
    while (count / every > MESSAGES_MOST) {
        every *= 2;
    }
    const lines = [];
    for (let m = Math.ceil(from / every) * every; m < to; m += every) {
        if (isMessageShown(chart, m)) {
            lines.push(lineOf(chart, m));
        }
    }
    chart.everyMessage = every;
    chart.messagesInView = count;
    chart.messagesDrawn = lines.length;
    chart.lines = lines;
    const inCone = (line) => !run.cone || isMessageInCone(run, run.cone, line.m);
    drawLines(chart, lines.filter((line) => !inCone(line)), 0.12);
    drawLines(chart, lines.filter(inCone), every > 1 ? 0.4 : 1);
}

function isMessageInCone(run, cone, m) {
    const send = run.messageSend[m], end = run.messageEnd[m];
    return isInCone(run, cone, send) && (end < 0 || run.kind[end] === KIND.LOST || isInCone(run, cone, end));
}

function isInCone(run, cone, place) {
    return cone.past ? isInPast(run, cone.past, place) : isInFuture(run, cone.future, place);
}

function drawLines(chart, lines, alpha) {
    const { pen, run, lane } = chart;
    const flat = (some) => some.flatMap((l) => [l.x1, l.y1, l.x2, l.y2]);
    const isToken = (l) => run.what[run.whatOf[run.messageSend[l.m]]].token;
    const lost = lines.filter((l) => l.fate === 'lost');
    const whole = lines.filter((l) => l.fate === 'received');
    const stubs = lines.filter((l) => l.fate === 'under way');
    pen.globalAlpha = alpha;
    const width = lines.length > 400 ? 0.8 : 1.2;
    strokeSegments(pen, flat(whole.filter((l) => !isToken(l))), colours.message, width);
    strokeSegments(pen, flat(whole.filter(isToken)), colours.token, width * 2.2);
    strokeSegments(pen, flat(stubs), colours.message, width, [1, 2]);
    strokeSegments(pen, flat(lost), colours.lost, width, [5, 3]);
    const size = Math.min(5, lane * 0.3);
    strokeSegments(pen, lost.flatMap((l) => [l.x2 - size, l.y2 - size, l.x2 + size, l.y2 + size,
        l.x2 - size, l.y2 + size, l.x2 + size, l.y2 - size]), colours.lost, 2);
    if (lane >= 8 && lines.length <= 700) {
        drawHeads(chart, whole.filter((l) => !isToken(l)), colours.message);
        drawHeads(chart, whole.filter(isToken), colours.token);
        for (const l of stubs) {
            drawRing(pen, l.x2, l.y2, 2.5, colours.message, 1);
        }
    }
    pen.globalAlpha = 1;
}

function drawHeads(chart, lines, colour) {
    const { pen } = chart;
    pen.fillStyle = colour;
    for (let i = 0; i < lines.length; i += LINES_PER_PATH) {
        pen.beginPath();
        for (const l of lines.slice(i, i + LINES_PER_PATH)) {
            const dx = l.x2 - l.x1, dy = l.y2 - l.y1, length = Math.hypot(dx, dy);
            if (length < 4 || l.x2 < GUTTER || l.x2 > chart.width + 10) {
                continue;
            }
            const ux = dx / length, uy = dy / length, tipX = l.x2 - ux * 2.5, tipY = l.y2 - uy * 2.5;
            pen.moveTo(tipX, tipY);
            pen.lineTo(tipX - ux * 8 - uy * 3.2, tipY - uy * 8 + ux * 3.2);
            pen.lineTo(tipX - ux * 8 + uy * 3.2, tipY - uy * 8 - ux * 3.2);
            pen.closePath();
        }
        pen.fill();
    }
}

function drawRing(pen, x, y, radius, colour, width) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.stroke();
}

/* The type along the arrow, with its body where there is room for it. */
function nameMessages(chart) {
    const { pen, run } = chart, font = '10px system-ui, sans-serif';
    if (chart.isDense || chart.lines.length > NAMED_MOST) {
        return;
    }
    pen.font = font;
    for (const line of chart.lines.filter((l) => !run.cone || isMessageInCone(run, run.cone, l.m))) {
        const send = run.messageSend[line.m], what = run.what[run.whatOf[send]];
        let dx = line.x2 - line.x1, dy = line.y2 - line.y1;
        const length = Math.hypot(dx, dy), body = bodyOf(run, send);
        const long = body && body.length < 40 ? `${what.label} ${body}` : what.label;
        const text = [long, what.label].find((t) => pen.measureText(t).width + 26 < length);
        const middleX = line.x1 + dx * 0.46, middleY = line.y1 + dy * 0.46;
        if (!text || middleX < GUTTER || middleX > chart.width) {
            continue;
        }
        const width = pen.measureText(text).width;
        const reach = Math.abs(dx / length) * width + 10, rise = Math.abs(dy / length) * width + 10;
        if (!takeRoom(chart, middleX - reach / 2, middleY - rise / 2, reach, rise)) {
            continue;
        }
        pen.save();
        pen.translate(middleX, middleY);
        pen.rotate(Math.atan2(dy, dx));
        const colour = line.fate === 'lost' ? colours.lost : what.token ? colours.token : colours.ink;
        pen.globalAlpha = 0.8;
        pen.fillStyle = colours.paper;
        pen.fillRect(-width / 2 - 2, -13, width + 4, 11);
        pen.globalAlpha = 1;
        write(pen, text, 0, -7, colour, font, 'center');
        pen.restore();
    }
}
