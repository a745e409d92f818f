/** What a `data-action` button does on this page, without asking the server. */
import { announce, closest } from "./dom";
import { openHelp } from "./help";
import { bind } from "./keys";
import { openPalette } from "./palette";
import { switchTheme } from "./theme";

const byId = (button: HTMLElement): HTMLElement | null =>
  document.getElementById(button.getAttribute("aria-controls") ?? "");

/** Shows or hides what the button controls, for example the table under a chart. */
const toggle = (button: HTMLElement): void => {
  const controlled = byId(button);
  if (!controlled) return;
  controlled.hidden = !controlled.hidden;
  button.setAttribute("aria-expanded", String(!controlled.hidden));
};

const openDialog = (button: HTMLElement): void => {
  const dialog = byId(button);
  if (dialog instanceof HTMLDialogElement) dialog.showModal();
};

/** Puts the value of the field the button controls on the clipboard, and says so. */
const copy = async (button: HTMLElement): Promise<void> => {
  const field = byId(button);
  if (!(field instanceof HTMLInputElement)) return;
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.lastChild?.replaceWith("Copied");
    announce("Copied");
  } catch {
    announce("Selected: press Ctrl and C to copy");
  }
};

const work: Record<string, (button: HTMLElement) => void> = {
  palette: openPalette,
  help: openHelp,
  theme: switchTheme,
  toggle,
  copy: (button) => void copy(button),
  "open-dialog": openDialog,
  "close-dialog": (button) => button.closest("dialog")?.close(),
  "close-toast": (button) => button.closest(".toast")?.remove(),
};

document.addEventListener("click", (event) => {
  const button = closest(event.target, "[data-action]");
  if (button) work[button.dataset.action ?? ""]?.(button);
});
bind("theme", switchTheme);
