/* What the signs mean: drawn with the same pens as the chart, and the keys. */

const SIGNS = [
    ['waits', (pen) => { pen.fillStyle = colours.wait; pen.fillRect(1, 5, 24, 5); pen.strokeStyle = colours['wait-edge']; pen.lineWidth = 0.75; pen.strokeRect(1, 5, 24, 5); }, 'thin'],
    ['holds', (pen) => { pen.fillStyle = colours.hold; pen.fillRect(1, 2, 24, 10); }, 'thick'],
    ['message', (pen) => { strokeSegments(pen, [2, 3, 22, 11], colours.message, 1.2); drawHead(pen, colours.message); }],
    ['token', (pen) => { strokeSegments(pen, [2, 3, 22, 11], colours.token, 2.6); drawHead(pen, colours.token); }],
    ['lost', (pen) => { strokeSegments(pen, [1, 3, 18, 9], colours.lost, 1.2, [4, 2]); strokeSegments(pen, [15, 6, 21, 12, 15, 12, 21, 6], colours.lost, 2); }],
    ['still under way at the end', (pen) => { strokeSegments(pen, [2, 3, 15, 8], colours.message, 1.2, [1, 2]); drawRing(pen, 17, 9, 2.5, colours.message, 1); }],
    ['down', (pen) => { pen.fillStyle = colours.down; pen.fillRect(1, 2, 24, 10); strokeSegments(pen, [2, 12, 12, 2, 10, 12, 20, 2, 18, 12, 25, 5], colours.paper, 0.7); }],
    ['paused', (pen) => { pen.globalAlpha = 0.3; pen.fillStyle = colours.paused; pen.fillRect(1, 2, 24, 10); pen.globalAlpha = 1; strokeSegments(pen, [2, 12, 12, 2, 10, 12, 20, 2, 18, 12, 25, 5], colours.paused, 1); }],
    ['partition', (pen) => { pen.globalAlpha = 0.2; pen.fillStyle = colours.partition; pen.fillRect(1, 1, 24, 12); pen.globalAlpha = 1; strokeSegments(pen, [1, 1, 1, 13, 25, 1, 25, 13], colours.partition, 1, [2, 2]); }],
    ['violation', (pen) => { strokeSegments(pen, [13, 0, 13, 14], colours.violation, 2); }],
    ['leads', (pen) => { pen.fillStyle = colours.leader; pen.fillRect(1, 5, 24, 3); }],
    ['memory access or call', (pen) => { pen.fillStyle = colours.access; pen.fillRect(1, 5, 24, 4); }],
    ...[['start', KIND.BOOT], ['crash', KIND.CRASH], ['timer', KIND.TIMER], ['request', KIND.REQUEST], ['indication', KIND.INDICATION], ['send', KIND.SEND],
        ['receive', KIND.RECEIVE]].map(([name, kind]) => [name, (pen) => {
        pen.fillStyle = pen.strokeStyle = colours.ink;
        pen.lineWidth = 1.3;
        drawSign(pen, kind, 13, 7, 4.5);
    }]),
];

function drawHead(pen, colour) {
    pen.fillStyle = colour;
    pen.beginPath();
    pen.moveTo(25, 12);
    pen.lineTo(17, 12);
    pen.lineTo(19.5, 6);
    pen.closePath();
    pen.fill();
}

/* Only signs that occur in this run: a legend is read more often the shorter it is. */
function occurs(run, name) {
    const kinds = run.about.spanKinds, spans = [...new Set(run.spans.kind)].map((k) => kinds[k]);
    const has = (test) => run.what.some(test), fault = (what) => run.faults.some((f) => f.what === what);
    switch (name) {
    case 'waits': case 'holds': case 'leads': return spans.includes(name);
    case 'memory access or call': return spans.includes('access') || spans.includes('call');
    case 'message': return has((w) => w.isMessage && !w.token);
    case 'token': return has((w) => w.isMessage && w.token);
    case 'lost': return run.counts.lost > 0;
    case 'still under way at the end': return run.messageEnd.includes(-1);
    case 'down': case 'paused': case 'partition': return fault(name);
    case 'violation': return run.violations.length > 0;
    case 'start': return true;
    default: return has((w) => w.kind === name.toUpperCase());
    }
}

function renderLegend() {
    const ratio = window.devicePixelRatio || 1;
    const signs = SIGNS.filter(([name]) => app.runs.some((run) => occurs(run, name))).map(([name, draw, how]) => {
        const canvas = h('canvas', { width: 26 * ratio, height: 14 * ratio, 'aria-hidden': 'true' }), pen = canvas.getContext('2d');
        pen.scale(ratio, ratio);
        draw(pen);
        return h('span', canvas, how ? `${name} (${how})` : name);
    });
    const keys = [['← →', 'on the node'], ['j k', 'overall'], ['[ ]', 'send, receive'], ['p f', 'past, future'], ['v', 'violation'],
        ['/', 'find'], ['t', 'axis'], ['0', 'all'], ['?', 'help']];
    byId('legend').replaceChildren(...signs, ...keys.map(([key, does]) => h('span.more', key.split(' ').map((k) => h('kbd', k)), does)));
}

function toggleHelp() {
    const help = byId('help');
    if (help.open) {
        help.close();
        return;
    }
    help.replaceChildren(h('p.title', 'How to read and move'),
        h('p', 'Time runs to the right; each node has a lane; a message is an arrow from its sender to its receiver. ',
            'Wheel: zoom at the pointer. Shift and wheel, or drag: along. Alt and wheel: across. Click: select.'),
        h('h2', 'Keys'),
        h('div.keys', KEYS.map(([key, does]) => h('p', h('kbd', key), ' ', does))),
        h('p.quiet', 'The address of this page ends in #e= and the number of the selected record: a link to it.'),
        h('p.steps', h('button', { onclick: () => help.close() }, 'close')));
    help.showModal();
}
