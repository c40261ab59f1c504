// The workbench as people use it, in a browser. SCREENSHOTS=1 makes the pictures of docs/workbench anew.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ROOT, browse, serve, signIn } from "./server.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PICTURES = process.env.SCREENSHOTS && join(ROOT, "docs/workbench");
let server, browser, page, article, claim;

const at = (path) => server.address + path;
const goto = (path, on = page) => on.goto(at(path));
const rows = (on = page) => on.locator("tbody tr[data-row]").count();
const picture = async (name) => {
  if (!PICTURES) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
};

before(async () => {
  server = await serve();
  browser = await browse();
  page = await browser.open();
  await goto("/articles");
  article = await page.getByRole("link", { name: /worn hips/ }).getAttribute("href");
  await goto(article);
  claim = await page.locator(".beside a.open").first().getAttribute("href");
});

after(async () => {
  await browser?.browser.close();
  await server?.stop();
  assert.deepEqual(browser?.problems, [], "no request leaves the machine, and no page has an error");
});

const pages = () => ["/", "/gaps", "/claims", "/outcomes", "/articles", "/entities", "/references", "/graph", "/query", "/schema", "/runs", "/search?q=pain",
  "/upload", "/login", article, claim, "/entity/HGNC:6018", "/query?name=works-most-cited", "/claim/ffff"];

/** Serious violations that axe finds on the page; in the dark only colours differ. */
async function violations(on, scheme) {
  const options = { resultTypes: ["violations"], ...(scheme === "dark" && { runOnly: ["color-contrast"] }) };
  // In the page's own world a script would fall under its policy; this one is the test's.
  const found = await on.evaluate(`${AXE}; axe.run(document, ${JSON.stringify(options)})`);
  return found.violations.filter((v) => ["serious", "critical"].includes(v.impact)).map((v) => `${v.id}: ${v.nodes.map((n) => n.html).slice(0, 3).join(" | ")}`);
}

for (const colorScheme of ["light", "dark"]) {
  test(`every page renders without a serious violation (${colorScheme})`, async () => {
    const other = await browser.open({ colorScheme, bypassCSP: true });
    for (const path of pages()) {
      await goto(path, other);
      await other.locator("h1").waitFor();
      if (path.startsWith("/query")) await other.locator("#editor").waitFor();
      assert.deepEqual(await violations(other, colorScheme), [], path);
    }
    await other.close();
  });
}

test("pages fit a phone, and long words wrap", async () => {
  const phone = await browser.open({ viewport: { width: 375, height: 700 } });
  for (const path of [...pages(), "/articles?q=script"]) {
    await goto(path, phone);
    const [inner, wide] = await phone.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
    assert.ok(wide <= inner, `${path} is ${wide} wide on a phone`);
  }
  await phone.close();
});

test("hostile text shows as text", async () => {
  await goto("/articles?q=script");
  await page.locator("tbody th a").first().click();
  assert.match(await page.title(), /^<script>/);
  assert.equal(await page.locator(".text script, .text img, .text b, main script:not([src])").count(), 0);
  assert.match(await page.locator("article.text").innerText(), /<script>document\.title='broken'<\/script>/);
  assert.equal(await page.locator("a[href^='javascript' i]").count(), 0);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, "a word of a megabyte widens the page");
});

test("a claim clicked in the text opens it, and leads back", async () => {
  await goto(article);
  const said = page.locator("article.text a.said").first();
  const target = await said.getAttribute("href");
  await said.click();
  assert.equal(new URL(page.url()).hash, target);
  const item = page.locator(target);
  assert.ok(await item.evaluate((e) => e.matches(":target")));
  await item.getByRole("link", { name: "To its place in the text" }).click();
  assert.ok(await page.locator(`${target.replace("#c-", "#t-")}:target`).count());
  await page.locator(target).locator("a.open").click();
  await page.locator("blockquote").waitFor();
  await page.locator("main a[href*='#t-']").first().click();
  assert.ok(await page.locator(".anchor:target").count(), "the claim leads to its place in the article");
});

