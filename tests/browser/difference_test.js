/* Two runs side by side: where they begin to differ, and in what. */
'use strict';

const { open, selected } = require('./browser');
const { pair } = require('./truth');
const { claim, equal } = require('./tap');

/* The number of the first record that is not the same; 0: there is none. */
function firstDifference(a, b) {
    const most = Math.max(a.records.length, b.records.length);
    for (let i = 0; i < most; i++) {
        if (JSON.stringify(a.records[i]) !== JSON.stringify(b.records[i])) {
            return i + 1;
        }
    }
    return 0;
}

async function differenceIsShown(browser, name, a, b) {
    const page = await open(browser, pair(a, b));
    const expected = firstDifference(a, b), head = await page.textContent('#verdict');
    equal(await page.evaluate('viewer.app.charts.map((c) => c.run.count)'), [a.records.length, b.records.length],
        `${name}: both runs are there, one below the other`);
    if (expected === 0) {
        claim(/the two runs are the same/.test(head), `${name}: the page says that they are the same`, head);
    } else {
        claim(head.includes(`first difference: record #${expected.toLocaleString('en')}`), `${name}: they differ first at record ${expected}`, head);
        equal(await selected(page), expected, `${name}: that record is selected`);
        claim(await page.locator('.differences tbody tr').count() > 0, `${name}: what differs stands side by side`);
        await page.evaluate('viewer.app.run.selected = 0');
        await page.keyboard.press('j');
        claim(/^Nothing/.test(await page.textContent('.differences p')), `${name}: before it nothing differs`);
        const marked = await page.evaluate('[...document.querySelectorAll(".row.differs .n")].length');
        await page.keyboard.press('2');
        await page.click('#verdict button');
        await page.waitForTimeout(60);
        const first = await page.locator('.row.differs .n').first().textContent();
        equal([marked, first], [0, `#${expected}`], `${name}: the list marks it, and none before`);
    }
    equal(page.complaints, [], `${name}: no complaint and no request`);
    await page.close();
}

module.exports = { differenceIsShown };
