/*
 * The page in a real browser, opened from disk. Prints TAP and ends with "N passed, N failed".
 *
 * Environment: DASIM the program, SRC the source tree, BUILD_DIR where it was built and where the
 * driver is installed (browser/node_modules). CHROMIUM: another browser than Debian's.
 */
'use strict';

const { launch, open } = require('./browser');
const { record, work } = require('./truth');
const { counts, equal, claim } = require('./tap');
const reading = require('./reading_test');
const moving = require('./moving_test');
const { differenceIsShown } = require('./difference_test');
const { damageIsSaid } = require('./damage_test');
const { isFast } = require('./speed_test');

/* What is read out of each: a partition with two leaders, several resources, a crash and a restart,
 * clocks that drift, a memory, an election, processes of one node. */
const SCENARIOS = {
    partition: 'scenarios/faults/coordinator_partition.lua',
    philosophers: 'scenarios/lecture/05_dining_philosophers.lua',
    restart: 'scenarios/faults/token_ring_restart.lua',
    drift: 'scenarios/faults/coordinator_drift.lua',
    memory: 'scenarios/faults/write_invalidate_restart.lua',
    election: 'scenarios/lecture/65_split_brain.lua',
    processes: 'scenarios/lecture/15_the_lost_update.lua',
};

async function readOne(browser, name, run) {
    const page = await open(browser, run.html);
    await reading.showsCounts(page, name, run);
    await reading.clickSelects(page, name, run);
    await reading.statesEqualReplay(page, name, run);
    await reading.clocksAreRight(page, name, run);
    equal(page.complaints, [], `${name}: no complaint and no request`);
    await page.close();
}

async function moveOne(browser, name, run) {
    const page = await open(browser, run.html);
    await reading.findsWhatIsThere(page, name, run, ['release', 'n3']);
    await reading.findsWhatIsThere(page, name, run, ['epoch=9', 'receive']);
    await reading.filtersTypes(page, name, run, 'coordinator:REQUEST',
        (r) => r.type === 'REQUEST' && ['SEND', 'RECEIVE', 'LOST'].includes(r.kind));
    await moving.violationsAreFound(page, name, run);
    await moving.wheelKeepsTime(page, name);
    await moving.nodesHideAndMove(page, name);
    await moving.listIsLinked(page, name);
    await moving.savesSvg(page, name, work);
    await moving.plays(page, name);
    equal(page.complaints, [], `${name}: no complaint and no request while moving`);
    await page.close();
}

/* Two runs that go together for a while, two that do not, and two that are the same. */
async function compareTwo(browser) {
    const of = (name, ...options) => record(name, 'tests/browser/large.lua', ...options);
    const a = of('one', '--set', 'entries=2'), b = of('longer', '--set', 'entries=3');
    await differenceIsShown(browser, 'two settings', a, b);
    await differenceIsShown(browser, 'two seeds', a, of('other', '--set', 'entries=2', '--seed', '2'));
    await differenceIsShown(browser, 'one run twice', a, a);
}

async function main() {
    const browser = await launch();
    try {
        const runs = {};
        for (const [name, file] of Object.entries(SCENARIOS)) {
            runs[name] = record(name, file);
            await readOne(browser, name, runs[name]);
        }
        await moveOne(browser, 'partition', runs.partition);
        await moving.keysStep(browser, 'partition', runs.partition);
        await moving.schemesDiffer(browser, 'partition', runs.partition);
        await compareTwo(browser);
        await damageIsSaid(browser, runs.partition);
        await isFast(browser, 100, 2000);
        await isFast(browser, 1000, 5000);
    } catch (error) {
        claim(false, 'the tests run to their end', error.stack);
    } finally {
        await browser.close();
    }
    console.log(`1..${counts.passed + counts.failed}`);
    console.log(`${counts.passed} passed, ${counts.failed} failed`);
    process.exitCode = counts.failed > 0 ? 1 : 0;
}

main();
