/**
 * List and record beside each other. The list decides: whatever is swapped, one row is selected and the
 * record shown is that row's. So after "done" the next row is selected and its record loads.
 */
import { calm, closest, find, onContent, visible } from "./dom";
import { links } from "./rows";

interface SwapTask {
  target?: Element | string | null;
  swapSpec?: { style?: string; swap?: number | string };
}

const LEAVE_MS = 220;

let successor = "";
let loading = "";

const record = (): HTMLElement | null => find("#record");
const rowId = (link: HTMLElement): string => closest(link, "li")?.id ?? "";
const selected = (): HTMLAnchorElement | undefined => links().find((link) => link.hasAttribute("aria-current"));
const shown = (): string => find("[data-record]", record() ?? undefined)?.dataset.record ?? "";

const select = (link: HTMLAnchorElement): void => {
  for (const other of links()) if (other !== link) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
};

/** With no record pane (a phone) the row is a plain link, so htmx must not take the click. */
const onRowClick = (event: MouseEvent): void => {
  const link = closest<HTMLAnchorElement>(event.target, "[data-split] .row-link");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const pane = record();
  if (!pane || !visible(pane)) return event.stopImmediatePropagation();
  select(link);
  loading = rowId(link);
};

const showEmpty = (): void => {
  const template = find<HTMLTemplateElement>("#record-empty");
  if (template) record()?.replaceChildren(template.content.cloneNode(true));
  if (document.activeElement === document.body) record()?.focus({ preventScroll: true });
};

/** Before a row goes, remember who takes its place, and let it slide out. */
const rememberSuccessor = (event: Event): void => {
  const { tasks = [] } = (event as CustomEvent<{ tasks?: SwapTask[] }>).detail ?? {};
  for (const { target, swapSpec } of tasks) {
    const row = typeof target === "string" ? find(target) : target;
    if (swapSpec?.style !== "delete" || !closest(row ?? null, "[data-split]")) continue;
    const next = row?.nextElementSibling ?? row?.previousElementSibling;
    successor = next?.id ?? "";
    swapSpec.swap ??= calm() ? 0 : LEAVE_MS;
  }
};

const agree = (): void => {
  const pane = record();
  if (!pane || !find("[data-split]")) return;
  const rows = links();
  if (rows.length === 0) return showEmpty();
  const link = selected() ?? rows.find((row) => rowId(row) === successor) ?? rows[0];
  if (!link) return;
  if (!visible(pane)) return;
  if (shown() === rowId(link)) loading = "";
  select(link);
  if (shown() === rowId(link) || loading === rowId(link)) return;
  if (document.activeElement === document.body) link.focus({ preventScroll: true });
  link.scrollIntoView({ block: "nearest" });
  link.click();
};

document.addEventListener("click", onRowClick, { capture: true });
document.addEventListener("htmx:before:swap", rememberSuccessor);
document.addEventListener("htmx:error", () => (loading = ""));
onContent(agree);
