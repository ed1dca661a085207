/* A page whose data were changed or cut says so in one sentence. */
'use strict';

const fs = require('fs');
const path = require('path');
const { open } = require('./browser');
const { work } = require('./truth');
const { claim } = require('./tap');

const DAMAGES = {
    'a changed letter in the data': (text) => {
        const at = text.indexOf('class="columns">') + 400;
        return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
    },
    'missing data': (text) => {
        const at = text.indexOf('class="columns">') + 300, end = text.indexOf('</script>', at);
        return text.slice(0, at) + text.slice(end);
    },
    'no data': (text) => text.replace(/class="columns">[^<]*</, 'class="columns"><'),
    'letters that are no base64': (text) => text.replace('class="columns">', 'class="columns">!!?'),
    'a broken description': (text) => text.replace('{"version":1,', '{"version":1'),
    'another version': (text) => text.replace('{"version":1,', '{"version":99,'),
};

async function damageIsSaid(browser, run) {
    const whole = fs.readFileSync(run.html, 'utf8');
    for (const [what, damage] of Object.entries(DAMAGES)) {
        const file = path.join(work, 'damaged.html');
        fs.writeFileSync(file, damage(whole));
        const page = await open(browser, file);
        const text = await page.textContent('#curtain');
        const shown = await page.isVisible('#curtain');
        claim(shown && /^This page is damaged: .+\. Export it again/.test(text), `${what} gives a sentence`, text);
        await page.close();
    }
}

module.exports = { damageIsSaid };
