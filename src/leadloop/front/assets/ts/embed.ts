/**
 * A portal's form on another site: `<script async src="https://…/f/<slug>/form.js"></script>`, shown where it stands.
 *
 * Sets no cookie. What can't be delivered stays in this browser and is tried again; what was answered in an earlier
 * visit is not asked again, of which only the names are remembered. Nothing is styled: the page's own styles hold.
 */
interface Field {
  key: string;
  label: string;
  help: string;
  required: boolean;
  queued: boolean;
  control: string;
  purpose: string;
  options: [string, string][];
}
interface Layout {
  language: string;
  title: string;
  intro: string;
  button: string;
  thanks: string;
  forward: string;
  at_once: number;
  fields: Field[];
  consent: string;
  names: Record<"consent" | "wording" | "elapsed" | "proof", string>;
  words: Record<string, string>;
}
interface Waiting {
  key: string;
  body: Record<string, string>;
}
type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const MOST_WAITING = 20;
const LONGEST_PAUSE = 60_000;
/** Left by the script of visits, if this visitor allowed it. */
const visitorKey = (): string | null => {
  try {
    return localStorage.getItem("leadloop-visitor");
  } catch {
    return null;
  }
};
const script = document.currentScript as HTMLScriptElement;
const base = new URL(".", script.src);
const slug = base.pathname.split("/").at(-2) ?? "";
const opened = performance.now();
let pause = 2_000;

/** Storage may be full or forbidden; then what is kept lasts as long as the page. */
const spare: Record<string, string> = {};
const recall = <T>(name: string, otherwise: T): T => {
  try {
    return JSON.parse(localStorage.getItem(`leadloop-${slug}-${name}`) ?? spare[name] ?? "null") ?? otherwise;
  } catch {
    return otherwise;
  }
};
const keep = (name: string, value: unknown): void => {
  spare[name] = JSON.stringify(value);
  try {
    localStorage.setItem(`leadloop-${slug}-${name}`, spare[name]);
  } catch {
    /* as above */
  }
};

const make = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  given: Record<string, string> = {},
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[K] => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
  made.append(...inside);
  return made;
};

/**
 * Where the form sets a riddle, the script that solves it is fetched when there is something to send. A script that
 * could not be fetched is not tried again under the same address, so that changes with every try.
 */
const proved = async (body: Waiting["body"]): Promise<Waiting["body"]> => {
  const name = recall<Layout | null>("layout", null)?.names.proof;
  if (!name) return body;
  const { solve } = await import(new URL(`proof.js?${pause}`, base).href);
  return { ...body, [name]: await solve(new URL("challenge", base).href) };
};

const deliver = (one: Waiting): Promise<number> =>
  proved(one.body)
    .then((body) => send(one.key, body))
    .catch(() => 0);

const send = (key: string, body: Waiting["body"]): Promise<number> =>
  fetch(new URL(`/api/capture/${slug}`, base), {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": key },
    body: JSON.stringify(body),
    credentials: "omit",
  }).then((answer) => answer.status);

const isAway = (status: number): boolean => status === 0 || status === 429 || status >= 500;

