/* Lets the run go on as it went: the selection moves with the time. The speed is logarithmic, from
 * a nanosecond a second to a thousand seconds a second; on the axis of order, records a second. */

const play = { on: false, position: 0, last: 0 };

/* Axis units a second. */
function playSpeed() {
    const value = Number(byId('speed').value);
    return view.axis === 'time' ? 10 ** (3 + value / 10) : 10 ** (value / 22.5);
}

function renderSpeed() {
    const speed = playSpeed();
    byId('speed-text').textContent = view.axis === 'time' ? `${formatDuration(speed)}/s` : `${speed.toFixed(speed < 10 ? 1 : 0)} records/s`;
    byId('speed').setAttribute('aria-valuetext', byId('speed-text').textContent);
}

/* At first: what is in view takes about twelve seconds. */
function guessSpeed() {
    const width = (view.to - view.from) / 12;
    byId('speed').value = view.axis === 'time' ? 10 * (Math.log10(Math.max(width, 1)) - 3) : 22.5 * Math.log10(Math.max(width, 1));
    renderSpeed();
}

function togglePlay() {
    play.on = !play.on;
    byId('play').setAttribute('aria-pressed', play.on);
    byId('play').textContent = play.on ? '❚❚ pause' : '▶ play';
    if (play.on) {
        const run = app.run, isAtEnd = run.selected >= run.count - 1;
        play.position = run.selected < 0 || isAtEnd ? view.from : positionOf(run, run.selected);
        play.last = performance.now();
        requestAnimationFrame(playFrame);
    }
}

function playFrame(now) {
    if (!play.on) {
        return;
    }
    const run = app.run, seconds = Math.min(now - play.last, 100) / 1000;
    play.last = now;
    play.position += playSpeed() * seconds;
    const place = placeBefore(run, play.position);
    if (place >= 0 && place !== run.selected) {
        select(place, { quiet: true });
    }
    follow(run, play.position);
    if (place >= run.count - 1) {
        togglePlay();
        return;
    }
    requestAnimationFrame(playFrame);
}

/* The view moves along; where the reader wants little motion, a page at a time. */
function follow(run, position) {
    const width = view.to - view.from;
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const ahead = isCalm ? 0.95 : 0.7;
    if (position > view.from + width * ahead) {
        const from = isCalm ? position - width * 0.05 : position - width * ahead;
        setRange(from, from + width, app.runs);
    }
    invalidate();
}
