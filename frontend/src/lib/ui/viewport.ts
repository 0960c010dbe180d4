// Safari lays its keyboard over the page and scrolls the page away under it. The app takes the height that is left
// instead, so that what is written and the button that sends it stay in sight.

export function followKeyboard(): void {
  const viewport = window.visualViewport;
  if (viewport === null || !window.matchMedia('(pointer: coarse)').matches) return;
  const fit = (): void => {
    // A pinched page is being read, not typed into.
    if (viewport.scale > 1.01) return;
    document.documentElement.style.setProperty('--viewport', `${viewport.height}px`);
    if (viewport.offsetTop > 0) window.scrollTo(0, 0);
  };
  viewport.addEventListener('resize', fit);
  viewport.addEventListener('scroll', fit);
}
