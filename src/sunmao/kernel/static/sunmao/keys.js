// "/" moves to the search box, unless someone is typing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea, select, [contenteditable]")) return;
  const box = document.querySelector("[data-key='/']");
  if (box) { event.preventDefault(); box.focus(); }
});
