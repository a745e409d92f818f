/** The few DOM helpers every module needs. */
export const find = <T extends HTMLElement = HTMLElement>(selector: string, root: ParentNode = document): T | null =>
  root.querySelector<T>(selector);

export const findAll = <T extends HTMLElement = HTMLElement>(selector: string, root: ParentNode = document): T[] => [
  ...root.querySelectorAll<T>(selector),
];

export const closest = <T extends HTMLElement = HTMLElement>(from: EventTarget | null, selector: string): T | null =>
  from instanceof Element ? from.closest<T>(selector) : null;

/** An element that is laid out and not hidden, so a key may press it. */
export const visible = (element: HTMLElement): boolean => element.checkVisibility({ visibilityProperty: true });

export const calm = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Says a sentence to screen readers without moving the focus. */
export const announce = (sentence: string): void => {
  const region = find("#announcer");
  if (region) region.textContent = sentence;
};

/** Runs after every htmx swap and once at the start. */
export const onContent = (run: () => void): void => {
  document.addEventListener("htmx:after:swap", run);
  run();
};
