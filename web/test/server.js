// A store of the repository's own articles and one that means harm, served by the program, and a browser that looks at it.

import { spawn, execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync, rmSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const TOKEN = "a token for the browser tests";
const PROGRAM = process.env.EVIGRAPH ?? join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "release/evigraph");
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

/** An article whose every part tries to be markup. */
const HOSTILE = `<script>document.title='broken'</script> & <img src=x onerror="document.title='broken'">

1. <b>Mechanism</b>

Mesenchymal stem cells suppress IL-6 in the joint <script>document.title='broken'</script> [1]. See [this](javascript:alert(1)).

${"a".repeat(1_000_000)}

References

1. javascript:alert(1) "><script>document.title='broken'</script>. Cells. 2020.
`;

/** Starts the program on a new store; gives its address, and what ends it. */
export async function serve(options = {}) {
  if (!existsSync(PROGRAM)) throw new Error(`there is no program at ${PROGRAM}: run make build, or set EVIGRAPH`);
  const folder = mkdtempSync(join(tmpdir(), "evigraph-"));
  const store = options.store ?? join(folder, "store");
  if (!options.store && !options.empty) {
    const hostile = join(folder, "hostile.txt");
    writeFileSync(hostile, HOSTILE);
    execFileSync(PROGRAM, ["ingest", "data/articles", hostile, "--store", store], { cwd: ROOT, stdio: "pipe" });
  }
  const token = join(folder, "token");
  writeFileSync(token, TOKEN);
  const child = spawn(PROGRAM, ["serve", "--store", store, "--bind", "127.0.0.1:0", "--write", "--token-file", token], { cwd: ROOT });
  const address = await new Promise((done, fail) => {
    let told = "";
    child.stderr.on("data", (data) => {
      told += data;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(told);
      if (found) done(found[0]);
    });
    child.on("exit", () => fail(new Error(`the server ended: ${told}`)));
  });
  const stop = () => new Promise((done) => {
    child.removeAllListeners("exit");
    child.on("exit", () => {
      rmSync(folder, { recursive: true, force: true });
      done();
    });
    child.kill("SIGTERM");
  });
  return { address, stop };
}

/** A browser whose pages note every request that leaves this machine and every error of the console. */
export async function browse() {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const problems = [];
  const open = async (context = {}) => {
    const made = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...context });
    const page = await made.newPage();
    page.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol !== "data:" && hostname !== "127.0.0.1") problems.push(`a request leaves the machine: ${request.url()}`);
    });
    page.on("console", (message) => {
      // A page that answers 400 or 404 on purpose is told by the browser too.
      if (message.type() === "error" && !/the server responded with a status of 40\d/.test(message.text())) problems.push(`${page.url()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => problems.push(`${page.url()}: ${error.message}`));
    return page;
  };
  return { browser, open, problems };
}

/** Signs in as a person does. */
export async function signIn(page, address) {
  await page.goto(`${address}/login`);
  await page.getByLabel("Name or ORCID").fill("Ada");
  await page.getByLabel("Token").fill(TOKEN);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
}
