/* The page shows what happened: counts, states, clocks, causes, what is found. */
'use strict';

const { open, selected } = require('./browser');
const { vectorClocks, pastCount, isEvent } = require('./truth');
const { claim, equal } = require('./tap');

function countKinds(records) {
    const of = (kind) => records.filter((r) => r.kind === kind).length;
    return { records: records.length, sends: of('SEND'), received: of('RECEIVE'), lost: of('LOST') };
}

async function showsCounts(page, name, run) {
    const found = await page.evaluate(`(({ app: { run } }) => ({ records: run.count, sends: run.counts.sends,
        received: run.counts.received, lost: run.counts.lost }))(viewer)`);
    equal(found, countKinds(run.records), `${name}: counts equal the trace's`);
    const head = await page.textContent('#facts');
    const expected = `${run.records.length.toLocaleString('en')} records`;
    claim(head.includes(expected), `${name}: the head says ${expected}`, head);
    const met = await page.textContent('#verdict');
    const violated = run.verdicts.filter((v) => v.verdict === 'violated').map((v) => v.property);
    claim(violated.every((property) => met.includes(property)), `${name}: the head names every violated property`, met);
}

/* Where the page draws a record. */
function spotOf(page, number) {
    return page.evaluate(`(() => {
        const { run, drawn } = viewer.app.charts[0], place = ${number} - 1;
        const box = viewer.app.charts[0].canvas.getBoundingClientRect();
        const position = viewer.view.axis === 'time' ? run.at[place] : place;
        return { x: box.x + drawn.x(position), y: box.y + viewer.eventY(drawn, place), scale: drawn.scale };
    })()`);
}

async function clickSelects(page, name, run) {
    await page.keyboard.press('t');
    await page.keyboard.press('0');
    await page.waitForTimeout(60);
    const clicked = run.records.filter((r) => r.kind === 'INDICATION' || r.kind === 'RECEIVE').slice(3, 6);
    const found = [], titles = [];
    for (const [i, r] of clicked.entries()) {
        const { x, y, scale } = await spotOf(page, r.number);
        await page.mouse.click(x + [-1, 0, 1][i] * Math.min(4, scale / 4), y); /* nobody hits it exactly */
        found.push(await selected(page));
        titles.push(await page.textContent('#event .title'));
    }
    await page.keyboard.press('t');
    equal(found, clicked.map((r) => r.number), `${name}: a click on an event selects it`);
    claim(titles.every((t, i) => t.includes(`#${clicked[i].number} ${clicked[i].kind}`)),
        `${name}: and the panel tells of it`, titles);
}

/* All values of all nodes behind the records, as text: what the page has, not what it prints. */
function pageStates(page, numbers) {
    return page.evaluate(`(() => {
        const { app: { run }, stateAt } = viewer, types = [];
        for (const f of run.fields) {
            for (let i = 0; i < f.count; i++) {
                types.push(f.type);
            }
        }
        return ${JSON.stringify(numbers)}.map((number) => {
            const all = [];
            for (let node = 0; node < run.nodes; node++) {
                const { values, exact } = stateAt(run, node, number - 1);
                values.forEach((value, slot) => {
                    const whole = exact.has(slot) ? exact.get(slot) : value;
                    all.push(types[slot] === 'u64' ? String(BigInt.asUintN(64, BigInt(whole))) : String(whole));
                });
            }
            return all.join(' ');
        });
    })()`);
}

async function statesEqualReplay(page, name, run) {
    const states = run.states(), all = [...states.keys()].filter((n) => n > 0);
    const step = Math.max(1, Math.floor(all.length / 600));
    const numbers = all.filter((_, i) => i % step === 0);
    const found = await pageStates(page, numbers);
    const bad = numbers.filter((number, i) => states.get(number).join(' ') !== found[i]);
    claim(bad.length === 0, `${name}: the state of all nodes behind each of ${numbers.length} records equals the world's`,
        bad.length > 0 ? `record ${bad[0]}: found ${found[numbers.indexOf(bad[0])].slice(0, 300)}, expected ` +
            states.get(bad[0]).join(' ').slice(0, 300) : '');
}

