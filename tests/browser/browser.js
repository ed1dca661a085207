/* Debian's chromium, and a page in it that must neither complain nor ask for anything. */
'use strict';

const path = require('path');
const fs = require('fs');
const { createRequire } = require('module');

const { work } = require('./truth');
const { chromium } = createRequire(path.join(work, 'package.json'))('playwright-core');

const ARGUMENTS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'];

function findChromium() {
    const names = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
    return names.find((name) => name && fs.existsSync(name));
}

/* With a new, empty folder of its own. */
function launch() {
    return chromium.launch({ executablePath: findChromium(), args: ARGUMENTS });
}

const IS_BUSY = '(({ hidden, textContent }) => !hidden && /Unpacking/.test(textContent))(document.getElementById("curtain"))';

/* complaints: of the console and requests, which must stay empty. */
async function open(browser, file, options = {}) {
    const { hash = '', ...context } = options;
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...context });
    page.complaints = [];
    page.on('console', (m) => page.complaints.push(`console ${m.type()}: ${m.text()}`));
    page.on('pageerror', (error) => page.complaints.push(`error: ${error.message}`));
    page.on('request', (r) => r.url().startsWith('file:') && r.isNavigationRequest() ||
        page.complaints.push(`request: ${r.url().slice(0, 80)}`));
    await page.goto(`file://${file}${hash}`);
    /* Not waitForFunction: what it does within the page, the page's own policy forbids. */
    for (let i = 0; i < 3000 && await page.evaluate(IS_BUSY); i++) {
        await page.waitForTimeout(10);
    }
    return page;
}

/* The number of the selected record; null: none. */
function selected(page) {
    return page.evaluate('viewer.app.run.selected < 0 ? null : viewer.app.run.number[viewer.app.run.selected]');
}

module.exports = { launch, open, selected };
