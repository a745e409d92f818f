/** Public forms: sent once however often the button is pressed, and not faster than a person types. */
import { find, findAll } from "./dom";

const openedAt = performance.now();

const send = (form: HTMLFormElement, event: SubmitEvent): void => {
  if (form.dataset.sent !== undefined) return event.preventDefault();
  form.dataset.sent = "";
  const trap = find<HTMLInputElement>("input[data-time-trap]", form);
  if (trap) trap.value = String(Math.round(performance.now() - openedAt));
  const button = find<HTMLButtonElement>("button[type=submit]", form);
  button?.setAttribute("aria-disabled", "true");
  if (button?.dataset.sending) button.textContent = button.dataset.sending;
};

/** Coming back with the browser's back button finds a form that can be sent again. */
const reopen = (form: HTMLFormElement): void => {
  delete form.dataset.sent;
  find("button[type=submit]", form)?.removeAttribute("aria-disabled");
};

for (const form of findAll<HTMLFormElement>("form[data-once]")) {
  form.addEventListener("submit", (event) => send(form, event));
  window.addEventListener("pageshow", () => reopen(form));
}
find("[aria-invalid=true]")?.focus();