async function clocksAreRight(page, name, run) {
    const nodes = await page.evaluate('viewer.app.run.nodes');
    const clocks = vectorClocks(run.records, nodes), numbers = [...clocks.keys()];
    const sample = numbers.filter((_, i) => i % Math.ceil(numbers.length / 60) === 0);
    const found = await page.evaluate(`${JSON.stringify(sample)}.map((n) => {
        const { vector, total } = viewer.pastOf(viewer.app.run, n - 1);
        return [[...vector], total];
    })`);
    equal(found.map(([vector]) => vector), sample.map((n) => clocks.get(n)), `${name}: ${sample.length} vector clocks are right`);
    equal(found.map(([, total]) => total), sample.map((n) => pastCount(clocks, n)),
        `${name}: the causal past has as many events as the vector clocks say`);
    const futures = await page.evaluate(`${JSON.stringify(sample)}.map((n) => viewer.futureOf(viewer.app.run, n - 1).total)`);
    const after = (n) => [...clocks.entries()].filter(([, clock]) => clock.every((c, i) => c >= clocks.get(n)[i])).length;
    equal(futures, sample.map(after), `${name}: and so has the causal future`);
    equal(await page.evaluate(`[...viewer.app.run.lamport].slice(0, 400)`), lamportClocks(run.records).slice(0, 400),
        `${name}: Lamport's clocks are right`);
}

function lamportClocks(records) {
    const now = new Map(), of = new Map();
    return records.map((r) => {
        if (!isEvent(r)) {
            return 0;
        }
        const sent = r.kind === 'RECEIVE' ? of.get(r.cause) : 0;
        now.set(r.node, Math.max(now.get(r.node) || 0, sent) + 1);
        of.set(r.number, now.get(r.node));
        return now.get(r.node);
    });
}

async function findsWhatIsThere(page, name, run, words) {
    await page.keyboard.press('/');
    await page.keyboard.type(words.join(' '));
    const found = await page.textContent('#found');
    const matches = (line) => words.every((word) => /^n\d+$/.test(word)
        ? new RegExp(`\\b${word}\\b`).test(line.replace(/[{].*[}]/, '')) : line.toLowerCase().includes(word.toLowerCase()));
    const expected = run.lines.filter((line) => matches(line.slice(15).replace(/ \(#\d+\)$/, ''))).length;
    claim(expected > 0 && found.startsWith(`${expected.toLocaleString('en')} of `), `${name}: finds ${words.join(' ')} ${expected} times`, found);
    await page.keyboard.press('Enter');
    const first = run.lines.findIndex((line) => matches(line.slice(15).replace(/ \(#\d+\)$/, ''))) + 1;
    claim((await selected(page)) >= first, `${name}: Enter goes to what was found`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    equal(await page.textContent('#found'), '', `${name}: Escape ends it`);
}

/* `type`: as the menu names it; `of`: which records it hides. */
async function filtersTypes(page, name, run, type, of) {
    await page.click('#filter summary');
    await page.uncheck(`[data-type="${type}"]`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('2');
    const expected = run.records.filter((r) => !of(r)).length;
    const head = await page.textContent('#list-head');
    claim(head.startsWith(`${expected.toLocaleString('en')} of `), `${name}: without ${type} ${expected} records are listed`, head);
    claim(/types hidden/.test(await page.textContent('#badge')), `${name}: the badge says that types are hidden`);
    await page.click('#filter summary');
    await page.check(`[data-type="${type}"]`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('1');
}

module.exports = { showsCounts, clickSelects, statesEqualReplay, clocksAreRight, findsWhatIsThere, filtersTypes, spotOf, open };
