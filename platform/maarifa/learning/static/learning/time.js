// The time left of a timed attempt. The server's clock counts; without a script the page says when the time is over.
(() => {
  const line = document.getElementById("time");
  const timer = line.querySelector("[role=timer]");
  const over = document.getElementById("over");
  const clock = timer.querySelector("bdi");
  const words = line.querySelector("span");
  const said = document.getElementById("time-said");
  const warnings = [600, 300, 60];
  let end = Date.now() + line.dataset.left * 1000;
  let asked = Date.now();
  // Whether there was any when the page was loaded, or since.
  let runs = line.dataset.left > 0;
  let asking, done;

  const left = () => Math.max(0, Math.ceil((end - Date.now()) / 1000));

  function written(seconds) {
    const two = (number) => String(number).padStart(2, "0");
    const minutes = Math.floor(seconds / 60);
    const hours = Math.floor(minutes / 60);
    return (hours ? hours + ":" + two(minutes % 60) : minutes) + ":" + two(seconds % 60);
  }

  function show(isOver) {
    timer.hidden = isOver;
    words.hidden = !isOver;
  }

  // More time may have been given since, and a device that slept has lost count.
  async function hear() {
    asked = Date.now();
    try {
      const stop = new AbortController();
      // Long before the minute is over in which answers still count.
      setTimeout(() => stop.abort(), 15000);
      const headers = { Accept: "application/json" };
      const answer = await fetch(line.dataset.url, { credentials: "same-origin", signal: stop.signal, headers });
      if (!answer.ok) return;
      const found = await answer.json();
      if (found.ended) return over.click();
      const before = left();
      end = Date.now() + found.left * 1000;
      if (!found.left) return;
      runs = true;
      done = false;
      show(false);
      clock.textContent = written(found.left);
      if (found.left > before + 5) said.textContent = timer.textContent;
    } catch {}
  }

  const ask = () => asking || (asking = hear().finally(() => (asking = null)));

  async function finish() {
    done = true;
    await ask();
    if (left()) return void (done = false);
    words.textContent = said.textContent = line.dataset.over;
    show(true);
    // Once: where the answers are in the way, the page comes again, and they can be corrected.
    if (runs) over.click();
  }

  function tick() {
    const seconds = left();
    // When the time is over: until a lost line is back, or the server has ended the attempt.
    // And before: that also tells the server that it is at work, which it has to hear within a minute.
    if (Date.now() - asked > (done ? 20000 : 40000)) ask();
    if (done) return;
    clock.textContent = written(seconds);
    if (seconds <= warnings[0]) {
      while (seconds <= warnings[0]) warnings.shift();
      said.textContent = timer.textContent;
    }
    if (!seconds) finish();
  }

  Object.assign(line.style, { position: "sticky", top: 0, background: "var(--paper)" });
  show(false);
  while (left() <= warnings[0]) warnings.shift();
  document.documentElement.style.scrollPaddingTop = line.offsetHeight + 8 + "px";
  tick();
  setInterval(tick, 1000);
  addEventListener("online", ask);
  document.addEventListener("visibilitychange", () => document.hidden || ask());
})();
