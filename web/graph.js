// The network of claims, drawn beside the table of the same edges.

import cytoscape from "cytoscape";

/** Where nodes begin, the best connected in the middle: always the same, so that a graph looks the same each time. */
function spiral(nodes, degree) {
  const ranked = nodes.map(({ data }) => data.id).sort((a, b) => (degree.get(b) ?? 0) - (degree.get(a) ?? 0) || (a < b ? -1 : 1));
  return Object.fromEntries(ranked.map((id, n) => [id, { x: 60 * Math.sqrt(n) * Math.cos(2.4 * n), y: 60 * Math.sqrt(n) * Math.sin(2.4 * n) }]));
}

/** Stretches the places of nodes over the whole of an element, so that names are as large as there is room. */
function fill(nodes, { clientWidth, clientHeight }) {
  const { x1, x2, y1, y2 } = nodes.boundingBox({ includeLabels: false });
  const [wide, high] = [(clientWidth * 0.9) / Math.max(x2 - x1, 1), (clientHeight * 0.9) / Math.max(y2 - y1, 1)];
  nodes.positions((node) => ({ x: (node.position("x") - x1) * wide, y: (node.position("y") - y1) * high }));
}

/** Pushes nodes apart until no name lies on another. */
function part(nodes) {
  const gap = 3;
  const boxes = nodes.map((node) => {
    const { x1, x2, y1, y2 } = node.boundingBox({ includeOverlays: false });
    return { node, x: (x1 + x2) / 2, y: (y1 + y2) / 2, wide: (x2 - x1) / 2 + gap, high: (y2 - y1) / 2 + gap, from: [(x1 + x2) / 2, (y1 + y2) / 2] };
  });
  for (let round = 0, moved = true; moved && round < 300; round++) {
    moved = false;
    for (const [n, a] of boxes.entries()) {
      for (const b of boxes.slice(n + 1)) {
        const [dx, dy] = [a.wide + b.wide - Math.abs(a.x - b.x), a.high + b.high - Math.abs(a.y - b.y)];
        if (dx <= 0 || dy <= 0) continue;
        moved = true;
        // Along the shorter way out, half each.
        const along = dx < dy ? "x" : "y";
        const push = ((a[along] <= b[along] ? 1 : -1) * (Math.min(dx, dy) + 0.1)) / 2;
        a[along] -= push;
        b[along] += push;
      }
    }
  }
  for (const { node, x, y, from } of boxes) node.shift({ x: x - from[0], y: y - from[1] });
}

const place = document.getElementById("graph");
// Cytoscape puts a style element into the page unless it finds this name; the page's policy forbids one, and the sheet has what it says.
document.querySelector('link[rel="stylesheet"]').id = "__________cytoscape_stylesheet";
const answer = await fetch(place.dataset.source);
const { elements } = await answer.json();
if (elements.nodes.length > 0) {
  place.hidden = false;
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name) || "#888";
  // Colours are computed by the browser, for cytoscape knows no light-dark().
  const probe = document.createElement("span");
  document.body.append(probe);
  const plain = (name) => {
    probe.style.color = colour(name);
    return getComputedStyle(probe).color;
  };
  const [text, accent, quiet, bad, ground] = ["--text", "--accent", "--quiet", "--bad-text", "--ground"].map(plain);
  probe.remove();
  const degree = new Map();
  for (const { data } of elements.edges) for (const end of [data.source, data.target]) degree.set(end, (degree.get(end) ?? 0) + 1);
  const most = Math.max(...degree.values());
  for (const { data } of elements.nodes) data.size = 14 + 34 * Math.sqrt((degree.get(data.id) ?? 0) / most);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const graph = cytoscape({
    container: place,
    elements,
    wheelSensitivity: 0.3,
    style: [
      { selector: "node", style: { label: "data(label)", width: "data(size)", height: "data(size)", "background-color": accent, color: text, "font-size": 13,
        "text-wrap": "wrap", "text-max-width": 110, "text-valign": "bottom", "text-margin-y": 3, "text-outline-color": ground, "text-outline-width": 2, "min-zoomed-font-size": 7 } },
      { selector: "edge", style: { width: "mapData(articles, 1, 8, 1, 5)", "line-color": quiet, "line-opacity": 0.55, "target-arrow-color": quiet, "target-arrow-shape": "triangle", "arrow-scale": 0.8, "curve-style": "bezier" } },
      { selector: 'edge[interaction = "evi:decreases"]', style: { "target-arrow-shape": "tee", "target-arrow-color": bad, "line-color": bad } },
      { selector: "edge[?negated]", style: { "line-style": "dashed" } },
      { selector: ".near", style: { "line-color": accent, "target-arrow-color": accent, "z-index": 9, "line-opacity": 1 } },
      { selector: ".far", style: { opacity: 0.15 } },
    ],
    layout: { name: "preset", positions: spiral(elements.nodes, degree) },
  });
  // What hangs together with nothing else is tied to the hub while places are sought, or it would be put far away.
  const [whole, ...others] = graph.elements().components().sort((a, b) => b.length - a.length);
  const hub = whole.nodes().max((node) => node.degree()).ele;
  const ties = graph.add(others.map((part) => ({ group: "edges", data: { source: hub.id(), target: part.nodes().first().id(), articles: 1, tie: true } })));
  const layout = graph.layout({ name: "cose", animate: false, fit: false, randomize: false, nodeRepulsion: () => 6000, idealEdgeLength: (edge) => (edge.data("tie") ? 180 : 70),
    nodeDimensionsIncludeLabels: true, numIter: 1500 });
  layout.one("layoutstop", () => {
    ties.remove();
    fill(graph.nodes(), place);
    part(graph.nodes());
    graph.fit(undefined, 12);
  });
  layout.run();
  graph.on("tap", "node", (event) => (location.href = `/entity/${encodeURI(event.target.id())}`));
  graph.on("mouseover", "node", (event) => {
    const near = event.target.closedNeighborhood();
    graph.elements().not(near).addClass("far");
    near.edges().addClass("near");
  });
  graph.on("mouseout", "node", () => graph.elements().removeClass("far near"));
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", `Network of ${elements.nodes.length} entities; the table below lists its relations`);
  if (still) graph.autoungrabify(true);
  place.graph = graph;
}
