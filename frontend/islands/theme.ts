/** Light, dark, or as the system: kept in a cookie that the server reads, so that no page flashes. */

const A_YEAR = 60 * 60 * 24 * 365;

export function choose(theme: string): void {
  if (theme) document.documentElement.dataset.bsTheme = theme;
  else delete document.documentElement.dataset.bsTheme;
  // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not yet in every browser we serve
  document.cookie = `theme=${theme}; Path=/; Max-Age=${theme ? A_YEAR : 0}; SameSite=Lax`;
  for (const button of document.querySelectorAll<HTMLElement>("[data-choose]")) {
    button.setAttribute("aria-pressed", String(button.dataset.choose === theme));
  }
}
