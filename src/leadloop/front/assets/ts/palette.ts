/** The command palette: own actions at once, what the server finds appended a moment later. */
import { find, findAll } from "./dom";
import { type Action, available, bind, caps, run } from "./keys";

const ACTIONS_SHOWN = 8;
const SHORTEST_SEARCH = 2;

const dialog = find<HTMLDialogElement>("#palette");
const input = find<HTMLInputElement>("#palette-input");
const list = find("#palette-list");
let pending: AbortController | null = null;
let marked = 0;

const options = (): HTMLElement[] => (list ? findAll("[role=option]", list) : []);

const mark = (index: number): void => {
  const all = options();
  marked = all.length ? (index + all.length) % all.length : 0;
  all.forEach((option, at) => option.setAttribute("aria-selected", String(at === marked)));
  const chosen = all[marked];
  if (!chosen) return input?.removeAttribute("aria-activedescendant");
  input?.setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
};

const actionOption = (action: Action): HTMLElement => {
  const option = document.createElement("li");
  const label = document.createElement("span");
  const hint = document.createElement("small");
  option.id = `option-${action.id}`;
  option.setAttribute("role", "option");
  label.textContent = action.label;
  hint.textContent = caps(action).join(" ");
  option.append(label, hint);
  option.addEventListener("click", () => {
    dialog?.close();
    run(action);
  });
  return option;
};

const foundOption = (item: HTMLElement, at: number): HTMLElement => {
  item.id ||= `found-${at}`;
  item.addEventListener("click", () => {
    const address = new URL(item.dataset.href ?? "", location.href);
    if (address.origin === location.origin) location.assign(address);
  });
  return item;
};

const showActions = (query: string): void => {
  const words = query.toLowerCase().split(/\s+/);
  const fitting = available().filter((action) => words.every((word) => action.label.toLowerCase().includes(word)));
  list?.replaceChildren(...fitting.slice(0, ACTIONS_SHOWN).map(actionOption));
  mark(0);
};

const showFound = async (query: string): Promise<void> => {
  pending?.abort();
  pending = new AbortController();
  try {
    const answer = await fetch(`/search?q=${encodeURIComponent(query)}`, {
      signal: pending.signal,
      headers: { "HX-Request": "true" },
    });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    list?.append(...findAll("li[role=option][data-href]", page).map(foundOption));
    mark(marked);
  } catch (error) {
    // Typing on replaces a search under way; every other failure leaves the own actions standing.
    if (!(error instanceof DOMException && error.name === "AbortError")) console.warn(error);
  }
};

const fill = (): void => {
  const typed = input?.value.trim() ?? "";
  const onlyActions = typed.startsWith(">");
  showActions(typed.replace(/^>\s*/, ""));
  pending?.abort();
  if (!onlyActions && typed.length >= SHORTEST_SEARCH) void showFound(typed);
};

const steer = (event: KeyboardEvent): void => {
  if (event.key === "ArrowDown") mark(marked + 1);
  else if (event.key === "ArrowUp") mark(marked - 1);
  else if (event.key === "Enter" && !event.isComposing) options()[marked]?.click();
  else return;
  event.preventDefault();
};

export const openPalette = (): void => {
  if (!dialog || !input || dialog.open) return;
  input.value = "";
  fill();
  dialog.showModal();
  input.focus();
};

input?.addEventListener("input", fill);
input?.addEventListener("keydown", steer);
bind("palette", openPalette, () => dialog !== null);
