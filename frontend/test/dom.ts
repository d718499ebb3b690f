/** What a page has and jsdom has not; without it the components stop at the first question they ask of the browser. */
export function prepareDom(): void {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  window.matchMedia ??= (query: string) =>
    ({
      matches: false,
      media: query,
      onchange: null,
      addEventListener: () => {},
      removeEventListener: () => {},
      addListener: () => {},
      removeListener: () => {},
      dispatchEvent: () => false,
    }) as MediaQueryList;
  window.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  Element.prototype.scrollTo ??= () => {};
  Element.prototype.scrollIntoView ??= () => {};
  // Nothing is laid out in jsdom; a list that draws what is in view needs a view.
  Object.defineProperty(Element.prototype, "clientHeight", { configurable: true, get: () => 280 });
  Object.defineProperty(Element.prototype, "clientWidth", { configurable: true, get: () => 300 });
}
