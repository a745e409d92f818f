/** Light and dark. The server renders the choice from the cookie, so a page never flashes. */

const A_YEAR_S = 31_536_000;

const isDark = (): boolean => {
  const forced = document.documentElement.dataset.theme;
  return forced ? forced === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};

export const switchTheme = (): void => {
  const theme = isDark() ? "light" : "dark";
  const secure = location.protocol === "https:" ? ";secure" : "";
  document.documentElement.dataset.theme = theme;
  document.cookie = `theme=${theme};path=/;max-age=${A_YEAR_S};samesite=lax${secure}`;
};