/** Sends what waits, the oldest first, until nothing does. */
const catchUp = async (): Promise<void> => {
  for (const one of recall<Waiting[]>("waiting", [])) {
    if (isAway(await deliver(one))) {
      setTimeout(catchUp, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
      return;
    }
    keep("waiting", recall<Waiting[]>("waiting", []).filter((other) => other.key !== one.key));
  }
  pause = 2_000;
};

const control = (field: Field, id: string, layout: Layout): Control => {
  const given: Record<string, string> = { id, name: field.key };
  if (field.purpose) given.autocomplete = field.purpose;
  if (field.required) given.required = "";
  if (field.help) given["aria-describedby"] = `${id}-help`;
  if (field.control === "long") return make("textarea", { ...given, rows: "5", maxlength: "5000" });
  if (field.control !== "choice") return make("input", { ...given, type: field.control, maxlength: "254" });
  const options = [["", layout.words.choose ?? ""], ...field.options] as [string, string][];
  return make("select", given, ...options.map(([value, text]) => make("option", { value }, text)));
};

const row = (field: Field, layout: Layout): HTMLElement => {
  const id = `leadloop-${slug}-${field.key}`;
  const name = field.required ? field.label : `${field.label} (${layout.words.optional})`;
  const help = field.help ? [make("small", { id: `${id}-help` }, field.help)] : [];
  return make("p", { class: "leadloop-field" }, make("label", { for: id }, name), control(field, id, layout), ...help);
};

/** Bait for machines: no person sees it or comes to it by keyboard. */
const bait = (): HTMLElement => {
  const held = make("p", { "aria-hidden": "true" }, make("input", { name: "homepage", tabindex: "-1", autocomplete: "off" }));
  Object.assign(held.style, { position: "absolute", left: "-9999px" });
  return held;
};

const asked = (layout: Layout): Field[] => {
  const known = recall<string[]>("answered", []);
  const queued = layout.fields.filter((one) => one.queued && !known.includes(one.key)).slice(0, layout.at_once);
  return layout.fields.filter((one) => !one.queued || queued.includes(one));
};

const read = (form: HTMLFormElement, layout: Layout): Record<string, string> => {
  const body: Record<string, string> = {};
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && value.trim()) body[name] = value;
  if (body.consent) {
    delete body.consent;
    body[layout.names.consent] = "yes";
    body[layout.names.wording] = layout.consent;
  }
  if (body.homepage) body._trap = body.homepage;
  delete body.homepage;
  body[layout.names.elapsed] = String(Math.round(performance.now() - opened) / 1000);
  const visitor = visitorKey();
  return { ...body, ...(visitor && { _visitor: visitor }), landing_page: location.href, ...(document.referrer && { referrer: document.referrer }) };
};

/** Somebody who left no way to answer is asked for one. */
const isAnswerable = (form: HTMLFormElement, layout: Layout): boolean => {
  const ways = ["email", "phone"].flatMap((name) => (form.elements.namedItem(name) as HTMLInputElement | null) ?? []);
  const fits = ways.some((one) => one.value.trim()) || ways.length === 0;
  ways[0]?.setCustomValidity(fits ? "" : (layout.words.contact ?? ""));
  for (const one of ways) one.addEventListener("input", () => ways[0]?.setCustomValidity(""), { once: true });
  return form.reportValidity();
};

const submit = async (form: HTMLFormElement, layout: Layout, said: HTMLElement, button: HTMLButtonElement): Promise<void> => {
  if (button.disabled || !isAnswerable(form, layout)) return;
  button.disabled = true;
  said.textContent = layout.words.sending ?? "";
  const one: Waiting = { key: crypto.randomUUID(), body: read(form, layout) };
  const status = await deliver(one);
  button.disabled = false;
  if (!isAway(status) && status >= 300) return void (said.textContent = layout.words.wrong ?? "");
  keep("answered", [...new Set([...recall<string[]>("answered", []), ...Object.keys(one.body)])]);
  if (isAway(status)) {
    keep("waiting", [...recall<Waiting[]>("waiting", []), one].slice(-MOST_WAITING));
    setTimeout(catchUp, pause);
  } else if (layout.forward) return location.assign(layout.forward);
  form.replaceChildren(said);
  said.textContent = (isAway(status) ? layout.words.later : layout.thanks || layout.words.thanks) ?? "";
  said.focus();
};

const show = (layout: Layout): void => {
  const said = make("p", { role: "status", tabindex: "-1", class: "leadloop-said" });
  const button = make("button", { type: "submit" }, layout.button);
  const agree = { type: "checkbox", name: "consent", value: "yes" };
  const form = make(
    "form",
    { class: "leadloop-form", lang: layout.language, novalidate: "", ...(layout.title && { "aria-label": layout.title }) },
    ...(layout.title ? [make("h2", {}, layout.title)] : []),
    ...(layout.intro ? [make("p", {}, layout.intro)] : []),
    ...asked(layout).map((field) => row(field, layout)),
    ...(layout.consent ? [make("p", {}, make("label", {}, make("input", agree), ` ${layout.consent}`))] : []),
    bait(),
    make("p", {}, button),
    said,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit(form, layout, said, button);
  });
  script.after(form);
};

/** While the server is away the form of the last visit is shown; without one it is looked for again. */
const begin = (): Promise<void> =>
  fetch(new URL("form.json", base), { credentials: "omit" })
    .then((answer) => (answer.ok ? (answer.json() as Promise<Layout>) : Promise.reject(new Error())))
    .then((layout) => {
      keep("layout", layout);
      show(layout);
    })
    .catch(() => {
      const last = recall<Layout | null>("layout", null);
      if (last) return show(last);
      setTimeout(begin, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    });

void begin();
addEventListener("online", () => void catchUp());
void catchUp();
