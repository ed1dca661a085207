/* Claims, as TAP. */
'use strict';

const counts = { passed: 0, failed: 0 };

function claim(good, words, detail) {
    counts[good ? 'passed' : 'failed']++;
    console.log(`${good ? 'ok' : 'not ok'} ${counts.passed + counts.failed} - ${words}`);
    if (!good && detail !== undefined) {
        console.log(`  # ${typeof detail === 'string' ? detail : JSON.stringify(detail)}`);
    }
}

function equal(found, expected, words) {
    const a = JSON.stringify(found), b = JSON.stringify(expected);
    claim(a === b, words, `found ${a}, expected ${b}`);
}

module.exports = { counts, claim, equal };
