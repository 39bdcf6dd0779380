// Answers are saved soon, and kept on the device until then. Without a script, buttons save.
(() => {
  const form = document.getElementById("answers");
  if (!form || !window.AbortController) return;
  const box = form.querySelector("[data-attempt]");
  const words = box.dataset;
  const fields = form.elements;
  // The person and the attempt.
  const owner = (one) => one.elements.keep.value.replace(/^(.{36})[^/]*|:.*/g, "$1");
  const who = owner(form);
  const KEY = "answers:" + who;
  const seen = JSON.parse(fields.seen.value || "{}");
  const mine = new Set();
  // What the server asks about, until it changes.
  const refused = {};
  let button = form.querySelector("button");
  let timer, saving, again, sending, unsent;
  // All answers, and when they changed.
  let last, given;
  let wait = 4000;

  const isWritten = (field) => /^[hst]/.test(field.type);
  // Its question and part.
  const place = (field) => /^q(\d+)_?(.*)/.exec(field.name) || [];

  // By position: now, or when loaded.
  function answers(loaded) {
    const found = {};
    const copy = form.cloneNode(true);
    copy.reset();
    for (const field of loaded ? copy : form) {
      const [, at, part] = place(field);
      if (!at) continue;
      const value = field.value.trim();
      const before = (found[at] = found[at] || null);
      if (!field.checked && !(isWritten(field) && value)) continue;
      if (part) found[at] = { ...before, [part]: before && before[part] ? before[part] + "," + value : value };
      else found[at] = field.checked ? [...(before || []), value] : value;
    }
    return found;
  }

  function flat(answer) {
    return String((Array.isArray(answer) ? answer : Object.entries(answer || {})).sort());
  }

  function same(one, other) {
    return flat(one) === flat(other);
  }

  function changed(loaded) {
    const now = answers(loaded);
    for (const at in now) if (same(now[at], seen[at])) delete now[at];
    return now;
  }

  function fill(at, answer) {
    for (const field of fields) {
      const [, its, part] = place(field);
      if (its !== at || field.type === "hidden") continue;
      const given = (part ? answer && answer[part] : answer) || "";
      if (isWritten(field)) field.value = given;
      else field.checked = String(given).split(",").includes(field.value);
    }
  }

  // Also of other windows.
  function stored() {
    const { at, answers } = JSON.parse(localStorage.getItem(KEY)) || {};
    given = at || Date.now();
    return answers || {};
  }

  function keep() {
    fields.seen.value = JSON.stringify(seen);
    const isDone = (at) => seen[at] && !form.querySelector(`button[value^=q${at}_]`);
    document.getElementById("answered").textContent = Object.keys(seen).filter(isDone).length;
    const now = changed();
    for (const at in answers()) if (!(at in now)) mark(at, "");
    try {
      const all = stored();
      if (last && last !== JSON.stringify(answers())) given = Date.now();
      last = JSON.stringify(answers());
      mine.forEach((at) => delete all[at]);
      for (const at in now) {
        mine.add(at);
        all[at] = [now[at], seen[at] || null];
      }
      if (Object.keys(all).length) localStorage.setItem(KEY, JSON.stringify({ at: given, answers: all }));
      else localStorage.removeItem(KEY);
      return true;
    } catch {
      return false;
    }
  }

  function restore() {
    let found = false;
    try {
      const all = stored();
      const now = answers();
      for (const at in all) {
        const [answer, base] = all[at];
        mine.add(at);
        if (!same(answer, seen[at])) fill(at, answer);
        // A step that is fixed by now has no field.
        if (same(answer, now[at]) || !same(answer, answers()[at])) fill(at, now[at]);
        else {
          seen[at] = base;
          found = true;
        }
      }
      for (const key in localStorage) {
        if (/^answers:/.test(key) && Date.now() - JSON.parse(localStorage[key]).at > 2.6e9) localStorage.removeItem(key);
      }
    } catch {}
    last = 0;
    keep();
    if (found) say(words.found);
    if (Object.keys(changed()).length) later(100);
  }

  function say(text) {
    box.hidden = false;
    box.textContent = text + (unsent ? " " + words.unsent : "");
    document.documentElement.style.scrollPaddingBottom = box.offsetHeight + "px";
  }

  // Without a message, what stands there goes.
  function mark(at, message) {
    const field = form.querySelector(`[name=q${at}], [name^=q${at}_]`);
    const group = field.closest("fieldset");
    const old = [...group.querySelectorAll(".error, .sheet")];
    const links = form.querySelectorAll(".errors a");
    for (const link of links) if (group.querySelector(link.hash)) old.push(link.closest(links[1] ? "li" : ".errors"));
    old.forEach((one) => one.remove());
    group.className = message && "wrong";
    field.setAttribute("aria-invalid", !!message);
    if (!message) return;
    group.querySelector(".help").insertAdjacentHTML("afterend", `<p class="error" id="error_q${at}">`);
    group.querySelector(".error").textContent = message;
    group.setAttribute("aria-describedby", "error_q" + at);
  }

  function forget() {
    Object.assign(seen, answers());
    keep();
  }

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }

  function offline() {
    say(keep() ? words.kept : words.lost);
    later((wait = Math.min(wait * 2, 60000)));
  }

  function id() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => (byte + 256).toString(16).slice(1)).join("");
  }

  function ask(url, more) {
    const stop = new AbortController();
    const limit = setTimeout(() => stop.abort(), 30000);
    return fetch(url, { credentials: "same-origin", signal: stop.signal, ...more }).finally(() => clearTimeout(limit));
  }

  async function post(body, renewed) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": fields.csrfmiddlewaretoken.value };
    const answer = await ask(words.events, { method: "POST", headers, body });
    if (answer.status !== 403 || renewed) return answer;
    const page = new DOMParser().parseFromString(await (await ask(location.href)).text(), "text/html");
    const fresh = page.getElementById("answers");
    if (!fresh || owner(fresh) !== who) return answer;
    fields.csrfmiddlewaretoken.value = fresh.elements.csrfmiddlewaretoken.value;
    return post(body, true);
  }

  async function save() {
    clearTimeout(timer);
    if (saving || sending) return void (again = true);
    const now = changed();
    const places = Object.keys(now).filter((at) => !(at in refused) || !same(refused[at], now[at]));
    keep();
    if (!places.length) return void (Object.keys(now).length || say(words.saved));
    saving = true;
    try {
      const events = places.map((at) => ({
        id: id(),
        kind: "answer-saved",
        happened: new Date(given),
        payload: { attempt: words.attempt, form: fields.event.value, responses: { [at]: now[at] }, base: { [at]: seen[at] || null } },
      }));
      const answer = await post(JSON.stringify({ clock: new Date(), events }));
      if (answer.status === 401 || answer.status === 403) say(words.out);
      else if (!answer.ok) offline();
      else took(now, places, (await answer.json()).outcomes);
    } catch {
      offline();
    }
    saving = false;
    if (again) {
      again = false;
      save();
    }
  }

  function took(now, places, outcomes) {
    wait = 4000;
    const said = [];
    places.forEach((at, number) => {
      const outcome = outcomes[number];
      if (/^CLOSED|^TIME_OVER/.test(outcome.code)) {
        forget();
        location.reload();
      } else if (outcome.status === "accepted" && !outcome.conflicts) seen[at] = now[at];
      else {
        refused[at] = now[at];
        said.push(words.question.replace("#", at) + " " + (outcome.conflicts ? words.other : outcome.message));
        if (!outcome.conflicts) mark(at, outcome.message);
      }
    });
    keep();
    say(said.join(" ") || words.saved);
  }

  async function submit(event) {
    event.preventDefault();
    if (sending) return;
    sending = true;
    clearTimeout(timer);
    keep();
    const data = new URLSearchParams(new FormData(form));
    data.append(button.name, button.value);
    const headers = { Accept: "application/json", "X-Age": Date.now() - given };
    try {
      const answer = await ask(form.action, { method: "POST", headers, body: data });
      if (answer.status >= 500) throw new Error(answer.status);
      if (/^application.json/.test(answer.headers.get("Content-Type"))) {
        const said = await answer.json();
        if (said.done) forget();
        // Signing in answers other JSON.
        if (said.url) return go(said.url);
      }
    } catch {
      sending = false;
      unsent = button.name === "send";
      return offline();
    }
    const hidden = fields.event.cloneNode();
    hidden.name = button.name;
    hidden.value = button.value;
    form.append(hidden);
    form.submit();
  }

  function go(url) {
    const there = new URL(url, location.href);
    if (there.pathname !== location.pathname) return location.assign(there);
    history.replaceState(null, "", there);
    location.reload();
  }

  Object.assign(refused, changed(true));
  // Without a script, Back fills them in.
  for (const field of fields) field.autocomplete = "off";
  form.addEventListener("click", (event) => {
    button = event.target.closest("button") || button;
  });
  form.addEventListener("submit", submit);
  form.addEventListener("input", keep);
  form.addEventListener("change", () => later(600));
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.type !== "text") return;
    event.preventDefault();
    save();
  });
  addEventListener("online", () => later(100));
  addEventListener("pageshow", () => {
    sending = false;
    restore();
  });
})();
