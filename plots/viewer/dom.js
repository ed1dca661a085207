/* A short way to make elements: h('p.quiet', {title: 'x'}, 'text', h('b', 'more')). */

function h(kind, ...parts) {
    const [name, ...classes] = kind.split('.');
    const element = document.createElement(name || 'div');
    element.className = classes.join(' ');
    for (const part of parts.flat(Infinity)) {
        if (part === null || part === undefined || part === false) {
            continue;
        }
        if (part instanceof Node || typeof part !== 'object') {
            element.append(part);
            continue;
        }
        for (const [key, value] of Object.entries(part)) {
            if (key.startsWith('on')) {
                element.addEventListener(key.slice(2), value);
            } else if (value !== false && value !== null && value !== undefined) {
                element.setAttribute(key, value);
            }
        }
    }
    return element;
}

const byId = (id) => document.getElementById(id);

/* Text that leads to a record. */
function recordLink(run, place, text) {
    return h('button.link', { title: 'Select this record', onclick: () => select(place, { run, show: true }) },
        text ?? `#${run.number[place]}`);
}
