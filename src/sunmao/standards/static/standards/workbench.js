// Keys of the crosswalk workbench: only while the focus is inside it, and only while they are switched on.
(() => {
  const part = (name) => document.querySelector(`[data-bench='${name}']`);
  const bench = part("bench");
  if (!bench) return;
  const kept = "sunmao-bench-keys";
  const on = () => localStorage.getItem(kept) !== "off";
  const keys = part("keys");
  const turn = part("switch");
  keys.hidden = false;
  const label = () => {
    turn.textContent = on() ? turn.dataset.off : turn.dataset.on;
    turn.setAttribute("aria-pressed", String(on()));
    keys.querySelectorAll("span").forEach((one) => { one.hidden = !on(); });
  };
  turn.addEventListener("click", () => { localStorage.setItem(kept, on() ? "off" : "on"); label(); });
  label();

  const means = () => {
    const chosen = bench.querySelector(".rel label:has(:checked)");
    const says = document.getElementById("means");
    if (chosen && says) says.textContent = chosen.dataset.means;
  };
  const choose = (candidate) => {
    bench.querySelectorAll(".cand").forEach((one) => one.classList.toggle("on", one === candidate));
    const radio = bench.querySelector(`[name=relation][value='${candidate.dataset.relation}']`);
    if (radio) radio.checked = true;
    means();
  };
  bench.addEventListener("change", (event) => {
    if (event.target.name === "row") choose(event.target.closest(".cand"));
    if (event.target.name === "relation") means();
  });

  const relation = (place) => {
    const radio = bench.querySelectorAll("[name=relation]")[place];
    if (radio) { radio.checked = true; radio.focus(); means(); }
  };
  const step = (by) => {
    const radios = [...bench.querySelectorAll("[name=row]")];
    const next = radios[radios.findIndex((one) => one.checked) + by];
    if (next) { next.checked = true; next.focus(); choose(next.closest(".cand")); }
  };
  const focus = (name) => {
    const found = part(name);
    if (!found) return;
    const folded = found.closest("details");
    if (folded) folded.open = true;
    found.focus();
  };
  const press = (name) => { const found = part(name); if (found) found.click(); };
  const deeds = {
    j: () => press("after"), k: () => press("before"), arrowdown: () => step(1), arrowup: () => step(-1),
    1: () => relation(0), 2: () => relation(1), 3: () => relation(2), 4: () => relation(3),
    e: () => relation(0), b: () => relation(1), n: () => relation(2), c: () => relation(3),
    g: () => focus("several"), r: () => focus("note"), x: () => press("reject"), o: () => press("none"),
    enter: () => press("confirm"), "/": () => focus("find"),
  };
  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (!on() || event.ctrlKey || event.metaKey || event.altKey || !bench.contains(at)) return;
    if (at.closest("a, button, summary") && event.key === "Enter") return;
    if (at.matches("textarea, select, input:not([type=radio])")) {
      if (event.key === "Escape") part("focus").focus();
      return;
    }
    const deed = deeds[event.key.toLowerCase()];
    if (!deed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    deed();
  }, true);

  // What was kept is said anew once the page is there: a region that was never empty is not read out.
  const told = document.querySelector(".messages");
  if (told && told.children.length) {
    const held = [...told.children];
    told.replaceChildren();
    setTimeout(() => told.replaceChildren(...held), 200);
  }
  const start = part("focus");
  if (start && !location.hash && !document.querySelector("[role=alert]")) start.focus({ preventScroll: true });
})();
