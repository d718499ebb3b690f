const ATTRIBUTE = "data-mantine-color-scheme";

/** Paper is white: while the browser prints, the light theme holds. Called once, before anything draws itself. */
export function installPrintScheme(): void {
  let shown: string | null = null;
  addEventListener("beforeprint", () => {
    shown = document.documentElement.getAttribute(ATTRIBUTE);
    document.documentElement.setAttribute(ATTRIBUTE, "light");
  });
  addEventListener("afterprint", () => {
    if (shown !== null) document.documentElement.setAttribute(ATTRIBUTE, shown);
  });
}
