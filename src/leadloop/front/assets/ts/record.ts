/** The record: composer tabs, Ctrl+Enter, and fields edited in place. */
import htmx from "./hx-global";
import { closest, find, findAll, onContent } from "./dom";
import { bind } from "./keys";

const composer = (): HTMLFormElement | null => find<HTMLFormElement>("form[data-composer]");

/** One composer for every kind: the pressed tab says which, the text already written stays. */
const choose = (tab: HTMLElement): void => {
  const form = closest<HTMLFormElement>(tab, "form[data-composer]");
  if (!form) return;
  for (const other of findAll("[data-kind-tab]", form)) other.setAttribute("aria-pressed", String(other === tab));
  const kind = find<HTMLInputElement>("input[name=kind]", form);
  const text = find<HTMLTextAreaElement>("textarea", form);
  const save = find("[data-save]", form);
  const label = tab.dataset.label ?? tab.textContent?.trim() ?? "";
  if (kind) kind.value = tab.dataset.kindTab ?? "";
  if (save) save.textContent = `Save ${label.toLowerCase()}`;
  text?.setAttribute("aria-label", label);
  text?.setAttribute("placeholder", tab.dataset.prompt ?? "");
  text?.focus();
};

const saveWriting = (): void => {
  const form = closest<HTMLFormElement>(document.activeElement, "form") ?? composer();
  form?.requestSubmit();
};

let returnTo = "";

const cancelEdit = (form: HTMLFormElement): void => {
  const target = closest(form, "[data-field]");
  if (!target) return;
  returnTo = target.id;
  void htmx.ajax("GET", form.dataset.cancelUrl ?? "", { target, swap: "outerHTML" });
};

const isInline = (target: EventTarget | null): HTMLFormElement | null => closest(target, "form[data-inline]");

const changed = (form: HTMLFormElement): boolean =>
  findAll<HTMLInputElement>("input, textarea", form).some((input) => input.value !== input.defaultValue) ||
  findAll<HTMLSelectElement>("select", form).some((select) =>
    [...select.options].some((option) => option.selected !== option.defaultSelected),
  );

document.addEventListener("click", (event) => {
  const tab = closest(event.target, "[data-kind-tab]");
  if (tab) choose(tab);
});

document.addEventListener("keydown", (event) => {
  const form = isInline(event.target);
  if (form && event.key === "Escape" && !event.isComposing) {
    event.preventDefault();
    cancelEdit(form);
  }
});

document.addEventListener("submit", (event) => {
  const form = isInline(event.target);
  if (form) returnTo = closest(form, "[data-field]")?.id ?? "";
});

// Typing replaces the old value; the arrow keys keep it.
document.addEventListener("focusin", (event) => {
  if (isInline(event.target) && event.target instanceof HTMLInputElement) event.target.select();
});

// Leaving a field saves it; leaving it as it was puts the value back.
document.addEventListener("focusout", (event) => {
  const form = isInline(event.target);
  if (!form || !form.isConnected || (event.relatedTarget instanceof Node && form.contains(event.relatedTarget))) return;
  if (form.classList.contains("htmx-request")) return;
  if (changed(form)) form.requestSubmit();
  else cancelEdit(form);
});

// Focus goes back to the value that was edited, unless the person has moved on.
onContent(() => {
  if (!returnTo) return;
  const field = document.getElementById(returnTo);
  if (document.activeElement === document.body && field) find("input, select, textarea, button", field)?.focus();
  returnTo = "";
});

bind("save", saveWriting, () => closest(document.activeElement, "form[data-composer], form[data-inline]") !== null);
