// How much of the page an on-screen keyboard covers, where the browser lays it over the page (iOS).

import { onDestroy } from 'svelte';

export function keyboardInset(): { readonly value: number } {
  let value = $state(0);
  const viewport = window.visualViewport;
  const measure = (): void => {
    if (viewport === null) return;
    // Zoomed in, the difference says nothing about a keyboard.
    const covered = viewport.scale > 1.01 ? 0 : window.innerHeight - viewport.height - viewport.offsetTop;
    value = covered > 60 ? Math.round(covered) : 0;
  };
  viewport?.addEventListener('resize', measure);
  viewport?.addEventListener('scroll', measure);
  measure();
  onDestroy(() => {
    viewport?.removeEventListener('resize', measure);
    viewport?.removeEventListener('scroll', measure);
  });
  return {
    get value() {
      return value;
    },
  };
}
