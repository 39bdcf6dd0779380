// Items to be put in order are moved by buttons. The selects, which do without a script, follow and are saved as ever.
(() => {
  for (const list of document.querySelectorAll("[data-moved]")) {
    const words = list.dataset;
    const live = list.firstElementChild;
    const rows = () => [...list.querySelectorAll(".rank")];
    const field = (row) => row.querySelector("select");
    const text = (row) => row.querySelector("label").textContent.trim();

    // In the order of the positions; what has none stays behind.
    function sort() {
      const place = (row) => Number(field(row).value) || 99;
      const sorted = rows().map((row, at) => [place(row), at, row]);
      sorted.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
      for (const [, , row] of sorted) list.append(row);
      ends();
    }

    // The others move around it, so that the focus stays.
    function move(row, to) {
      while (rows().indexOf(row) > to) row.after(row.previousElementSibling);
      while (rows().indexOf(row) < to) row.before(row.nextElementSibling);
      rows().forEach((one, at) => (field(one).value = at + 1));
      ends();
      live.textContent = words.moved.replace("{item}", text(row)).replace("{position}", to + 1);
    }

    function ends() {
      rows().forEach((row, at, all) => {
        const [up, down] = row.querySelectorAll("button");
        for (const [button, is] of [[up, !at], [down, at === all.length - 1]]) {
          button.setAttribute("aria-disabled", is);
          button.className = is ? "quiet soft" : "quiet";
        }
      });
    }

    function press(row, step) {
      const to = rows().indexOf(row) + step;
      if (to < 0 || to >= rows().length) return;
      move(row, to);
      for (const type of ["input", "change"]) field(row).dispatchEvent(new Event(type, { bubbles: true }));
    }

    for (const row of rows()) {
      for (const [label, step] of [[words.up, -1], [words.down, 1]]) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = label;
        button.setAttribute("aria-label", label + ": " + text(row));
        button.addEventListener("click", () => press(row, step));
        row.append(" ", button);
      }
    }
    // Before the form hears of it. Who takes one position back takes all back.
    list.addEventListener("input", (event) => {
      const row = event.target.closest(".rank");
      if (event.target.value) return move(row, event.target.value - 1);
      for (const one of rows()) field(one).value = "";
    });
    // Once what is kept on the device is filled in.
    addEventListener("pageshow", sort);
  }
})();
