// What the frame of every page gains with a script. Nothing needs it.

// Escape, or a press elsewhere, folds an open menu.
function fold(back, kept) {
  document.querySelectorAll(".bar [open]").forEach((menu) => {
    if (menu === kept) return;
    menu.open = false;
    if (back) menu.firstElementChild.focus();
  });
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") fold(true);
});
document.addEventListener("click", (event) => fold(false, event.target.closest(".bar details")));

// On paper nothing is folded, in browsers whose style sheet cannot say so either.
let folded = [];
addEventListener("beforeprint", () => {
  folded = Array.from(document.querySelectorAll("main details:not([open])"));
  folded.forEach((one) => (one.open = true));
});
addEventListener("afterprint", () => {
  folded.forEach((one) => (one.open = false));
  folded = [];
});
