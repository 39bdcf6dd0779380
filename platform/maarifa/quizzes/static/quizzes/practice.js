// Answers to practice questions are checked in their place. Without a script the form leads to a page that says the same.
(() => {
  const forms = [...document.querySelectorAll("article form[id^=try]")];
  if (!window.fetch || !forms.length) return;
  const headers = { Accept: "application/json" };
  const boxes = new Map();
  const touched = new Set();
  let offline;

  function id() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => (byte + 256).toString(16).slice(1)).join("");
  }

  function say(form, html) {
    const box = boxes.get(form);
    box.innerHTML = html;
    box.focus();
  }

  // null where what came is not for this script: the page for signing in, an error.
  async function ask(url, more) {
    const answer = await fetch(url, { credentials: "same-origin", headers, ...more });
    const isJson = (answer.headers.get("Content-Type") || "").startsWith(headers.Accept);
    return answer.ok && isJson ? answer.json() : null;
  }

  for (const form of forms) {
    const box = document.createElement("div");
    box.tabIndex = -1;
    box.setAttribute("role", "status");
    form.append(box);
    boxes.set(form, box);
    let asking, sent, event;
    for (const kind of ["input", "click"]) form.addEventListener(kind, () => touched.add(form));
    form.addEventListener("submit", async (submitted) => {
      submitted.preventDefault();
      if (asking) return;
      asking = true;
      const body = new URLSearchParams(new FormData(form));
      // The same answer has the same id until it has arrived.
      if (body.toString() !== sent) event = id();
      sent = body.toString();
      body.append("event", event);
      try {
        const found = await ask(form.action, { method: "POST", body });
        sent = "";
        if (!found) return form.submit();
        say(form, found.html);
      } catch {
        if (!offline) return form.submit();
        say(form, "<p>");
        box.firstChild.textContent = offline;
      } finally {
        asking = false;
      }
    });
    box.addEventListener("click", async (press) => {
      const link = press.target.closest("a[href*='show=1']");
      if (!link) return;
      press.preventDefault();
      const found = await ask(link.href).catch(() => null);
      if (found) say(form, found.html);
      else location.assign(link.href);
    });
  }

  function fill(form, fields) {
    for (const field of form.elements) {
      if (!(field.name in fields)) continue;
      if (/^(radio|checkbox)$/.test(field.type)) field.checked = fields[field.name].includes(field.value);
      else field.value = fields[field.name][0];
    }
  }

  // What was answered before, asked for when a reader comes to the first question.
  async function remember() {
    const found = await ask("practice/" + location.search).catch(() => null);
    if (!found) return;
    offline = found.offline;
    for (const form of forms) {
      const last = found.answers[form.id];
      if (!last || boxes.get(form).innerHTML || touched.has(form) || form.matches(":focus-within")) continue;
      fill(form, last.fields);
      boxes.get(form).innerHTML = last.html;
    }
    // Items to be put in order stand in that order then.
    dispatchEvent(new Event("pageshow"));
  }
  if (!window.IntersectionObserver) return;
  const watch = new IntersectionObserver((seen) => {
    if (!seen.some((one) => one.isIntersecting)) return;
    watch.disconnect();
    remember();
  });
  watch.observe(forms[0]);
})();
