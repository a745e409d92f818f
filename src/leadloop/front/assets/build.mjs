/**
 * Builds scripts, styles, fonts and the icon sprite into one folder.
 * Usage: node build.mjs <out folder>, with the icon names as a JSON list on standard input.
 * `python -m leadloop.front.build` calls it; nothing else should.
 */
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { build } from "esbuild";
import { bundle } from "lightningcss";

const here = import.meta.dirname;
const out = process.argv[2];
const modules = path.join(here, "node_modules");
const iconFolder = path.join(modules, "@tabler/icons/icons/outline");
const fontFolder = path.join(modules, "@fontsource-variable/inter/files");
const SCRIPTS = ["latin", "latin-ext", "greek", "cyrillic"];
/** Browsers of the last two years: `light-dark()`, nesting and layers stay as written. */
const browsers = { chrome: 123 << 16, firefox: 120 << 16, safari: (17 << 16) | (5 << 8) };

const scripts = () =>
  build({
    absWorkingDir: here,
    entryPoints: ["ts/app.ts", "ts/landing.ts", "ts/public.ts"],
    outdir: out,
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    target: "es2023",
    chunkNames: "chunk-[hash]",
    legalComments: "none",
    logLevel: "warning",
  });

/** Goes to pages of others, so in one piece and for browsers of the last five years. */
const embedded = () =>
  build({
    absWorkingDir: here,
    entryPoints: ["ts/embed.ts", "ts/visits.ts"],
    outdir: out,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    legalComments: "none",
    logLevel: "warning",
  });

/** Fetched by the script above where a form sets a riddle, which needs a module. */
const fetched = () =>
  build({
    absWorkingDir: here,
    entryPoints: ["ts/proof.ts"],
    outdir: out,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    logLevel: "warning",
  });

const styles = () => {
  const { code } = bundle({ filename: path.join(here, "css/app.css"), minify: true, targets: browsers });
  fs.writeFileSync(path.join(out, "app.css"), code);
};

const symbol = (name) => {
  const file = path.join(iconFolder, `${name}.svg`);
  if (!fs.existsSync(file)) throw new Error(`No Tabler outline icon is called "${name}"; see node_modules/@tabler/icons`);
  const body = fs
    .readFileSync(file, "utf8")
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/<\/?svg[^>]*>/g, "")
    .replace(/\n\s*/g, "")
    .trim();
  return `<symbol id="${name}" viewBox="0 0 24 24">${body}</symbol>`;
};

const sprite = (names) =>
  fs.writeFileSync(
    path.join(out, "icons.svg"),
    `<svg xmlns="http://www.w3.org/2000/svg">${names.map(symbol).join("")}</svg>`,
  );

const copies = () => {
  for (const script of SCRIPTS) {
    fs.copyFileSync(path.join(fontFolder, `inter-${script}-wght-normal.woff2`), path.join(out, `inter-${script}.woff2`));
  }
  fs.copyFileSync(path.join(here, "favicon.svg"), path.join(out, "favicon.svg"));
};

/** The web server hands out these instead where the browser can read them. */
const compress = () => {
  for (const name of fs.readdirSync(out).filter((file) => !file.endsWith(".woff2"))) {
    const file = path.join(out, name);
    const bytes = fs.readFileSync(file);
    fs.writeFileSync(`${file}.gz`, zlib.gzipSync(bytes, { level: 9 }));
    fs.writeFileSync(`${file}.br`, zlib.brotliCompressSync(bytes));
  }
};

fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });
sprite(JSON.parse(fs.readFileSync(0, "utf8")));
styles();
copies();
await scripts();
await embedded();
await fetched();
compress();
