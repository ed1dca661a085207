/*
 * What the page must show, worked out from what dasim itself writes (JSON Lines, text, the states
 * of the world) in the plainest way there is.
 */
'use strict';

const fs = require('fs');
const path = require('path');
const { execFileSync } = require('child_process');

const { DASIM, SRC, BUILD_DIR } = process.env;
const work = path.join(BUILD_DIR, 'browser');

/* One run in all forms. Its exit status does not matter here. */
function record(name, scenario, ...options) {
    const base = path.join(work, name), file = path.resolve(SRC, scenario);
    const run = (args) => {
        try {
            execFileSync(DASIM, args, { stdio: ['ignore', 'ignore', 'inherit'] });
        } catch (error) {
            if (![1, 3].includes(error.status)) {
                throw error;
            }
        }
    };
    run(['run', file, ...options, '--quiet', '--json', `${base}.json`,
        ...['html', 'jsonl', 'txt', 'dtrace'].flatMap((form) => ['--trace', `${base}.${form}`])]);
    return {
        html: `${base}.html`, trace: `${base}.dtrace`,
        verdicts: Object.entries(JSON.parse(fs.readFileSync(`${base}.json`, 'utf8')).verdicts)
            .map(([property, verdict]) => ({ property, ...verdict })),
        records: fs.readFileSync(`${base}.jsonl`, 'utf8').trim().split('\n').map((line) => JSON.parse(line)),
        lines: fs.readFileSync(`${base}.txt`, 'utf8').trimEnd().split('\n'),
        states: () => states(file),
    };
}

/* number of a record -> all values of all nodes behind it, as text. */
function states(file) {
    const out = execFileSync(path.join(BUILD_DIR, 'browser-states'), [file], { maxBuffer: 1 << 30, encoding: 'utf8' });
    return new Map(out.trimEnd().split('\n').map((line) => {
        const [number, ...values] = line.split(' ');
        return [Number(number) - 1, values];
    }));
}

/* A record that is an event of its node: what befell the network is none. */
function isEvent(r) {
    return r.node !== null && r.kind !== 'LOST' && r.kind !== 'LINKS';
}

/* Vector clocks as in the paper: all of them, one addition at a time. */
function vectorClocks(records, nodes) {
    const now = Array.from({ length: nodes }, () => new Array(nodes).fill(0));
    const clocks = new Map();
    for (const r of records) {
        if (!isEvent(r)) {
            continue;
        }
        const mine = now[r.node];
        if (r.kind === 'RECEIVE') {
            clocks.get(r.cause).forEach((n, i) => { mine[i] = Math.max(mine[i], n); });
        }
        mine[r.node]++;
        clocks.set(r.number, mine.slice());
    }
    return clocks;
}

/* Events before or at that one: those whose clock is nowhere ahead of its clock. */
function pastCount(clocks, number) {
    const own = clocks.get(number);
    return [...clocks.values()].filter((clock) => clock.every((n, i) => n <= own[i])).length;
}

/* The page of two of them. */
function pair(a, b) {
    const file = path.join(work, 'pair.html');
    execFileSync(DASIM, ['export', a.trace, b.trace, '-o', file], { stdio: ['ignore', 'ignore', 'inherit'] });
    return file;
}

module.exports = { work, record, pair, isEvent, vectorClocks, pastCount };
