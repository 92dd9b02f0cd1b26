// The little that HTML and htmx cannot do. No page depends on it.
(() => {
  "use strict";
  const narrow = window.matchMedia("(max-width: 60rem)");
  const fold = () => document.querySelectorAll("details[data-menu]").forEach((menu) => { menu.open = !narrow.matches; });
  fold();
  narrow.addEventListener("change", fold);

  // A popup closes when one looks elsewhere.
  const close = (except) => document.querySelectorAll("details[data-popup][open]").forEach((popup) => {
    if (!popup.contains(except)) popup.open = false;
  });
  document.addEventListener("click", (event) => close(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details[data-popup][open]").forEach((popup) => {
      popup.open = false;
      popup.querySelector("summary").focus();
    });
  });

  document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) window.print(); });

  // A second press of a button must not write a second entry.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.dataset.sent) { if (event.target.dataset.sent) event.preventDefault(); return; }
    if (event.target.matches("[data-once]")) event.target.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach((form) => { delete form.dataset.sent; }));

  // What is answered while the server draws a form again stays answered: it is put into the new drawing.
  const answers = (fields) => new Map([...fields.querySelectorAll("input:not([type=hidden]), select, textarea")].map((one) => {
    const choice = one.type === "radio" || one.type === "checkbox";
    return [choice ? `${one.name}=${one.value}` : one.name, choice ? one.checked : one.value];
  }));
  let asked = new Map(), since = new Map();
  document.addEventListener("htmx:beforeSend", (event) => {
    if (event.detail.target.id === "form-fields") asked = answers(event.detail.target);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    since = new Map();
    // A row added or removed changes what a name stands for: there the server's drawing counts.
    if (event.detail.target.id !== "form-fields" || event.detail.requestConfig.elt.matches("button")) return;
    since = new Map([...answers(event.detail.target)].filter(([key, answer]) => asked.get(key) !== answer));
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "form-fields") return;
    event.detail.target.querySelectorAll("input:not([type=hidden]), select, textarea").forEach((one) => {
      const choice = one.type === "radio" || one.type === "checkbox";
      const key = choice ? `${one.name}=${one.value}` : one.name;
      if (!since.has(key)) return;
      if (choice) one.checked = since.get(key); else one.value = since.get(key);
    });
    since = new Map();
  });

  // Copy a paragraph, for pasting into a chat group.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source.value ?? source.textContent);
    button.textContent = button.dataset.done;
  });

  // A wall screen nobody touches shows the present.
  const { refresh } = document.documentElement.dataset;
  if (refresh) setTimeout(() => location.reload(), refresh * 1000);

  // Choosing a filter applies it.
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form && form.matches("[data-auto]")) form.requestSubmit();
  });
})();
