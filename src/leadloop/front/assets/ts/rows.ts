/** Moving through a list of rows, and picking rows for a bulk action. */
import { announce, closest, find, findAll } from "./dom";
import { bind } from "./keys";

const LINK = ".row-link, tbody th a";

const list = (): HTMLElement | null => find("[data-rows]");

export const links = (): HTMLAnchorElement[] => {
  const rows = list();
  return rows ? findAll<HTMLAnchorElement>(LINK, rows) : [];
};

export const current = (): HTMLAnchorElement | undefined =>
  links().find((link) => link === document.activeElement) ?? links().find((link) => link.hasAttribute("aria-current"));

const isSplit = (): boolean => find("[data-rows][data-split]") !== null;

/** In a split page the next row also opens beside the list; elsewhere it only takes the focus. */
const step = (by: number): HTMLAnchorElement | undefined => {
  const all = links();
  const at = all.indexOf(current() as HTMLAnchorElement);
  const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
  return next;
};

const move = (by: number): void => {
  const before = current();
  const next = step(by);
  if (next && isSplit() && (next !== before || !next.hasAttribute("aria-current"))) next.click();
};

const box = (link: HTMLElement | undefined): HTMLInputElement | null =>
  link ? find<HTMLInputElement>("input[type=checkbox]", closest(link, "li, tr") ?? undefined) : null;

const pick = (by: number): void => {
  const here = box(current());
  if (by && here) here.checked = true;
  const target = by ? box(step(by)) : here;
  if (!target) return;
  target.checked = by ? true : !target.checked;
  target.dispatchEvent(new Event("change", { bubbles: true }));
};

const boxes = (): HTMLInputElement[] => {
  const rows = list();
  return rows ? findAll<HTMLInputElement>("input[type=checkbox][name=ids]", rows) : [];
};

/** The bulk bar is there while something is picked, and says how many. */
const showBulkBar = (): void => {
  const bar = find("#bulk-bar");
  if (!bar) return;
  const picked = boxes().filter((each) => each.checked).length;
  bar.hidden = picked === 0;
  find("[data-picked]", bar)?.replaceChildren(String(picked));
  announce(picked ? `${picked} selected` : "Nothing selected");
};

const pickAll = (): void => {
  const all = boxes();
  const every = all.every((each) => each.checked);
  for (const each of all) each.checked = !every;
  showBulkBar();
};

document.addEventListener("change", (event) => {
  if (closest(event.target, "[data-rows] input[name=ids]")) showBulkBar();
});

const hasRows = (): boolean => links().length > 0;
const hasBoxes = (): boolean => boxes().length > 0;
bind("row-next", () => move(1), hasRows);
bind("row-before", () => move(-1), hasRows);
bind("open", () => current()?.click(), hasRows);
bind("open-enter", () => current()?.click(), hasRows);
bind("pick", () => pick(0), hasBoxes);
bind("pick-next", () => pick(1), hasBoxes);
bind("pick-before", () => pick(-1), hasBoxes);
bind("pick-all", pickAll, hasBoxes);
