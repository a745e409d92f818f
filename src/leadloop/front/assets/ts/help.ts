/** The help sheet lists the keys that work on this page, straight from the registry. */
import { find } from "./dom";
import { type Action, areOff, available, bind, caps, switchKeys } from "./keys";

const line = (action: Action): HTMLElement => {
  const row = document.createElement("div");
  const label = document.createElement("dt");
  const keys = document.createElement("dd");
  label.textContent = action.label;
  keys.append(
    ...caps(action).map((cap) => {
      const key = document.createElement("kbd");
      key.textContent = cap;
      return key;
    }),
  );
  row.append(label, keys);
  return row;
};

const section = (group: string, actions: Action[]): HTMLElement => {
  const box = document.createElement("section");
  const head = document.createElement("h3");
  const list = document.createElement("dl");
  head.textContent = group;
  list.append(...actions.map(line));
  box.append(head, list);
  return box;
};

export const openHelp = (): void => {
  const dialog = find<HTMLDialogElement>("#help");
  const body = dialog && find(".help-keys", dialog);
  if (!dialog || !body) return;
  const groups = Map.groupBy(available(), (action) => action.group);
  body.replaceChildren(...[...groups].map(([group, actions]) => section(group, actions)));
  const toggle = find<HTMLInputElement>("#keys-on");
  if (toggle) toggle.checked = !areOff();
  dialog.showModal();
};

find<HTMLInputElement>("#keys-on")?.addEventListener("change", (event) =>
  switchKeys((event.target as HTMLInputElement).checked),
);
bind("help", openHelp);
