// What the palette can do wherever one is.

import type { App } from '$lib/app.svelte';
import type { PaletteAction } from '$lib/palette/actions.svelte';
import { router, sessionPath, type Route } from '$lib/router.svelte';
import { theme, type ThemeChoice } from '$lib/ui/theme.svelte';

export interface General {
  readonly app: App;
  readonly route: Route;
  create(): void;
  help(): void;
}

const THEMES: readonly (readonly [ThemeChoice, string])[] = [
  ['system', 'as the system'],
  ['light', 'light'],
  ['dark', 'dark'],
];

export function generalActions({ app, route, create, help }: General): PaletteAction[] {
  const list: PaletteAction[] = [
    { id: 'create', title: 'New session…', words: 'start chat terminal shell', shortcut: 'create', run: create },
    { id: 'home', title: 'Go to the start page', words: 'home overview', shortcut: 'home', run: () => app.navigate('/') },
  ];
  if (route.name === 'session' && route.beside !== null) {
    const { id, beside } = route;
    list.push(
      { id: 'split-close', title: 'Close the split view', words: 'beside single', run: () => router.go(sessionPath(id)) },
      { id: 'split-swap', title: 'Swap the two sessions', words: 'split beside exchange', run: () => router.go(sessionPath(beside, id), true) },
    );
  }
  for (const [choice, name] of THEMES) {
    if (choice !== theme.choice) list.push({ id: `theme-${choice}`, title: `Appearance: ${name}`, words: 'theme colours dark light mode', quiet: true, run: () => theme.choose(choice) });
  }
  list.push(
    { id: 'help', title: 'Keyboard shortcuts', words: 'help keys', shortcut: 'help', run: help },
    { id: 'sign-out', title: 'Sign out', words: 'leave log out', run: () => app.credentials.signOut() },
  );
  return list;
}