test("facets change the rows, and the CSV holds the same", async () => {
  await goto("/claims");
  const all = await rows();
  // The most frequent values of every facet are at hand, the others behind "more".
  assert.equal(await page.locator(".facets > details:not([open])").count(), 0);
  assert.ok((await page.locator(".facets > details > ul").first().locator("li").count()) <= 6);
  await page.locator(".facets > details", { hasText: "Relation" }).getByRole("link", { name: "decreases" }).click();
  const some = await rows();
  assert.ok(some > 0 && some < all, `${some} of ${all}`);
  assert.match(page.url(), /relation=evi:decreases/);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: /Download all/ }).click()]);
  const lines = readFileSync(await download.path(), "utf8").trimEnd().split(/\r?\n(?=https?:)/);
  assert.equal(lines.length - 1, some);
  assert.ok(lines.slice(1).every((l) => l.includes("evi:decreases")));
  await page.getByRole("link", { name: "Take this filter off" }).or(page.locator(".picked a")).first().click();
  assert.equal(await rows(), all);
  assert.equal(await page.locator("td .term").evaluateAll((all) => all.filter((e) => e.getClientRects().length > e.textContent.split(" ").length).length), 0, "words of a vocabulary stay whole");
  await page.getByRole("link", { name: "Confidence" }).click();
  assert.equal(await page.locator("th[aria-sort]").getAttribute("aria-sort"), "ascending");
});

test("a query completes, runs, and fails with its line marked", async () => {
  await goto("/query");
  await page.locator("#editor").waitFor();
  const editor = page.locator("#editor .cm-content");
  await editor.click();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("SELECT ?c { ?c a evi:MechanismC");
  await page.locator("#editor .cm-tooltip-autocomplete").getByText("evi:MechanismClaim").waitFor();
  await page.waitForTimeout(150);
  await page.keyboard.press("Enter");
  await page.keyboard.type(" ; rdf:object inter");
  await page.locator("#editor .cm-tooltip-autocomplete li").first().waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("SELECT ?c { ?c a evi:MechanismClaim } LIMIT 7");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Enter");
  await page.locator(".scroll table").waitFor();
  assert.equal(await page.locator(".scroll tbody tr").count(), 7);
  assert.match(page.url(), /query=SELECT/);
  await page.locator("#editor .cm-content").click();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText("SELECT ?c {\n  ?c a evi:Claim\n  FLITER(?c)\n}");
  await page.getByRole("button", { name: "Run" }).click();
  await page.locator(".problem mark").waitFor();
  assert.match(await page.locator(".problem mark").innerText(), /^3 \|/);
  await page.locator("#editor .cm-lint-marker-error").waitFor();
  await goto("/query?name=condition-signals");
  await page.locator(".named input[required]").fill("osteoarthritis, hip");
  await page.locator(".named .controls button").click();
  await page.locator(".scroll tbody tr").first().waitFor();
});

test("the graph is drawn beside its table", async () => {
  await goto("/graph");
  await page.locator("#graph canvas").first().waitFor();
  const drawn = await page.evaluate(() => document.getElementById("graph").graph.edges().length);
  assert.equal(drawn, await rows());
  const overlaps = await page.evaluate(() => {
    const boxes = document.getElementById("graph").graph.nodes().map((n) => [n.data("label"), n.boundingBox({ includeOverlays: false })]);
    return boxes.flatMap(([a, p], n) => boxes.slice(n + 1)
      .filter(([, q]) => p.x1 < q.x2 && q.x1 < p.x2 && p.y1 < q.y2 && q.y1 < p.y2).map(([b]) => `${a} on ${b}`));
  });
  assert.deepEqual(overlaps, [], "no name lies on another");
  const size = await page.evaluate(() => 13 * document.getElementById("graph").graph.zoom());
  assert.ok(size > 9, `names can be read: they are ${size} high`);
  await picture("graph");
});

test("the jump box offers what it finds, and keys move", async () => {
  await goto("/claims");
  await page.keyboard.press("/");
  await page.keyboard.type("interleukin", { delay: 5 });
  await page.keyboard.press("Control+A");
  await page.keyboard.type("pain");
  await page.locator("#offers li").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/(entity|article|claim)\//);
  await goto("/claims");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  assert.equal(await page.evaluate(() => [...document.querySelectorAll("tbody tr")].indexOf(document.activeElement)), 0);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/claim\//);
  await page.keyboard.press("?");
  await page.getByRole("dialog").getByLabel(/Single-letter keys/).uncheck();
  await page.getByRole("button", { name: "Close" }).click();
  await goto("/claims");
  await page.keyboard.press("j");
  assert.equal(await page.locator(".here").count(), 0, "keys are off");
  await page.evaluate(() => localStorage.clear());
});

