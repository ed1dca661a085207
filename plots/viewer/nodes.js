/* Which nodes have a lane, and in which order. */

const NODES_EDITED_MOST = 2000;

function renderNodes() {
    const box = byId('nodes'), count = Math.max(...app.runs.map((run) => run.nodes));
    const buttons = h('p.steps',
        h('button', { onclick: () => { view.hidden.clear(); nodesChanged(); } }, 'show all'),
        h('button', { onclick: () => { view.order.forEach((n) => view.hidden.add(n)); nodesChanged(); } }, 'hide all'),
        h('button', { onclick: () => { view.order.sort((a, b) => a - b); nodesChanged(); } }, 'order by number'),
        h('button', { title: 'Only the nodes that had to do with the selected event', onclick: () => showRelated() }, 'only its causal past'));
    const rows = view.order.slice(0, NODES_EDITED_MOST).map((node, i) => h('div.node', { 'data-node': node },
        h('label', h('input', { type: 'checkbox', checked: view.hidden.has(node) ? false : '', onchange: () => toggleNode(node) }), `n${node}`),
        h('button', { 'aria-label': `Move node ${node} up`, title: 'up', disabled: i === 0 ? '' : false, onclick: () => moveNode(node, -1) }, '↑'),
        h('button', { 'aria-label': `Move node ${node} down`, title: 'down', disabled: i === count - 1 ? '' : false, onclick: () => moveNode(node, 1) }, '↓')));
    box.replaceChildren(buttons, ...rows);
}

function nodesChanged() {
    renderNodes();
    renderEvent();
    invalidate();
}

function toggleNode(node) {
    if (!view.hidden.delete(node)) {
        view.hidden.add(node);
    }
    nodesChanged();
}

function moveNode(node, by) {
    const from = view.order.indexOf(node), to = from + by;
    if (from >= 0 && to >= 0 && to < view.order.length) {
        view.order.splice(from, 1);
        view.order.splice(to, 0, node);
        nodesChanged();
        byId('nodes').querySelector(`[data-node="${node}"] button:${by < 0 ? 'nth-of-type(1)' : 'nth-of-type(2)'}`)?.focus();
    }
}

function showRelated() {
    const run = app.run;
    if (run.selected >= 0) {
        const { reach } = pastOf(run, run.selected);
        view.order.forEach((n) => (reach[n] >= 0 ? view.hidden.delete(n) : view.hidden.add(n)));
        nodesChanged();
    }
}
