/* The page moves as it says: keys, links, wheel, play, nodes, figures. */
'use strict';

const fs = require('fs');
const { open, selected } = require('./browser');
const { isEvent } = require('./truth');
const { claim, equal } = require('./tap');

async function press(page, ...keys) {
    for (const key of keys) {
        await page.keyboard.press(key);
    }
    return selected(page);
}

async function keysStep(browser, name, run) {
    const receive = run.records.find((r) => r.kind === 'RECEIVE' && r.number > 20);
    const page = await open(browser, run.html, { hash: `#e=${receive.number}` });
    equal(await selected(page), receive.number, `${name}: #e=${receive.number} selects that record`);
    equal(await press(page, 'j'), receive.number + 1, `${name}: j goes to the next record`);
    equal(await press(page, 'k', 'k'), receive.number - 1, `${name}: k goes back`);
    await press(page, 'j');
    equal(await press(page, '['), receive.cause, `${name}: [ goes to the send`);
    equal(await press(page, ']'), receive.number, `${name}: ] goes to the receive`);
    const own = run.records.filter((r) => isEvent(r) && r.node === receive.node).map((r) => r.number);
    const at = own.indexOf(receive.number);
    equal(await press(page, 'ArrowRight'), own[at + 1], `${name}: right goes on on the node`);
    equal(await press(page, 'ArrowLeft', 'ArrowLeft'), own[at - 1], `${name}: left goes back on the node`);
    equal(await page.evaluate('location.hash'), `#e=${own[at - 1]}`, `${name}: the address follows`);
    await press(page, 'p');
    equal(await page.evaluate('!!viewer.app.run.cone.past'), true, `${name}: p shows the causal past`);
    await press(page, 'f');
    equal(await page.evaluate('!!viewer.app.run.cone.future'), true, `${name}: f shows the causal future`);
    await press(page, 'Escape');
    equal(await page.evaluate('viewer.app.run.cone'), null, `${name}: Escape hides it`);
    const live = await page.textContent('#live');
    claim(/^Record \d+, |^$/.test(live), `${name}: what is selected is said aloud`, live);
    equal(page.complaints, [], `${name}: no complaint and no request while stepping`);
    await page.close();
}

async function violationsAreFound(page, name, run) {
    const expected = [...new Set(run.verdicts.filter((v) => v.verdict === 'violated' && v.record)
        .map((v) => v.record))].sort((a, b) => a - b);
    await page.evaluate('viewer.app.run.selected = -1');
    const found = [];
    for (let i = 0; i < expected.length; i++) {
        found.push(await press(page, 'v'));
    }
    equal(found, expected, `${name}: v goes from violation to violation`);
    equal(await press(page, 'v'), expected[0], `${name}: and begins again`);
    await press(page, 'Home');
}

async function wheelKeepsTime(page, name) {
    await press(page, '0');
    const box = await page.locator('.chart canvas').boundingBox();
    const x = box.x + 500, y = box.y + 200;
    await page.waitForTimeout(60);
    const at = () => page.evaluate('[viewer.app.charts[0].drawn.position(500), viewer.view.to - viewer.view.from]');
    const [before, wide] = await at();
    await page.mouse.move(x, y);
    for (let i = 0; i < 6; i++) {
        await page.mouse.wheel(0, -120);
    }
    await page.waitForTimeout(120);
    const [after, narrow] = await at();
    claim(narrow < wide / 2 && Math.abs(after - before) < narrow / 1000, `${name}: the wheel zooms, and keeps the time under the pointer`,
        { before, after, wide, narrow });
    await press(page, '0');
}

async function nodesHideAndMove(page, name) {
    await press(page, '3');
    const lanes = () => page.evaluate('(viewer.draw(), viewer.app.charts[0].drawn.shown)');
    const all = await lanes();
    await page.uncheck('#nodes [data-node="1"] input');
    equal(await lanes(), all.filter((n) => n !== 1), `${name}: a node can be hidden`);
    claim(/1 nodes? hidden/.test(await page.textContent('#badge')), `${name}: the badge says so`);
    await page.check('#nodes [data-node="1"] input');
    await page.click('#nodes [data-node="2"] button:nth-of-type(1)');
    equal((await lanes()).slice(0, 3), [0, 2, 1], `${name}: nodes can be put in another order`);
    await page.click('#nodes >> text=order by number');
    await press(page, '1');
}

async function listIsLinked(page, name) {
    await press(page, '2');
    await page.locator('#list').evaluate((list) => { list.scrollTop = 200; });
    await page.waitForTimeout(60);
    const row = page.locator('#list-rows .row').nth(6);
    const number = Number((await row.locator('.n').textContent()).slice(1));
    await row.click();
    equal(await selected(page), number, `${name}: a line of the list selects its record`);
    await press(page, 'j');
    equal(await page.locator('.row.selected .n').textContent(), `#${number + 1}`, `${name}: the list follows the keys`);
    await press(page, '1');
}

async function savesSvg(page, name, work) {
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 's')]);
    const file = `${work}/${name}.svg`;
    await download.saveAs(file);
    const text = fs.readFileSync(file, 'utf8');
    const sound = await page.evaluate(`(() => {
        const xml = new DOMParser().parseFromString(${JSON.stringify(text)}, 'image/svg+xml');
        return { error: !!xml.querySelector('parsererror'), texts: xml.querySelectorAll('text').length, paths: xml.querySelectorAll('path').length };
    })()`);
    claim(!sound.error && sound.texts > 10 && sound.paths > 10 && text.includes('>n0<'), `${name}: s saves the window as SVG`, sound);
}

async function plays(page, name) {
    await press(page, '0');
    await page.evaluate('viewer.app.run.selected = 0');
    await page.locator('#speed').evaluate((speed) => { speed.value = 55; });
    await press(page, ' ');
    await page.waitForTimeout(400);
    const on = await page.getAttribute('#play', 'aria-pressed');
    const moved = await selected(page);
    if (on === 'true') {
        await press(page, ' ');
    }
    claim(moved > 2, `${name}: play moves on`, { on, moved });
}

async function schemesDiffer(browser, name, run) {
    const paper = async (colorScheme) => {
        const page = await open(browser, run.html, { colorScheme });
        const pixel = await page.evaluate(`[...viewer.app.charts[0].canvas.getContext('2d').getImageData(5, 5, 1, 1).data].slice(0, 3)`);
        const body = await page.evaluate('getComputedStyle(document.body).backgroundColor');
        await page.close();
        return [pixel, body];
    };
    const [light] = await paper('light'), [dark, body] = await paper('dark');
    claim(light.every((c) => c > 200) && dark.every((c) => c < 60), `${name}: dark where the reader wants it dark`, { light, dark });
    equal(body, `rgb(${dark.join(', ')})`, `${name}: the chart and the page have one colour`);
}

module.exports = { keysStep, violationsAreFound, wheelKeepsTime, nodesHideAndMove, listIsLinked, savesSvg, plays, schemesDiffer };
