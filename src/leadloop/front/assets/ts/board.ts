/** The pipeline board: drag, or move by keys alone. A move the server refuses is taken back. */
import type Sortable from "sortablejs";
import htmx from "./hx-global";
import { announce, calm, closest, find, findAll } from "./dom";
import { bind } from "./keys";

const DRAG_MS = 140;
const TOUCH_HOLD_MS = 150;

interface Place {
  column: HTMLElement;
  before: Element | null;
}

const board = find("#board");

const columns = (): HTMLElement[] => (board ? findAll("ol[data-stage]", board) : []);
const columnOf = (card: HTMLElement): HTMLElement => closest(card, "ol[data-stage]") as HTMLElement;
const focused = (): HTMLElement | null => closest(document.activeElement, ".deal-card");
const held = (): HTMLElement | null => (board ? find(".deal-card[data-held]", board) : null);
const focusOn = (card: Element | null | undefined): void => card?.querySelector<HTMLElement>("a")?.focus();
const placeOf = (card: HTMLElement): Place => ({ column: columnOf(card), before: card.nextElementSibling });

const putBack = (card: HTMLElement, { column, before }: Place): void => {
  column.insertBefore(card, before?.parentElement === column ? before : null);
};

const sentence = (card: HTMLElement): string => {
  const column = columnOf(card);
  const at = [...column.children].indexOf(card) + 1;
  return `${find("b", card)?.textContent ?? "Deal"} in ${column.dataset.name}, ${at} of ${column.children.length}`;
};

/** Tells the server; anything but a success puts the card back where it came from. */
const save = (card: HTMLElement, from: Place): void => {
  const column = columnOf(card);
  const position = [...column.children].indexOf(card);
  if (column === from.column) return;
  announce(`Moved ${sentence(card)}`);
  card.addEventListener(
    "htmx:finally:request",
    (event) => {
      const status = (event as CustomEvent<{ ctx: { response?: { status: number } } }>).detail.ctx.response?.status;
      if (status !== undefined && status < 400) return;
      putBack(card, from);
      announce(`Not moved: ${sentence(card)}`);
    },
    { once: true },
  );
  const values = { deal: card.dataset.id, stage: column.dataset.stage, position };
  void htmx.ajax("POST", column.dataset.moveUrl ?? "", { source: card, swap: "none", values });
};

const animated = (change: () => void, card: HTMLElement): void => {
  if (calm() || !document.startViewTransition) change();
  else void document.startViewTransition(change).finished.then(() => focusOn(card));
  focusOn(card);
};

const moveStage = (by: number): void => {
  const card = held() ?? focused();
  const all = columns();
  const target = card && all[all.indexOf(columnOf(card)) + by];
  if (!card || !target) return;
  const from = placeOf(card);
  animated(() => {
    target.prepend(card);
    if (card.dataset.held === undefined) save(card, from);
    else announce(sentence(card));
  }, card);
};

const walk = (across: number, down: number): void => {
  const card = focused();
  if (!card) return focusOn(board?.querySelector(".deal-card"));
  const all = columns();
  const column = all[all.indexOf(columnOf(card)) + across];
  const row = [...columnOf(card).children].indexOf(card) + down;
  if (column) focusOn(column.children[Math.min(Math.max(row, 0), column.children.length - 1)]);
};

let liftedFrom: Place | null = null;

const liftOrDrop = (): void => {
  const card = held() ?? focused();
  if (!card) return;
  if (card.dataset.held === undefined) {
    liftedFrom = placeOf(card);
    card.dataset.held = "";
    announce(`Picked up ${sentence(card)}. Arrow keys move it, Space drops it, Escape puts it back.`);
  } else {
    delete card.dataset.held;
    announce(`Dropped ${sentence(card)}`);
    if (liftedFrom) save(card, liftedFrom);
  }
};

const dropBack = (): void => {
  const card = held();
  if (!card || !liftedFrom) return;
  delete card.dataset.held;
  putBack(card, liftedFrom);
  focusOn(card);
  announce(`Put back ${sentence(card)}`);
};

const makeSortable = (Sort: typeof Sortable, column: HTMLElement): void => {
  let from: Place | null = null;
  Sort.create(column, {
    group: "deals",
    animation: calm() ? 0 : DRAG_MS,
    ghostClass: "deal-ghost",
    dragClass: "deal-dragged",
    delayOnTouchOnly: true,
    delay: TOUCH_HOLD_MS,
    onStart: ({ item }) => (from = placeOf(item)),
    onEnd: ({ item }) => from && save(item, from),
  });
};

if (board) {
  void import("sortablejs").then(({ default: Sort }) => columns().forEach((column) => makeSortable(Sort, column)));
  bind("card-left", () => (held() ? moveStage(-1) : walk(-1, 0)));
  bind("card-right", () => (held() ? moveStage(1) : walk(1, 0)));
  bind("card-up", () => walk(0, -1), () => !held());
  bind("card-down", () => walk(0, 1), () => !held());
  bind("stage-before", () => moveStage(-1));
  bind("stage-next", () => moveStage(1));
  bind("lift", liftOrDrop, () => focused() !== null);
  bind("drop-back", dropBack, () => held() !== null);
}
