/** Dialogs and sheets: the server sends one with `data-open`, a click outside or Esc closes it. */
import { findAll, onContent } from "./dom";

document.addEventListener("click", (event) => {
  const dialog = event.target;
  // A click on the backdrop has the dialog itself as its target. Unsaved text is never thrown away by it.
  if (dialog instanceof HTMLDialogElement && !dialog.querySelector("form")) dialog.close();
});

onContent(() => {
  for (const dialog of findAll<HTMLDialogElement>("dialog[data-open]:not([open])")) {
    dialog.removeAttribute("data-open");
    dialog.showModal();
  }
});
