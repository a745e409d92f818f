/** Forms that are sent once however often the button is pressed, and solve their riddle first where they set one. */
import { find, findAll } from "./dom";

/** Without a solution, for whatever reason, a person reads what was sent: so it is sent all the same. */
const prove = async (form: HTMLFormElement, address: string): Promise<void> => {
  const proof = find<HTMLInputElement>("input[name=proof]", form);
  const { solve } = await import("./proof");
  if (proof) proof.value = await solve(address).catch(() => "");
};

const send = (form: HTMLFormElement, event: SubmitEvent): void => {
  if (form.dataset.sent !== undefined) return event.preventDefault();
  form.dataset.sent = "";
  const button = find<HTMLButtonElement>("button[type=submit]", form);
  button?.setAttribute("aria-disabled", "true");
  if (button?.dataset.sending) button.textContent = button.dataset.sending;
  if (!form.dataset.riddle) return;
  event.preventDefault();
  void prove(form, form.dataset.riddle).finally(() => form.submit());
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
