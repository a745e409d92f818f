/** Solves the riddle a form may set (ALTCHA proof of work): finds the number whose hash the server has signed. */
interface Riddle {
  algorithm: string;
  challenge: string;
  maxNumber: number;
  salt: string;
  signature: string;
}

const AT_ONCE = 500;

/** Pages that are not served safely have no hashes; what they send is looked at by hand. */
export const canSolve = (): boolean => globalThis.crypto?.subtle !== undefined;

const hash = async (text: string): Promise<string> => {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
};

/** The browser hashes beside the page, so that nothing on it stands still meanwhile. */
const search = async (riddle: Riddle): Promise<number> => {
  for (let first = 0; first <= riddle.maxNumber; first += AT_ONCE) {
    const hashes = await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => hash(riddle.salt + (first + i))));
    const found = hashes.indexOf(riddle.challenge);
    if (found >= 0) return first + found;
  }
  return -1;
};

/** What is sent along, empty where nothing can be solved here. Fails when the server can't be asked. */
export const solve = async (address: string): Promise<string> => {
  if (!canSolve()) return "";
  const answer = await fetch(address, { credentials: "omit", cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  const { maxNumber, ...riddle } = (await answer.json()) as Riddle;
  return btoa(JSON.stringify({ ...riddle, number: await search({ ...riddle, maxNumber }) }));
};
