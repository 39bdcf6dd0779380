// The time left of a timed attempt. The server's clock counts; without a script the page says when the time is over.
(() => {
  const line = document.getElementById("time");
  const timer = line.querySelector("[role=timer]");
  const over = document.getElementById("over");
  const clock = timer.querySelector("bdi");
  const said = document.getElementById("time-said");
  const warnings = [600, 300, 60];
  let end = Date.now() + line.dataset.left * 1000;
  let asked = Date.now();
  let asking, done;

  const left = () => Math.max(0, Math.ceil((end - Date.now()) / 1000));

  function written(seconds) {
    const two = (number) => String(number).padStart(2, "0");
    const minutes = Math.floor(seconds / 60);
    const hours = Math.floor(minutes / 60);
    return (hours ? hours + ":" + two(minutes % 60) : minutes) + ":" + two(seconds % 60);
  }

  // More time may have been given since, and a device that slept has lost count.
  async function ask() {
    if (asking) return;
    asking = true;
    asked = Date.now();
    try {
      const answer = await fetch(line.dataset.url, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (answer.ok) {
        const found = await answer.json();
        if (found.ended) return over.click();
        const before = left();
        end = Date.now() + found.left * 1000;
        if (found.left > before + 5) {
          clock.textContent = written(found.left);
          said.textContent = timer.textContent;
        }
      }
    } catch {}
    asking = false;
  }

  async function finish() {
    done = true;
    await ask();
    if (left()) return void (done = false);
    line.textContent = said.textContent = line.dataset.over;
    over.click();
    // Until a lost line is back, or the server has ended an attempt without answers.
    setInterval(ask, 20000);
  }

  function tick() {
    const seconds = left();
    if (done) return;
    clock.textContent = written(seconds);
    if (seconds <= warnings[0]) {
      while (seconds <= warnings[0]) warnings.shift();
      said.textContent = timer.textContent;
    }
    if (!seconds) finish();
    else if (Date.now() - asked > 60000) ask();
  }

  Object.assign(line.style, { position: "sticky", top: 0, background: "var(--paper)" });
  timer.hidden = false;
  line.querySelector("span").hidden = true;
  while (left() <= warnings[0]) warnings.shift();
  document.documentElement.style.scrollPaddingTop = line.offsetHeight + 8 + "px";
  tick();
  setInterval(tick, 1000);
  addEventListener("online", ask);
  document.addEventListener("visibilitychange", () => document.hidden || ask());
})();
