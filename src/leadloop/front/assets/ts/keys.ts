/** One registry: it drives the handler, the help sheet, the palette and `aria-keyshortcuts`. */
import keymap from "../keymap.json";
import { closest, find, findAll, onContent, visible } from "./dom";

export interface Action {
  id: string;
  keys: string;
  label: string;
  group: string;
  whileTyping?: boolean;
  run?: () => void;
  /** Without it an action with `run` is always there, one without needs a visible `[data-key=id]`. */
  available?: () => boolean;
}

const CHORD_WINDOW_MS = 900;
const OFF_SWITCH = "leadloop-keys";

const actions: Action[] = [...keymap];
let chord = "";
let chordAt = 0;

export const register = (action: Action): void => void actions.push(action);

/** Gives a key of the map its work. An unknown id is a programming error and throws at once. */
export const bind = (id: string, run: () => void, available?: () => boolean): void => {
  const action = actions.find((candidate) => candidate.id === id);
  if (!action) throw new Error(`keymap.json has no key "${id}"`);
  Object.assign(action, { run, available });
};

/** The element a key presses: in the newest toast, else in the focused row or card, else the first on the page. */
const pressed = (id: string): HTMLElement | undefined => {
  const selector = `[data-key="${id}"]`;
  const nearby = closest(document.activeElement, "li, tr, .record");
  const toasts = findAll(`.toast ${selector}`).reverse();
  return [...toasts, ...(nearby ? findAll(selector, nearby) : []), ...findAll(selector)].find(visible);
};

export const isAvailable = (action: Action): boolean =>
  (action.run && (action.available?.() ?? true)) || pressed(action.id) !== undefined;

export const available = (): Action[] => actions.filter(isAvailable);

export const run = (action: Action): void => {
  if (action.run && (action.available?.() ?? true)) return action.run();
  const element = pressed(action.id);
  if (element?.matches("input, textarea, select")) element.focus();
  else element?.click();
};

/** What was chosen on this device counts, else what the person has set for themselves. */
export const areOff = (): boolean =>
  (localStorage.getItem(OFF_SWITCH) ?? document.body.dataset.shortcuts) === "off";

export const switchKeys = (on: boolean): void => {
  localStorage.setItem(OFF_SWITCH, on ? "on" : "off");
  describe();
};

const nameOf = (event: KeyboardEvent): string => {
  const mod = event.ctrlKey || event.metaKey ? "Mod+" : "";
  const shift = event.shiftKey && /^[A-Za-z]$/.test(event.key) ? "Shift+" : "";
  const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  return mod + shift + key;
};

const isTyping = (target: EventTarget | null): boolean =>
  closest(target, "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") !== null;

/** Enter and Space belong to the button or link that has the focus. */
const isPressing = (event: KeyboardEvent): boolean =>
  (event.key === "Enter" || event.key === " ") && closest(event.target, "a, button, summary, input") !== null &&
  closest(event.target, ".deal-card") === null;

const mayAct = (event: KeyboardEvent, keys: string): boolean => {
  if (keys.startsWith("Mod+")) return true;
  return !isTyping(event.target) && !isPressing(event) && !areOff() && !find("dialog[open]");
};

const handle = (event: KeyboardEvent): void => {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  const single = nameOf(event);
  if (!mayAct(event, single)) return;
  const keys = chord && performance.now() - chordAt < CHORD_WINDOW_MS ? `${chord} ${single}` : single;
  chord = "";
  const action = actions.find((candidate) => candidate.keys === keys && isAvailable(candidate));
  if (action) {
    if (isTyping(event.target) && !action.whileTyping && action.id !== "palette") return;
    event.preventDefault();
    run(action);
  } else if (actions.some((candidate) => candidate.keys.startsWith(`${keys} `))) {
    chord = keys;
    chordAt = performance.now();
  }
};

/** `aria-keyshortcuts` on everything a key presses; taken away while the keys are off. */
const describe = (): void => {
  for (const element of findAll("[data-key]")) {
    const action = actions.find((candidate) => candidate.id === element.dataset.key);
    if (!action || (areOff() && !action.keys.startsWith("Mod+"))) element.removeAttribute("aria-keyshortcuts");
    else element.setAttribute("aria-keyshortcuts", action.keys.replace("Mod+", "Control+"));
  }
  document.documentElement.toggleAttribute("data-keys-off", areOff());
};

/** Key caps as people read them: `Mod+K` is Ctrl K, `Shift+E` is ⇧E. */
export const caps = (action: Action): string[] =>
  action.keys.split(" ").flatMap((key) => key.replace("Mod+", "Ctrl ").replace("Shift+", "⇧").replace("Arrow", "").split(" "));

/** Only pages this person may open have a link with `data-go`, so only those get a chord. */
const registerPages = (): void => {
  for (const link of findAll<HTMLAnchorElement>("#rail a[data-go]")) {
    const label = `Go to ${link.dataset.label ?? link.textContent?.trim() ?? ""}`;
    register({ id: `go-${link.dataset.go}`, keys: `G ${link.dataset.go}`, label, group: "Go", run: () => link.click() });
  }
};

registerPages();
document.addEventListener("keydown", handle);
onContent(describe);
