// Starts the explorables of a page that has no kernel, from the state that the notebook or page gives, or a link.
// A classic script, like the joined modules beside it: browsers refuse modules in pages opened as files.
document.addEventListener("DOMContentLoaded", () => {
  const say = (vi, en) => (document.documentElement.lang === "en" ? en : vi);
  const counts = {};

  // The part of anywidget's model that explorables use, with a plain object behind it, and links in addition.
  function modelOf(state, name) {
    const listeners = {};
    return {
      get: (key) => state[key],
      set: (key, value) => { state[key] = value; for (const f of listeners[`change:${key}`] ?? []) f(); },
      on: (event, f) => { (listeners[event] ??= new Set()).add(f); },
      off: (event, f) => listeners[event]?.delete(f),
      save_changes() {},
      link: (shown) => `${location.href.split("#")[0]}#x=${name}.${btoa(JSON.stringify(shown)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`,
    };
  }

  // {name, state} of the address; state is null where it cannot be read.
  function linked() {
    const match = /^#x=([a-z-]+-\d+)\.([\w-]{0,60000})$/.exec(location.hash);
    if (!match) return location.hash.startsWith("#x=") ? { state: null } : {};
    try { return { name: match[1], state: JSON.parse(atob(match[2].replaceAll("-", "+").replaceAll("_", "/"))) }; } catch { return { name: match[1], state: null }; }
  }

  function note(el, kind, words) {
    const p = document.createElement("p");
    p.setAttribute("role", "alert");
    p.className = kind;
    p.textContent = words;
    el.prepend(p);
  }
  const refuse = (el) => note(el, "d2l-x-refused", say("Liên kết chứa trạng thái không hợp lệ nên bị bỏ qua.", "The link holds a state that is not valid; it is ignored."));

  const open = [...document.querySelectorAll(".d2l-explorable[data-explorable]")].map((el) => {
    const kind = el.dataset.explorable, name = `${kind}-${(counts[kind] = (counts[kind] ?? 0) + 1)}`;
    try {
      const { render, problems } = window.d2lExplorables[kind];
      const model = modelOf(JSON.parse(el.dataset.state || "{}"), name);
      el.replaceChildren();
      render({ model, el });
      return { el, name, model, problems };
    } catch (error) { // this one only: the others go on
      console.error(error);
      note(el, "d2l-x-broken", say("Hình tương tác này không chạy được.", "This explorable does not work."));
      return { el, name };
    }
  });

  function follow() {
    const { name, state } = linked();
    document.querySelectorAll(".d2l-x-refused").forEach((p) => p.remove());
    if (state === undefined) return;
    const found = open.find((one) => one.name === name);
    const { el, model, problems } = found ?? open[0];
    const fine = found && model && state && typeof state === "object" && !Array.isArray(state) && !problems(state).length;
    if (fine) for (const [key, value] of Object.entries(state)) model.set(key, value);
    else refuse(el);
    el.scrollIntoView({ behavior: "instant" });
  }
  follow();
  addEventListener("hashchange", follow);
});
