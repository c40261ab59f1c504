// Keys, the jump box and copying: what the pages gain with scripts. Everything works without.

const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null || row.tagName === "TR");
let at = -1;

/** Moves to a row: scrolled to, marked and focused. */
function go(to) {
  const all = rows();
  if (all.length === 0) return;
  all[at]?.classList.remove("here");
  at = Math.min(Math.max(to, 0), all.length - 1);
  const row = all[at];
  row.classList.add("here");
  row.setAttribute("tabindex", "-1");
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

/** Opens a form of the row that one is at, or presses its button. */
function press(key) {
  const found = (rows()[at] ?? document).querySelector(`[data-key="${key}"]`);
  if (!found) return false;
  const form = found.closest("details.more");
  if (form) form.open = true;
  if (found.tagName !== "SUMMARY") {
    found.click();
    return true;
  }
  found.parentElement.open = true;
  found.parentElement.querySelector("input:not([type=hidden]), select")?.focus();
  return true;
}

const KEYS = {
  j: ["the next row", () => go(at + 1)],
  k: ["the row before", () => go(at - 1)],
  Enter: ["open the row", () => rows()[at]?.querySelector("a.open, th a, a[href]")?.click()],
  a: ["accept the claim", () => press("a")],
  x: ["reject it", () => press("x")],
  s: ["add a source", () => press("s")],
  w: ["waive the finding", () => press("w")],
  u: ["undo", () => press("u") || document.querySelector('.told [data-key="u"]')?.click()],
  "/": ["find", () => document.getElementById("jump").focus()],
  g: ["gaps", () => (location.href = "/gaps")],
  "?": ["these keys", () => help()],
};

const off = () => localStorage.getItem("keys") === "off";

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, select, textarea, [contenteditable], .editor, dialog");
  if (event.key === "Escape" && typing && !typing.closest("dialog, .editor")) {
    typing.closest("details")?.removeAttribute("open");
    typing.blur();
    if (at >= 0) go(at);
    return;
  }
  if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
  const key = KEYS[event.key];
  if (!key || (off() && event.key !== "?" && event.key !== "Enter")) return;
  if (event.key === "Enter" && at < 0) return;
  event.preventDefault();
  key[1]();
});

// A row that is focused by other means is the one that keys act on.
document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("[data-row]");
  if (!row) return;
  const all = rows();
  all[at]?.classList.remove("here");
  at = all.indexOf(row);
});

/** The list of keys, with the switch that turns single letters off. */
function help() {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", "Keys");
  const list = document.createElement("dl");
  list.className = "statements";
  for (const [key, [what]] of Object.entries(KEYS)) {
    const [term, text, kbd] = [document.createElement("dt"), document.createElement("dd"), document.createElement("kbd")];
    kbd.textContent = key;
    term.append(kbd);
    text.textContent = what;
    list.append(term, text);
  }
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = !off();
  box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "on" : "off"));
  label.append(box, " Single-letter keys are on");
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  dialog.append(list, label, document.createElement("p"), close);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

for (const hint of document.querySelectorAll(".keys-hint")) hint.hidden = false;
document.getElementById("keys")?.addEventListener("click", help);

// After a decision one stands where the finding was: at the one that took its place.
const url = new URL(location.href);
if (url.searchParams.has("done") && !location.hash) {
  const kept = Number(sessionStorage.getItem("row") ?? -1);
  if (kept >= 0) go(kept);
}
document.addEventListener("submit", (event) => {
  if (event.target.action.endsWith("/curate")) sessionStorage.setItem("row", String(at));
});

// Copying
for (const button of document.querySelectorAll(".copy")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
}

// The jump box offers what it finds as one types.
const jump = document.getElementById("jump");
const offers = document.createElement("ul");
offers.className = "offers";
offers.id = "offers";
offers.hidden = true;
offers.setAttribute("role", "listbox");
offers.setAttribute("aria-label", "Found");
jump.form.append(offers);
for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": "offers", "aria-autocomplete": "list" })) {
  jump.setAttribute(name, value);
}
let picked = -1;
let waiting;

function close() {
  offers.hidden = true;
  picked = -1;
  jump.setAttribute("aria-expanded", "false");
  jump.removeAttribute("aria-activedescendant");
}

function pick(to) {
  const all = [...offers.children];
  all[picked]?.setAttribute("aria-selected", "false");
  picked = (to + all.length) % all.length;
  all[picked].setAttribute("aria-selected", "true");
  jump.setAttribute("aria-activedescendant", all[picked].id);
}

async function offer() {
  const typed = jump.value.trim();
  if (typed.length < 2) return close();
  const answer = await fetch(`/search.json?q=${encodeURIComponent(typed)}`).catch(() => null);
  if (!answer?.ok || jump.value.trim() !== typed) return;
  const found = (await answer.json()).slice(0, 10);
  offers.replaceChildren(
    ...found.map((hit, n) => {
      const [item, link, about] = [document.createElement("li"), document.createElement("a"), document.createElement("span")];
      item.id = `offer-${n}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      link.href = hit.link;
      link.tabIndex = -1;
      about.className = "n";
      about.textContent = ` ${hit.kind} · ${hit.about}`;
      link.append(hit.name, about);
      item.append(link);
      return item;
    }),
  );
  picked = -1;
  offers.hidden = found.length === 0;
  jump.setAttribute("aria-expanded", String(found.length > 0));
}

jump.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(offer, 120);
});
jump.addEventListener("keydown", (event) => {
  if (offers.hidden) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    pick(picked < 0 ? (event.key === "ArrowDown" ? 0 : -1) : picked + (event.key === "ArrowDown" ? 1 : -1));
  } else if (event.key === "Enter" && picked >= 0) {
    event.preventDefault();
    location.href = offers.children[picked].querySelector("a").href;
  } else if (event.key === "Escape") {
    close();
  }
});
jump.form.addEventListener("focusout", (event) => {
  if (!jump.form.contains(event.relatedTarget)) setTimeout(close, 150);
});
