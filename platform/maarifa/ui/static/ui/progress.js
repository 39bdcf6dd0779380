// A page that waits for a job: looks every two seconds how far it is, and shows the result at the end.
// Without a script the page says the same, and has a link to load it again.
(function () {
  "use strict";
  var box = document.getElementById("progress");
  if (!box || !window.fetch) return;
  var wait = 2000;

  function again() {
    setTimeout(look, wait);
  }

  function look() {
    if (document.hidden) return again();
    fetch(box.dataset.url, { credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok) throw new Error(answer.status);
        return answer.text();
      })
      .then(function (fragment) {
        box.innerHTML = fragment;
        wait = 2000;
        if (box.querySelector("[data-done], [data-stop]")) location.reload();
        else again();
      })
      .catch(function () {
        // The line is down: ask less and less often.
        wait = Math.min(wait * 2, 60000);
        again();
      });
  }

  // What has stopped has its own page already: nothing is to come.
  if (!box.querySelector("[data-stop]")) again();
})();
