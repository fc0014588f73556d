// What depends on how much room the words of a page take: asked of every page, in a document that stays open.
// `bodies`: [language, inner HTML of the body]. Returns per body what is wrong.
async (bodies) => {
  const shown = (one) => one.checkVisibility({ visibilityProperty: true });
  const look = () => {
    const found = new Set();
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) found.add("sideways");
    const targets = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=link]")]
      .filter(shown).map((one) => one.getBoundingClientRect()).filter((box) => box.width && box.height);
    targets.sort((a, b) => a.top - b.top);
    const tallest = Math.max(0, ...targets.map((box) => box.height));
    targets.forEach((box, at) => {
      if (box.width >= 24 && box.height >= 24) return;
      const x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
      const near = (other) => {
        const small = other.width < 24 || other.height < 24;
        const dx = small ? Math.abs((other.left + other.right) / 2 - x) : Math.max(other.left - x, 0, x - other.right);
        const dy = small ? Math.abs((other.top + other.bottom) / 2 - y) : Math.max(other.top - y, 0, y - other.bottom);
        return Math.hypot(dx, dy) < (small ? 24 : 12);
      };
      for (let to = at - 1; to >= 0 && targets[to].top > box.top - tallest - 24; to--) if (near(targets[to])) found.add("target-size");
      for (let to = at + 1; to < targets.length && targets[to].top < box.bottom + 24; to++) if (near(targets[to])) found.add("target-size");
    });
    for (const one of document.querySelectorAll("body *")) {
      if (one.scrollWidth <= one.clientWidth + 1 && one.scrollHeight <= one.clientHeight + 1) continue;
      if (/auto|scroll/.test(getComputedStyle(one).overflow) && !one.matches("[tabindex]") && shown(one)) found.add("scrollable-region-focusable");
    }
    for (const one of document.querySelectorAll("p:has(~ p)")) {
      const look = (p) => getComputedStyle(p.children.length === 1 && p.firstElementChild.textContent.trim() === p.textContent.trim() ? p.firstElementChild : p);
      let next = one.nextElementSibling;
      while (!next.matches("p")) next = next.nextElementSibling;
      const its = look(one), after = getComputedStyle(next);
      const larger = parseFloat(its.fontSize) / parseFloat(after.fontSize);
      if (larger > 1.1 || its.fontWeight - after.fontWeight > 100 || its.fontStyle !== after.fontStyle) found.add("p-as-heading");
    }
    return found;
  };
  // axe decides where something may be wrong.
  const judged = async (doubts) => {
    const rules = [...doubts].filter((one) => one !== "sideways");
    const said = rules.length ? (await axe.run({ runOnly: { type: "rule", values: rules }, resultTypes: ["violations"], preload: false })).violations : [];
    return [...(doubts.has("sideways") ? ["scrolls sideways"] : []), ...said.flatMap((one) => one.nodes.slice(0, 2).map((node) => `${one.id}: ${node.html.slice(0, 160)}`))];
  };
  const found = [];
  for (const [language, inner] of bodies) {
    document.documentElement.lang = language;
    document.body.innerHTML = inner;
    const here = await judged(look());
    const shut = document.querySelectorAll("details:not([open])");
    shut.forEach((one) => { one.open = true; });
    if (shut.length) here.push(...(await judged(look())).map((one) => `unfolded: ${one}`));
    found.push(here);
  }
  return found;
}
