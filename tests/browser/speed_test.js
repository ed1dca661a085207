/* Large runs: when the page is ready, what a frame takes, what it holds. */
'use strict';

const { execFileSync } = require('child_process');
const path = require('path');
const { open } = require('./browser');
const { work } = require('./truth');
const { claim } = require('./tap');

const { DASIM, SRC } = process.env;

function percentile(values, share) {
    return values.slice().sort((a, b) => a - b)[Math.floor(values.length * share)];
}

/* All of it, many times. */
async function wholeFrames(page) {
    await page.keyboard.press('0');
    await page.waitForTimeout(200);
    return page.evaluate('(() => { viewer.app.frames.length = 0; for (let i = 0; i < 30; i++) { viewer.draw(); } return viewer.app.frames; })()');
}

/* As a reader would: into it, and along. */
async function frames(page) {
    await page.keyboard.press('0');
    await page.waitForTimeout(200);
    await page.evaluate('viewer.app.frames.length = 0');
    const box = await page.locator('.chart canvas').boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + 200);
    for (let i = 0; i < 40; i++) {
        await page.mouse.wheel(i % 10 === 9 ? 300 : 0, i < 30 ? -60 : 60);
        await page.waitForTimeout(25);
    }
    return page.evaluate('viewer.app.frames');
}

async function isFast(browser, entries, readyMost) {
    const file = path.join(work, `large${entries}.html`);
    execFileSync(DASIM, ['run', path.join(SRC, 'tests/browser/large.lua'), '--set', `entries=${entries}`, '--quiet', '--trace', file]);
    const page = await open(browser, file);
    const ready = await page.evaluate('performance.getEntriesByName("ready")[0].startTime');
    const records = await page.evaluate('viewer.app.run.count');
    const name = `${records.toLocaleString('en')} records`;
    claim(ready < readyMost, `${name}: ready in ${Math.round(ready)} ms, ${readyMost} at most`);
    for (const [what, measure] of [['of the whole run', wholeFrames], ['while zooming', frames]]) {
        const p90 = percentile(await measure(page), 0.9);
        claim(p90 < 100, `${name}: 9 of 10 frames ${what} take ${p90.toFixed(1)} ms of script at most, 100 allowed`);
    }
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    const heap = await session.send('Runtime.getHeapUsage');
    const megabytes = (heap.usedSize + (heap.backingStorageSize || 0)) / 1e6;
    claim(megabytes < 150, `${name}: the page holds ${megabytes.toFixed(0)} MB, 150 allowed`, heap);
    claim(page.complaints.length === 0, `${name}: no complaint and no request`, page.complaints);
    await page.close();
}

module.exports = { isFast };