test("pages work without scripts", async () => {
  const plain = await browser.open({ javaScriptEnabled: false });
  await goto("/query", plain);
  await plain.getByLabel("SPARQL", { exact: true }).fill("SELECT ?c { ?c a evi:Claim } LIMIT 3");
  await plain.getByRole("button", { name: "Run" }).click();
  assert.equal(await plain.locator(".scroll tbody tr").count(), 3);
  await goto("/graph", plain);
  assert.ok((await rows(plain)) > 0);
  await plain.close();
});

test("the worklist is done by keyboard alone", async () => {
  await signIn(page, server.address);
  const only = "/gaps?check=claim-without-citation";
  await goto(only);
  const total = async () => Number(/of ([\d,]+) finding/.exec(await page.locator(".count").innerText())?.[1].replace(",", "") ?? 0);
  const before = await total();
  assert.ok(before > 2, `${before} gaps`);
  const first = await page.locator(".gap").first().getAttribute("id");
  const sourced = () => page.locator("progress").first().getAttribute("value").then(Number);
  const done = await sourced();
  await page.keyboard.press("j");
  await page.keyboard.press("s");
  await page.keyboard.type("10.5555/added.1");
  await page.keyboard.press("Enter");
  await page.locator(".told").waitFor();
  assert.equal(await total(), before - 1, "a source added in place removes the gap");
  assert.equal(await page.locator(`#${first}`).count(), 0);
  assert.equal(await sourced(), done + 1, "and counts as progress");
  assert.equal(await page.evaluate(() => document.activeElement.classList.contains("gap")), true, "the next one is at hand");
  await page.keyboard.press("x");
  await page.keyboard.press("Tab");
  await page.keyboard.type("not what it says");
  await page.keyboard.press("Enter");
  await page.locator(".told .rejected").waitFor();
  assert.equal(await total(), before - 2);
  await page.keyboard.press("w");
  await page.keyboard.type("known");
  await page.keyboard.press("Enter");
  await page.locator(".told .waived").waitFor();
  assert.equal(await total(), before - 3);
  await page.getByRole("status").getByRole("button", { name: "Undo" }).click();
  assert.equal(await total(), before - 2);
  await goto("/runs");
  assert.equal(await page.locator("tbody td .badge.sourced").count(), 1);
});

test("an article is added and landed on", async () => {
  await goto("/upload");
  await page.getByLabel("or the text itself").fill("# On a knee\n\nPlatelet-rich plasma reduces pain in knee osteoarthritis [1].\n\n## References\n\n1. Abe K. Knees. 2022. doi:10.5555/knee.2\n");
  await page.getByRole("button", { name: "Read it" }).click();
  await page.waitForURL(/\/article\//);
  await page.getByRole("heading", { name: "On a knee" }).waitFor();
  assert.ok((await page.locator("a.said").count()) > 0);
});

test("pictures", { skip: !PICTURES }, async () => {
  await signIn(page, server.address);
  for (const [name, path] of [["home", "/"], ["gaps", "/gaps?level=error"], ["article", article], ["claims", "/claims"], ["outcomes", "/outcomes"]]) {
    await goto(path);
    await page.locator("h1").waitFor();
    await picture(name);
  }
  await goto(`/query?query=${encodeURIComponent("# What is said to lower IL-6, and on which source?\nSELECT ?subject ?status ?quote\nWHERE {\n  ?claim rdf:subject ?subject ;\n    rdf:predicate evi:decreases ;\n    rdf:object HGNC:6018 ;\n    evi:sourceStatus ?status ;\n    evi:hasEvidence/oa:hasSelector/oa:exact ?quote .\n}\n")}`);
  await page.locator("#editor").waitFor();
  await picture("sparql");
});

test("an empty store has pages too", async () => {
  const empty = await serve({ empty: true });
  const other = await browser.open();
  for (const path of ["/", "/gaps", "/claims", "/outcomes", "/graph", "/schema", "/runs"]) {
    assert.equal((await other.goto(empty.address + path)).status(), 200, path);
  }
  await other.close();
  await empty.stop();
});
