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

  // A second press of a button must not write a second entry.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.dataset.sent) { if (event.target.dataset.sent) event.preventDefault(); return; }
    if (event.target.matches("[data-once]")) event.target.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach((form) => { delete form.dataset.sent; }));

  // Copy a paragraph, for pasting into a chat group.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source.value ?? source.textContent);
    button.textContent = button.dataset.done;
  });

  // Choosing a filter applies it.
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form && form.matches("[data-auto]")) form.requestSubmit();
  });
})();
