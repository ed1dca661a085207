/*
 * The window as a figure: a pen that looks like the part of a canvas's that the chart uses, and
 * writes SVG. What is drawn on the screen and what is saved cannot differ.
 */

class SvgPen {
    constructor(width, height) {
        Object.assign(this, { width, height, out: [], path: '', dash: [], transforms: [''], globalAlpha: 1, lineWidth: 1,
            fillStyle: '#000', strokeStyle: '#000', font: '11px sans-serif', textAlign: 'left', textBaseline: 'middle' });
        this.saved = [];
        this.ruler = document.createElement('canvas').getContext('2d');
    }

    number(x) {
        return String(Math.round(x * 100) / 100);
    }

    place() {
        const transform = this.transforms[this.transforms.length - 1];
        return transform && ` transform="${transform}"`;
    }

    alpha() {
        return this.globalAlpha < 1 ? ` opacity="${this.number(this.globalAlpha)}"` : '';
    }

    clearRect() {}
    setLineDash(dash) { this.dash = dash; }
    beginPath() { this.path = ''; }
    moveTo(x, y) { this.path += `M${this.number(x)} ${this.number(y)}`; }
    lineTo(x, y) { this.path += `L${this.number(x)} ${this.number(y)}`; }
    closePath() { this.path += 'Z'; }

    rect(x, y, width, height) {
        this.path += `M${this.number(x)} ${this.number(y)}h${this.number(width)}v${this.number(height)}h${this.number(-width)}Z`;
    }

    arc(x, y, radius) { /* always whole circles here */
        const r = this.number(radius);
        this.path += `M${this.number(x + radius)} ${this.number(y)}A${r} ${r} 0 1 1 ${this.number(x - radius)} ${this.number(y)}` +
            `A${r} ${r} 0 1 1 ${this.number(x + radius)} ${this.number(y)}Z`;
    }

    stroke() {
        const dash = this.dash.length > 0 ? ` stroke-dasharray="${this.dash.join(' ')}"` : '';
        if (this.path) {
            this.out.push(`<path d="${this.path}" fill="none" stroke="${this.strokeStyle}" stroke-width="${this.lineWidth}"${dash}${this.alpha()}${this.place()}/>`);
        }
    }

    fill() {
        if (this.path) {
            this.out.push(`<path d="${this.path}" fill="${this.fillStyle}"${this.alpha()}${this.place()}/>`);
        }
    }

    box(x, y, width, height, look) {
        this.out.push(`<rect x="${this.number(x)}" y="${this.number(y)}" width="${this.number(Math.max(width, 0))}" ` +
            `height="${this.number(Math.max(height, 0))}" ${look}${this.alpha()}${this.place()}/>`);
    }

    fillRect(x, y, width, height) {
        this.box(x, y, width, height, `fill="${this.fillStyle}"`);
    }

    strokeRect(x, y, width, height) {
        this.box(x, y, width, height, `fill="none" stroke="${this.strokeStyle}" stroke-width="${this.lineWidth}"`);
    }

    measureText(text) {
        this.ruler.font = this.font;
        return this.ruler.measureText(text);
    }

    fillText(text, x, y) {
        const [, weight, size] = /^(bold )?([\d.]+)px/.exec(this.font);
        const anchor = { left: 'start', center: 'middle', right: 'end' }[this.textAlign];
        const escaped = text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
        this.out.push(`<text x="${this.number(x)}" y="${this.number(y)}" font-size="${size}"${weight ? ' font-weight="bold"' : ''} ` +
            `text-anchor="${anchor}" dominant-baseline="central" fill="${this.fillStyle}"${this.alpha()}${this.place()}>${escaped}</text>`);
    }

    save() { this.saved.push(this.globalAlpha); this.transforms.push(this.transforms[this.transforms.length - 1]); }
    restore() { this.globalAlpha = this.saved.pop(); this.transforms.pop(); }
    translate(x, y) { this.transforms[this.transforms.length - 1] += `translate(${this.number(x)} ${this.number(y)})`; }
    rotate(angle) { this.transforms[this.transforms.length - 1] += `rotate(${this.number(angle * 180 / Math.PI)})`; }

    toString(top) {
        return `<g transform="translate(0 ${top})"><clipPath id="frame${top}"><rect width="${this.width}" height="${this.height}"/></clipPath>` +
            `<g clip-path="url(#frame${top})">\n${this.out.join('\n')}\n</g></g>\n`;
    }
}

/* All charts of the page, one below the other, with what they show in a line beneath. */
function windowAsSvg() {
    const parts = [];
    let top = 0, width = 0, badge = '';
    for (const { run, canvas } of app.charts) {
        const pen = new SvgPen(canvas.clientWidth, canvas.clientHeight);
        badge = badgeOf(drawChart(pen, layOut(run, pen.width, pen.height)));
        parts.push(pen.toString(top));
        top += pen.height;
        width = Math.max(width, pen.width);
    }
    const about = app.runs.map((run) => `${run.about.scenario}, seed ${run.about.seed}`).join(' and ');
    const note = new SvgPen(width, 24);
    note.fillStyle = colours.paper;
    note.fillRect(0, 0, width, 24);
    write(note, `${about} · ${badge}`, 8, 12, colours.muted, '10px sans-serif');
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top + 24}" viewBox="0 0 ${width} ${top + 24}" ` +
        `font-family="system-ui, 'DejaVu Sans', sans-serif">\n${parts.join('')}${note.toString(top)}</svg>\n`;
}

function saveSvg() {
    const url = URL.createObjectURL(new Blob([windowAsSvg()], { type: 'image/svg+xml' }));
    const name = app.run.about.scenario.replace(/\.lua$/, '') || 'run';
    h('a', { href: url, download: `${name}.svg` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
    say('Saved as SVG.');
}
