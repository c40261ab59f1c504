// The network of claims, drawn beside the table of the same edges.

import cytoscape from "cytoscape";

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
    layout: { name: "cose", animate: false, nodeRepulsion: () => 6000, idealEdgeLength: () => 70, componentSpacing: 90, padding: 20, nodeDimensionsIncludeLabels: true, randomize: true, numIter: 1500 },
  });
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
