// Pages of authoring: what is typed is kept in this browser until it is saved, and rows can be added.
(() => {
  "use strict";
  const notice = document.getElementById("unsaved");
  if (!notice) return;
  const PREFIX = `typed:${notice.dataset.account}:`;
  const KEPT_DAYS = 7;
  const form = document.querySelector("body.change-form #content-main form[method=post]");

  function read(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  }
  function write(key, value) {
    try {
      if (value) localStorage.setItem(key, JSON.stringify(value)); else localStorage.removeItem(key);
    } catch { /* No storage here, or it is full: the page works as without a script. */ }
  }
  function keys() {
    try { return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)); } catch { return []; }
  }

  // What was sent and has been saved is no longer needed, nor what nobody came back for.
  const saved = document.querySelector(".messagelist .success") && !document.querySelector(".errornote");
  for (const key of keys()) {
    const copy = read(key);
    const old = !copy || Date.now() - copy.at > KEPT_DAYS * 86400000;
    if (old || (copy.sent && saved)) write(key, null);
  }

  // After Django's own script, which goes to the first field of a new row.
  const errors = document.getElementById("errors");
  if (errors) addEventListener("load", () => errors.focus());

  for (const rows of document.querySelectorAll(".rows[data-add]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = rows.dataset.add;
    button.addEventListener("click", () => addRow(rows).querySelector("input, textarea, select").focus());
    rows.append(button);
  }

  function addRow(rows) {
    const count = rows.querySelector("input[type=hidden][name$='-rows']");
    const name = count.name.slice(0, -"-rows".length);
    const all = rows.querySelectorAll(".row");
    const row = all[all.length - 1].cloneNode(true);
    const number = Number(count.value);
    row.setAttribute("aria-label", row.getAttribute("aria-label").replace(/\d+/, number + 1));
    for (const input of row.querySelectorAll("input, textarea, select")) {
      input.name = input.name.replace(`${name}-${number - 1}-`, `${name}-${number}-`);
      input.id = `id_${input.name}`;
      input.value = "";
    }
    count.value = number + 1;
    all[all.length - 1].after(row);
    return row;
  }

  if (!form || notice.dataset.kept !== "yes") return;
  const KEY = PREFIX + location.pathname;
  const failed = Boolean(document.querySelector(".errornote"));
  let sending = false;
  let timer = 0;

  function isTyped(input) {
    if (!input.name || input.disabled || ["password", "file", "submit", "button"].includes(input.type)) return false;
    return input.type !== "hidden" || /(^|-)loaded$|-rows$/.test(input.name);
  }
  function values() {
    const found = {};
    for (const input of form.elements) {
      if (!isTyped(input)) continue;
      if (input.type === "checkbox" || input.type === "radio") found[`${input.name}=${input.value}`] = input.checked;
      else if (input.multiple) found[input.name] = [...input.selectedOptions].map((option) => option.value).join("\n");
      else found[input.name] = input.value;
    }
    return found;
  }
  function differing(before, after) {
    const names = Object.keys(after).filter((name) => before[name] !== after[name]);
    return names.filter((name) => !/(^|-)loaded$|-rows$/.test(name));
  }

  // A page that comes back with errors holds what was typed, and none of it is saved.
  const atFirst = failed ? {} : values();
  function isUnsaved() {
    return failed || differing(atFirst, values()).length > 0;
  }
  function keep() {
    clearTimeout(timer);
    if (isUnsaved()) write(KEY, { at: Date.now(), sent: sending, values: values() });
    else write(KEY, null);
  }
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, 400); });
  form.addEventListener("change", keep);
  form.addEventListener("submit", () => { sending = true; keep(); });
  addEventListener("pagehide", () => { if (isUnsaved()) keep(); });
  addEventListener("beforeunload", (event) => {
    if (!sending && isUnsaved()) { event.preventDefault(); event.returnValue = ""; }
  });

  const copy = read(KEY);
  // What waits for an answer has a place of its own, which new typing does not write over.
  if (failed) keep();
  else {
    if (copy) write(`${KEY}#${copy.at}`, { ...copy, sent: false });
    write(KEY, null);
    offerNext();
  }

  function offerNext() {
    const waiting = keys().filter((key) => key.startsWith(`${KEY}#`)).sort().reverse();
    for (const key of waiting) {
      const copy = read(key);
      if (copy && differing(atFirst, copy.values).length) { offer(key, copy); return; }
      write(key, null);
    }
  }
  function offer(key, copy) {
    const answered = new AbortController();
    const button = (name, answer) => notice.querySelector(name).addEventListener("click", answer, { signal: answered.signal });
    const time = notice.querySelector("time");
    time.dateTime = new Date(copy.at).toISOString();
    time.textContent = new Date(copy.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    const end = () => { answered.abort(); write(key, null); done(); keep(); offerNext(); };
    button("[data-restore]", () => {
      if (isUnsaved() && !confirm(notice.dataset.ask)) return;
      restore(copy.values);
      end();
    });
    button("[data-discard]", end);
    form.before(notice);
    notice.hidden = false;
  }
  function done() {
    notice.hidden = true;
    form.querySelector("input:not([type=hidden]), textarea, select")?.focus({ preventScroll: true });
  }
  function restore(typed) {
    for (const rows of form.querySelectorAll(".rows[data-add]")) {
      const count = rows.querySelector("input[type=hidden][name$='-rows']");
      while (Number(typed[count.name] || 0) > Number(count.value)) addRow(rows);
    }
    for (const input of form.elements) {
      if (!isTyped(input) || input.name.endsWith("-rows")) continue;
      if (input.type === "checkbox" || input.type === "radio") {
        const was = typed[`${input.name}=${input.value}`];
        if (was !== undefined) input.checked = was;
      } else if (typed[input.name] === undefined) continue;
      else if (input.multiple) {
        const chosen = typed[input.name].split("\n");
        for (const option of input.options) option.selected = chosen.includes(option.value);
      } else input.value = typed[input.name];
    }
  }
})();
