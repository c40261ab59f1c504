// The SPARQL editor: highlighting, completion from the store's own vocabulary, the line of an error marked. It stands in the place of the plain
// text area, which it keeps filled, so that the form is sent as it is without it.

import { autocompletion } from "@codemirror/autocomplete";
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { linter, lintGutter, forceLinting } from "@codemirror/lint";
import { Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";

const KEYWORDS = ("SELECT DISTINCT WHERE OPTIONAL UNION MINUS FILTER BIND VALUES GRAPH ORDER BY GROUP HAVING LIMIT OFFSET CONSTRUCT DESCRIBE ASK AS " +
  "COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT EXISTS NOT IN REGEX CONTAINS STRSTARTS LCASE STR COALESCE BOUND").split(" ");

const asked = fetch("/complete.json").then((answer) => (answer.ok ? answer.json() : null), () => null);
let vocabulary;

/** The store's prefixes, classes and properties, as completions. */
async function known() {
  if (vocabulary) return vocabulary;
  const given = await asked;
  if (!given) return [];
  const part = (type) => (p) => ({
    label: p.name,
    type,
    detail: p.count ? `${p.label} (${p.count})` : p.label,
    info: p.about || undefined,
    boost: p.name.startsWith("evi:") ? 1 : 0,
  });
  vocabulary = [
    ...given.classes.map(part("class")),
    ...given.properties.map(part("property")),
    ...given.prefixes.map((p) => ({ label: `${p.name}:`, type: "namespace", detail: p.space, boost: -1 })),
    ...KEYWORDS.map((label) => ({ label, type: "keyword", boost: -2 })),
  ];
  return vocabulary;
}

/** Entities of the store whose name or identifier begins with what was typed. */
async function entities(typed) {
  if (typed.length < 2) return [];
  const answer = await fetch(`/complete.json?q=${encodeURIComponent(typed)}`).catch(() => null);
  if (!answer?.ok) return [];
  return (await answer.json()).entities.map((e) => ({ label: e.label, apply: apply(e.name), type: "constant", detail: `${e.name} ${e.about}` }));
}

/** An identifier as SPARQL can hold it: a prefixed name, or a full address. */
const apply = (name) => (name.includes("://") ? `<${name}>` : name);

async function complete(context) {
  const variable = context.matchBefore(/\?\w*/);
  if (variable) {
    const names = new Set(context.state.doc.toString().match(/\?\w+/g) ?? []);
    names.delete(variable.text);
    return { from: variable.from, options: [...names].map((label) => ({ label, type: "variable" })) };
  }
  const word = context.matchBefore(/[\w:-]+/);
  if (!word && !context.explicit) return null;
  const typed = word?.text ?? "";
  const options = [...(await known()), ...(typed.includes(":") && !/^[A-Z]/.test(typed) ? [] : await entities(typed))];
  return { from: word?.from ?? context.pos, options, filter: true, validFor: typed.length < 2 ? undefined : /^[\w:-]*$/ };
}

const area = document.getElementById("query");
const frame = document.createElement("div");
frame.className = "editor";
frame.id = "editor";
area.before(frame);
// Inside a shadow tree the editor's styles are sheets of their own, which the page's policy allows; style elements it forbids.
const root = frame.attachShadow({ mode: "open" });
const place = document.createElement("div");
root.append(place);
const dark = matchMedia("(prefers-color-scheme: dark)").matches;

/** The line that the engine's parser named, until the text is changed. */
let failing = area.dataset.errorLine ? { line: Number(area.dataset.errorLine), message: area.dataset.error } : null;
const marked = linter((view) => {
  if (!failing || failing.line > view.state.doc.lines) return [];
  const line = view.state.doc.line(failing.line);
  return [{ from: line.from, to: Math.max(line.to, line.from), severity: "error", message: failing.message }];
}, { delay: 0 });

/** Colours of the page, so that they hold in light and dark. */
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--link)", fontWeight: "600" },
  { tag: [tags.variableName, tags.definition(tags.variableName)], color: "light-dark(#5b3fa0, #c3aefb)" },
  { tag: [tags.string, tags.special(tags.string), tags.literal], color: "light-dark(#12532f, #a5e3bf)" },
  { tag: [tags.comment, tags.meta], color: "var(--quiet)" },
  { tag: [tags.atom, tags.number, tags.bool, tags.standard(tags.variableName)], color: "light-dark(#a34700, #ffb37a)" },
]);

/**
 * Text typed over a selection, put in by the editor: left to the browser, it would carry the look of what it replaces in a style attribute, which
 * the page's policy forbids.
 */
const typedOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (event.inputType !== "insertText" || event.isComposing || !event.data || /^[([{'"]$/.test(event.data) || view.state.selection.main.empty) return false;
    event.preventDefault();
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    return true;
  },
});

const view = new EditorView({
  doc: area.value,
  parent: place,
  root,
  extensions: [
    Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (area.form.requestSubmit(), true) }])),
    basicSetup,
    StreamLanguage.define(sparql),
    syntaxHighlighting(colours),
    typedOver,
    autocompletion({ override: [complete], activateOnTyping: true }),
    lintGutter(),
    marked,
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": "SPARQL", spellcheck: "false" }),
    EditorView.theme({
      "&": { fontSize: "0.9rem", backgroundColor: "transparent" },
      ".cm-content": { minHeight: "16rem", fontFamily: 'ui-monospace, "DejaVu Sans Mono", monospace' },
      ".cm-gutters": { backgroundColor: "transparent", color: "var(--quiet)" },
      ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--raised)" },
    }, { dark }),
    EditorView.updateListener.of((update) => {
      if (!update.docChanged) return;
      failing = null;
      area.value = view.state.doc.toString();
    }),
  ],
});
forceLinting(view);
area.hidden = true;
document.querySelector('label[for="query"]').addEventListener("click", () => view.focus());
// For people who measure and test: the view that is shown.
frame.view = view;
