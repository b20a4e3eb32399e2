// Definitions of terms: shown on hover, on focus and on the first tap; the link itself leads to the glossary.
document.addEventListener("DOMContentLoaded", () => {
  const terms = [...document.querySelectorAll("a.term")];
  let open = null; // the term whose definition is shown
  let timer = 0;
  let touched = false; // the last pointer was a finger: the first tap shows, the second follows the link

  const cards = new Map(terms.map((term, i) => {
    const card = document.createElement("div");
    card.className = "term-card";
    card.id = `term-card-${i}`;
    card.setAttribute("role", "tooltip");
    card.hidden = true;
    const name = document.createElement("strong");
    name.textContent = term.dataset.term;
    card.append(name, ` ${term.dataset.definition}`);
    document.body.append(card); // out of the text's flow: nothing moves when it is shown
    term.setAttribute("aria-describedby", card.id);
    card.addEventListener("pointerenter", () => clearTimeout(timer));
    card.addEventListener("pointerleave", later);
    return [term, card];
  }));

  function show(term) {
    clearTimeout(timer);
    if (open === term) return;
    hide();
    open = term;
    const card = cards.get(term);
    card.hidden = false;
    const line = term.getClientRects()[0]; // a term may run over two lines
    const room = document.documentElement.clientWidth - card.offsetWidth - 8;
    const below = line.bottom + 6;
    const above = line.top - card.offsetHeight - 6;
    const top = below + card.offsetHeight > innerHeight && above > 0 ? above : below;
    card.style.left = `${Math.max(8, Math.min(line.left, room)) + scrollX}px`;
    card.style.top = `${top + scrollY}px`;
  }
  function hide() {
    clearTimeout(timer);
    if (open) cards.get(open).hidden = true;
    open = null;
  }
  function later() {
    clearTimeout(timer);
    timer = setTimeout(hide, 250); // time for the pointer to reach the card
  }

  for (const term of terms) {
    let shown = false; // was its card open before this tap?
    term.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch"; shown = open === term; });
    term.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") show(term); });
    term.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") later(); });
    term.addEventListener("focus", () => show(term));
    term.addEventListener("blur", later);
    term.addEventListener("click", (event) => {
      if (!touched || shown) return;
      event.preventDefault();
      show(term);
    });
  }
  addEventListener("keydown", (event) => { touched = false; if (event.key === "Escape") hide(); });
  addEventListener("pointerdown", (event) => { if (open && !event.target.closest("a.term, .term-card")) hide(); });
  addEventListener("resize", hide);
});
